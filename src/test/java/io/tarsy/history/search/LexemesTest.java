package io.tarsy.history.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarsy.history.session.Passage;
import java.util.List;
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
        var again = new Lexemes();
        again.add(lexemes.text());

        assertThat(again.text()).isEqualTo(lexemes.text());
        assertThat(again.areThose(lexemes)).isTrue();
    }

    @Test
    void losePairsFirstWhereTheyAreTooMany() {
        var lexemes = new Lexemes();
        var text = IntStream.range(0, 40_000).mapToObj(at -> "word" + at).collect(Collectors.joining(" "));
        lexemes.add(List.of(new Passage("a", text)), text.length());
        lexemes.fit();

        assertThat(lexemes.isCut()).isTrue();
        assertThat(lexemes.text().length()).isLessThan(900_000);
        assertThat(lexemes.text()).contains(" word0 ").contains(" word39999 ");
    }
}
