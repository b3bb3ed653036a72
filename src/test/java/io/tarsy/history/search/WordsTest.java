package io.tarsy.history.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            my-app-7f9c                  | my app 7f9c
            api.prod.example.com:6443    | api prod example com 6443
            kubernetes.io/pv-protection  | kubernetes io pv protection
            ERR_CONNECTION_REFUSED       | err connection refused
            OOMKilled                    | oomkilled(oom killed)
            readinessProbe               | readinessprobe(readiness probe)
            pod2Name                     | pod2name(pod2 name)
            HTTPServer                   | httpserver(http server)
            Killed                       | killed
            KILLED                       | killed
            Café straße ΣΊΣΥΦΟΣ          | cafe strasse σισυφοσ
            CAFÉ                         | cafe
            ﬁle ＰＯＤ                     | file pod
            内存不足 OOM                  | 内 存 不 足 oom
            메모리                        | 메 모 리
            がき                          | が き
            ''%_\\ 👩‍💻 …                  | ''
            100% done                    | 100 done
            """)
    void takesTextsApart(String text, String words) {
        assertThat(taken(text)).isEqualTo(words == null ? "" : words);
    }

    private static String taken(String text) {
        var found = new ArrayList<String>();
        Words.each(
                text,
                text.length(),
                (word, parts, start, end) ->
                        found.add(parts.isEmpty() ? word : word + "(" + String.join(" ", parts) + ")"));
        return String.join(" ", found);
    }

    @Test
    void anAccentOfItsOwnIsFoldedLikeOneWithItsLetter() {
        assertThat(taken("Cafe\u0301 crème"))
                .isEqualTo(taken("caf\u00e9 creme"))
                .isEqualTo("cafe creme");
    }

    @Test
    void saysWhereEachWordStands() {
        var places = new ArrayList<List<Integer>>();
        Words.each("a 内b-c", 6, (word, parts, start, end) -> places.add(List.of(start, end)));
        assertThat(places).containsExactly(List.of(0, 1), List.of(2, 3), List.of(3, 4), List.of(5, 6));
    }

    @Test
    void takesNoWordThatBeginsBehindTheLimitAndNoneInPart() {
        var found = new ArrayList<String>();
        Words.each("first second third", 8, (word, parts, start, end) -> found.add(word));
        assertThat(found).containsExactly("first", "second");
    }

    @Test
    void cutsARunThatNobodyTypes() {
        var found = new ArrayList<String>();
        Words.each("x".repeat(5_000), 5_000, (word, parts, start, end) -> found.add(word));
        assertThat(found).containsExactly("x".repeat(200));
    }

    /** PostgreSQL refuses lexemes of more than 2,046 bytes, and a pair has two words. */
    @Test
    void cutsWhatIsLongInItsCompatibilityForm() {
        assertThat(Words.fold("\uFDFA".repeat(200)).codePoints().count()).isEqualTo(200);
        assertThat(Words.fold("\uD835\uDD38".repeat(300)).codePoints().count()).isEqualTo(200);
    }
}
