package io.tarsy.history.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JSON reader and writer of this program: strict, streaming, and true to any text. */
public final class JsonText {
    /** Depth and sizes are limited by {@link Shape} and by the body's limit, which say so in their own words. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private JsonText() {}

    /** A parser whose positions are offsets into {@code text}. */
    public static JsonParser parser(String text) throws IOException {
        var chars = text.toCharArray();
        return FACTORY.createParser(chars);
    }

    /** A writer of UTF-8 that leaves the stream open. */
    public static JsonGenerator generator(OutputStream out) {
        try {
            return FACTORY.createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Writes a string, null, or a string that UTF-8 cannot hold (a lone surrogate), which is escaped. */
    public static void write(JsonGenerator json, String name, @Nullable String value) throws IOException {
        json.writeFieldName(name);
        if (value == null) {
            json.writeNull();
        } else {
            writeValue(json, value);
        }
    }

    private static void writeValue(JsonGenerator json, String value) throws IOException {
        if (hasLoneSurrogate(value)) {
            json.writeRawValue(quote(value));
        } else {
            json.writeString(value);
        }
    }

    /** Writes JSON text that is already JSON, or {@code absent} where there is none. */
    public static void writeRaw(JsonGenerator json, String name, @Nullable String text, String absent)
            throws IOException {
        json.writeFieldName(name);
        json.writeRawValue(text == null ? absent : text);
    }

    /** Writes a whole number or null. */
    public static void write(JsonGenerator json, String name, @Nullable Long value) throws IOException {
        json.writeFieldName(name);
        if (value == null) {
            json.writeNull();
        } else {
            json.writeNumber(value);
        }
    }

    /** Writes a list of strings. */
    public static void write(JsonGenerator json, String name, List<String> values) throws IOException {
        json.writeArrayFieldStart(name);
        for (var value : values) {
            writeValue(json, value);
        }
        json.writeEndArray();
    }

    /** Writes JSON that was made before, as one value. */
    public static void writeRaw(JsonGenerator json, String value) throws IOException {
        json.writeRawValue(value);
    }

    /** Writes the members of a JSON object that was made before; it must have some, and more must follow. */
    public static void writeMembers(JsonGenerator json, String object) throws IOException {
        // the generator knows nothing of them, so the comma is ours
        json.writeRaw(object, 1, object.length() - 2);
        json.writeRaw(',');
    }

    /** Writes a string that is known; leaves the field out otherwise. */
    public static void writeGiven(JsonGenerator json, String name, @Nullable String value) throws IOException {
        if (value != null) {
            write(json, name, value);
        }
    }

    /** Writes a number that is known; leaves the field out otherwise. */
    public static void writeGiven(JsonGenerator json, String name, @Nullable Long value) throws IOException {
        if (value != null) {
            json.writeNumberField(name, value);
        }
    }

    /** Writes JSON text that is there; leaves the field out otherwise. */
    public static void writeGivenRaw(JsonGenerator json, String name, @Nullable String text) throws IOException {
        if (text != null) {
            writeRaw(json, name, text, text);
        }
    }

    /** The length of a text in UTF-8; none has none. */
    public static long bytes(@Nullable String text) {
        return text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** The string as JSON, all but ASCII escaped. */
    public static String quote(String value) {
        var quoted = new StringBuilder(value.length() + 16).append('"');
        for (int at = 0; at < value.length(); at++) {
            char c = value.charAt(at);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < 0x20 || c > 0x7e) {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    private static boolean hasLoneSurrogate(String value) {
        for (int at = 0; at < value.length(); at++) {
            char c = value.charAt(at);
            if (Character.isSurrogate(c)) {
                if (Character.isHighSurrogate(c)
                        && at + 1 < value.length()
                        && Character.isLowSurrogate(value.charAt(at + 1))) {
                    at++;
                } else {
                    return true;
                }
            }
        }
        return false;
    }
}
