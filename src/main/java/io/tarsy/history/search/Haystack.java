package io.tarsy.history.search;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A text in which words are looked for. */
final class Haystack {
    private final String text;
    private final byte @Nullable [] ascii;

    private Haystack(String text, byte @Nullable [] ascii) {
        this.text = text;
        this.ascii = ascii;
    }

    static Haystack of(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        return new Haystack(text, bytes.length == text.length() ? bytes : null);
    }

    String text() {
        return text;
    }

    /** Its characters, if all of them are ASCII. */
    byte @Nullable [] ascii() {
        return ascii;
    }
}
