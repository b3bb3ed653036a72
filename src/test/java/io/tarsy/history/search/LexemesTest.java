package io.tarsy.history.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarsy.history.session.Passage;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LexemesTest {
    @Test
    void haveWordsPartsAndPairsOfOneTextOnly() {
        var lexemes = new Lexemes();
        boolean cut = lexemes.add(List.of(new Passage("a", "OOMKilled pod"), new Passage("b", "twice")), 1_000);

        assertThat(cut).isFalse();
        assertThat(lexemes.text()).isEqualTo(" oomkilled oom killed pod ·oomkilled·pod twice ");
        assertThat(lexemes.inOrder()).isEqualTo(" · oomkilled · oom · killed · oomkilled pod · twice ");
    }

    @Test
    void sayWhatWasCut() {
        var lexemes = new Lexemes();
        boolean cut = lexemes.add(List.of(new Passage("a", "first second"), new Passage("b", "third")), 6);

        assertThat(cut).isTrue();
        assertThat(lexemes.isCut()).isTrue();
        assertThat(lexemes.text()).isEqualTo(" first ");
    }

    @Test
    void comeBackFromTheirText() {
        var lexemes = new Lexemes();
        lexemes.add(List.of(new Passage("a", "one two 内存")), 100);
        for (boolean inOrder : new boolean[] {true, false}) {
            var again = new Lexemes();
            again.addSettled(inOrder ? lexemes.inOrder() : lexemes.text(), inOrder);

            assertThat(again.areThose(lexemes)).isTrue();
            assertThat(again.inOrder()).isNotEmpty();
        }
    }

    @Test
    void losePairsFirstWhereTheyAreTooMany() {
        var lexemes = new Lexemes();
        var text = IntStream.range(0, 40_000).mapToObj(at -> "word" + at).collect(Collectors.joining(" "));
        lexemes.add(List.of(new Passage("a", text)), text.length());
        lexemes.fit();

        assertThat(lexemes.isCut()).isTrue();
        assertThat(lexemes.text().length()).isLessThan(900_000);
        assertThat(lexemes.text()).contains(" word0 ").contains(" word39999 ").doesNotContain("·word9·");
        var again = new Lexemes();
        again.addSettled(lexemes.inOrder(), true);
        assertThat(again.areThose(lexemes)).isTrue();
    }

    /** However much a log prints, what was said of the alert is found. */
    @Test
    void loseNumbersAndIdsBeforeWhatIsSaid() {
        var lexemes = new Lexemes();
        var log = IntStream.range(0, 100_000)
                .mapToObj(at -> "took " + at + " ms in pod-" + Integer.toHexString(at))
                .collect(Collectors.joining(" "));
        lexemes.add(List.of(new Passage("alert_data", "zulu yankee 数据库"), new Passage("result", log)), 10_000_000);
        lexemes.fit();

        assertThat(lexemes.isCut()).isTrue();
        assertThat(lexemes.text()).contains(" zulu ", " yankee ", " ·zulu·yankee ", " ·数·据 ", " ·据·库 ", " took ");
        var again = new Lexemes();
        again.addSettled(lexemes.text(), false);
        again.add(List.of(new Passage("result", log)), 10_000_000);
        again.fit();
        assertThat(again.areThose(lexemes)).as("however it was made").isTrue();
    }

    @Test
    void standInOrderAsPairsSay() {
        var lexemes = new Lexemes();
        var text = new Random(2).ints(20_000, 0, 60).mapToObj(at -> "w" + at).collect(Collectors.joining(" "));
        lexemes.add(List.of(new Passage("a", text), new Passage("b", "w1 camelCase w2")), 1_000_000);
        var pairs = new HashSet<String>();
        String before = null;
        for (var word : lexemes.inOrder().strip().split(" ", -1)) {
            if (before != null && !before.equals("·") && !word.equals("·")) {
                pairs.add(Lexemes.pair(before, word));
            }
            before = word;
        }

        assertThat(lexemes.text().strip().split(" ", -1))
                .filteredOn(lexeme -> lexeme.startsWith("·"))
                .containsExactlyInAnyOrderElementsOf(pairs);
    }
}
