package io.tarsy.history.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class ScanTest {
    private static final List<String> PIECES = List.of(
            "pod", "pods", "OOMKilled", "killed", "readinessProbe", "é", "épuisée", "内存", "不足", "x", "kubelet", "7f9c");
    private static final List<String> BETWEEN = List.of(" ", "  ", "\n", "-", ".", "/", "\t", " ".repeat(300));
    private static final List<String> QUESTIONS =
            List.of("pod", "killed", "probe", "kube*", "内存", "e", "absent", "po*", "epuisee", "\"pod pods\"", "pods");

    /** What is shown is the same as if all of the text had been taken apart. */
    @RepeatedTest(500)
    void firstPlacesAndWhatIsShownWithThemAreThoseOfTheWholeText(RepetitionInfo repetition) {
        var random = new Random(repetition.getCurrentRepetition());
        var text = text(random, 1 + random.nextInt(400));
        var terms = Terms.of("search", question(random) + " " + question(random));
        int limit = random.nextInt(4) == 0 ? random.nextInt(text.length() + 1) : text.length();
        var shown = new BitSet();
        shown.set(0, random.nextInt(3) == 0);
        var all = Scan.of(text, limit, terms);
        var some = Scan.first(Haystack.of(text), limit, terms, at -> !shown.get(at), Snippet.LENGTH);
        for (int term = shown.nextClearBit(0); term < terms.size(); term = shown.nextClearBit(term + 1)) {
            var expected = first(all, term);
            assertThat(first(some, term)).as("%s in %s", terms, text).isEqualTo(expected);
            if (expected != null) {
                assertThat(Snippet.of(text, expected, some))
                        .as("%s in %s", terms, text)
                        .isEqualTo(Snippet.of(text, expected, all));
            }
        }
    }

    @Test
    void aLongTextIsNotTakenApart() {
        var hits = Scan.first(
                Haystack.of("pod ".repeat(50) + "hay ".repeat(100_000) + "pod needle"),
                Integer.MAX_VALUE,
                Terms.of("search", "pod needle"),
                at -> true,
                Snippet.LENGTH);
        assertThat(hits).filteredOn(hit -> hit.term() == 0).hasSizeBetween(50, 52);
        assertThat(hits).filteredOn(hit -> hit.term() == 1).hasSize(1);
    }

    /** Sure of every no: where a word stands, the quick look sees it. */
    @RepeatedTest(200)
    void theQuickLookMissesNothing(RepetitionInfo repetition) {
        var random = new Random(repetition.getCurrentRepetition());
        var text = text(random, 1 + random.nextInt(30));
        for (var question : QUESTIONS) {
            for (var term : Terms.of("search", question + " another")) {
                var hits = new ArrayList<Integer>();
                Words.each(text, text.length(), (word, parts, start, end) -> {
                    if (term.is(0, word) || parts.stream().anyMatch(part -> term.is(0, part))) {
                        hits.add(start);
                    }
                });
                assertThat(hits.isEmpty() || Scan.mayHave(Haystack.of(text), text.length(), List.of(term), at -> true))
                        .as("%s in %s", term, text)
                        .isTrue();
            }
        }
    }

    private static Scan.@Nullable Hit first(List<Scan.Hit> hits, int term) {
        return hits.stream().filter(hit -> hit.term() == term).findFirst().orElse(null);
    }

    private static String text(Random random, int pieces) {
        var text = new StringBuilder();
        for (int at = 0; at < pieces; at++) {
            // now and then what is looked for is far away
            text.append(random.nextInt(5) == 0 ? one(random, PIECES) : "hay".repeat(1 + random.nextInt(6)));
            text.append(one(random, random.nextInt(10) == 0 ? BETWEEN : List.of(" ")));
        }
        return text.toString();
    }

    private static String question(Random random) {
        return one(random, QUESTIONS);
    }

    private static String one(Random random, List<String> of) {
        return of.get(random.nextInt(of.size()));
    }
}
