package io.tarsy.history.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SnippetTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            killed         | the pod was OOMKilled twice      | the pod was [OOMKilled] twice
            oom* twice     | the pod was OOMKilled twice      | the pod was [OOMKilled] [twice]
            "pod was"      | the pod was; a pod, was it       | the [pod was]; a [pod, was] it
            my-app-7f*     | run my-app-7f9c now              | run [my-app-7f9c] now
            memo*          | Mémoire épuisée                  | [Mémoire] épuisée
            内存            | 节点内存不足                        | 节点[内存]不足
            """)
    void marksWhatWasFound(String question, String text, String marked) {
        assertThat(snippet(question, text)).isEqualTo(marked);
    }

    private static String snippet(String question, String text) {
        var hits = Scan.of(text, text.length(), Terms.of("search", question));
        return Snippet.of(text, hits.get(0), hits).replace('\uE000', '[').replace('\uE001', ']');
    }

    @Test
    void isAPieceOfALongText() {
        var piece = snippet("needle", "hay ".repeat(500) + "a needle here " + "hay ".repeat(500));
        assertThat(piece).startsWith("…").endsWith("…").contains("[needle]").hasSizeLessThan(220);
    }

    @Test
    void hasNoControlCharactersNoMarksOfTheTextAndNoHalfCharacters() {
        var piece = snippet("needle", "\u001b[31m\uE000" + "👩".repeat(31) + "needle\n\tend" + "👩".repeat(100));
        assertThat(piece).contains("[needle]").doesNotContain("\uE000", "\n", "\t", "\u001b");
        assertThat(new String(piece.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                .isEqualTo(piece);
    }

    @Test
    void aWordThatWasExcludedIsLookedForToo() {
        var hits = Scan.of("pod crash", 9, Terms.of("search", "pod -crash"));
        assertThat(hits).extracting(Scan.Hit::term).containsExactly(0, 1);
    }
}
