package io.tarsy.history.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Any text of Java's goes into both databases and comes back. */
class PortableTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "plain",
                "\u0000",
                "a\u0000b\u0000",
                "\ud800",
                "\udc00\ud800",
                "😀",
                "😀\ud83d",
                "\ufdd0",
                "\ufdd00000",
                "\ufdd0\u0000\ufdd0",
                "עברית ",
            })
    void comesBackAsItWas(String text) {
        var encoded = PortableText.encode(text);

        assertThat(encoded).doesNotContain("\u0000");
        assertThat(new String(encoded.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                .isEqualTo(encoded);
        assertThat(PortableText.decode(encoded)).isEqualTo(text);
    }

    @Test
    void ordinaryTextIsStoredAsItIs() {
        assertThat(PortableText.encode("Ärger 😀 ﷺ")).isEqualTo("Ärger 😀 ﷺ");
    }

    @Test
    void nothingStaysNothing() {
        assertThat(PortableText.decode(null)).isNull();
    }
}
