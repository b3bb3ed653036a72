package io.tarsy.history.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarsy.history.database.TextQuery;
import io.tarsy.history.session.Passage;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class NoteTest {
    @Test
    void hasWordsInTheirOrderAndPartsForThemselves() {
        var note = Note.of(List.of(new Passage("a", "OOMKilled pod"), new Passage("b", "twice")), 1_000);

        assertThat(note.text()).isEqualTo(" oomkilled pod · twice · oom · killed · ");
    }

    @Test
    void saysWhatWasCut() {
        var note = Note.of(List.of(new Passage("a", "first second"), new Passage("b", "third")), 6);

        assertThat(note.isCut()).isTrue();
        assertThat(note.text()).isEqualTo(" first · · ");
    }

    @Test
    void tellsOfEachLexemeAndOfNoOther() {
        var note = Note.of(List.of(new Passage("a", "one two"), new Passage("b", "three four")), 1_000)
                .text();

        assertThat(note).contains(holding("one", false), holding("·one·two", false), holding("thr", true));
        assertThat(note).contains(holding("·three·fo", true));
        assertThat(note)
                .doesNotContain(holding("·two·three", false))
                .doesNotContain(holding("thr", false))
                .doesNotContain(holding("·three·fo", false));
    }

    @Test
    void hasTheSameLexemesHoweverLongTheTextIs() {
        var random = new Random(1);
        for (int words : new int[] {1, 10, 1_000, 20_000}) {
            var text = random.ints(words, 0, 90)
                    .mapToObj(word -> word % 9 == 0 ? "camelCase" + word : "word" + word)
                    .collect(Collectors.joining(" "));
            var passages = List.of(new Passage("a", text), new Passage("b", text + " Ende"));
            var read = new Lexemes();
            read.add(passages, 10_000_000);
            var note = Note.of(passages, 10_000_000).text();
            var noted = new Lexemes();
            noted.addNoted(note);

            assertThat(noted.areThose(read)).isTrue();
            for (var lexeme : read.text().strip().split(" ", -1)) {
                assertThat(note).contains(holding(lexeme, false));
            }
            assertThat(words < 20_000 || note.length() < text.length()).isTrue();
        }
    }

    private static String holding(String lexeme, boolean prefix) {
        return Note.holding(new TextQuery.Lexeme(lexeme, prefix));
    }
}
