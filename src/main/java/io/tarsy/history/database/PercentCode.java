package io.tarsy.history.database;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Percent codes as RFC 3986 has them: a plus sign is a plus sign, and what is decoded must be UTF-8. */
final class PercentCode {

    private static final int DIGITS = 2;
    private static final int BASE = 16;

    private PercentCode() {}

    /** The decoded text, or empty if a code is broken or stands for something no text may hold. */
    static Optional<String> decode(String text) {
        var bytes = new ByteArrayOutputStream(text.length());
        int position = 0;
        while (position < text.length()) {
            int letter = text.codePointAt(position);
            if (letter == '%') {
                int code = code(text, position + 1);
                if (code <= 0) {
                    return Optional.empty();
                }
                bytes.write(code);
                position += 1 + DIGITS;
            } else {
                bytes.writeBytes(Character.toString(letter).getBytes(StandardCharsets.UTF_8));
                position += Character.charCount(letter);
            }
        }
        return utf8(bytes.toByteArray());
    }

    private static int code(String text, int start) {
        if (start + DIGITS > text.length()) {
            return -1;
        }
        int high = Character.digit(text.charAt(start), BASE);
        int low = Character.digit(text.charAt(start + 1), BASE);
        return high < 0 || low < 0 ? -1 : high * BASE + low;
    }

    private static Optional<String> utf8(byte[] bytes) {
        try {
            var decoder = StandardCharsets.UTF_8.newDecoder();
            return Optional.of(decoder.decode(ByteBuffer.wrap(bytes)).toString())
                    .filter(decoded -> decoded.indexOf('\0') < 0);
        } catch (CharacterCodingException notUtf8) {
            return Optional.empty();
        }
    }
}
