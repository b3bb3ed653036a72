package io.tarsy.history.database;

import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import org.jspecify.annotations.Nullable;

/**
 * Text as both databases can hold it. U+0000 and lone surrogates, which PostgreSQL and UTF-8 refuse, are written as
 * U+FDD0 and four hexadecimal digits, and so is U+FDD0 itself; all other text stays as it is.
 */
@Converter
public class PortableText implements AttributeConverter<@Nullable String, @Nullable String> {
    private static final char MARK = '\uFDD0';

    @Override
    public @Nullable String convertToDatabaseColumn(@Nullable String text) {
        return text == null ? null : encode(text);
    }

    @Override
    public @Nullable String convertToEntityAttribute(@Nullable String stored) {
        return decode(stored);
    }

    /** Text for a column. */
    public static String encode(String text) {
        StringBuilder encoded = null;
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            boolean pair = Character.isHighSurrogate(c)
                    && at + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(at + 1));
            boolean plain = pair || (c != 0 && c != MARK && !Character.isSurrogate(c));
            if (!plain && encoded == null) {
                encoded = new StringBuilder(text.length() + 16).append(text, 0, at);
            }
            if (encoded != null) {
                if (plain) {
                    encoded.append(c);
                } else {
                    encoded.append(MARK).append(String.format("%04x", (int) c));
                }
            }
            if (pair) {
                at++;
                if (encoded != null) {
                    encoded.append(text.charAt(at));
                }
            }
        }
        return encoded == null ? text : encoded.toString();
    }

    /** Text from a column. */
    public static @Nullable String decode(@Nullable String stored) {
        if (stored == null || stored.indexOf(MARK) < 0) {
            return stored;
        }
        var text = new StringBuilder(stored.length());
        for (int at = 0; at < stored.length(); at++) {
            char c = stored.charAt(at);
            if (c == MARK && at + 5 <= stored.length()) {
                text.append((char) Integer.parseInt(stored, at + 1, at + 5, 16));
                at += 4;
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }
}
