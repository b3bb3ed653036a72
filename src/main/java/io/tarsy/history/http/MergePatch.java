package io.tarsy.history.http;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** RFC 7396 on JSON as text: what is not touched stays as it was written, to the last digit. */
public final class MergePatch {
    private MergePatch() {}

    /** The target after the patch; both are JSON, and a missing target counts as none. */
    public static String apply(@Nullable String target, String patch) {
        if (!isObject(patch)) {
            return patch;
        }
        var merged = target != null && isObject(target) ? members(target) : new LinkedHashMap<String, String>();
        members(patch).forEach((name, value) -> {
            if (value.equals("null")) {
                merged.remove(name);
            } else {
                merged.put(name, apply(merged.get(name), value));
            }
        });
        return object(merged);
    }

    /**
     * A patch that turns one JSON text into the other, or null where none is needed. What was merged into {@code to}
     * can be said by a patch, since a merge leaves no null behind that was not there before.
     */
    public static @Nullable String between(String from, String to) {
        if (same(from, to)) {
            return null;
        }
        if (!isObject(from) || !isObject(to)) {
            return to;
        }
        var before = members(from);
        var after = members(to);
        var patch = new LinkedHashMap<String, String>();
        before.forEach((name, value) -> {
            var now = after.remove(name);
            var change = now == null ? "null" : between(value, now);
            if (change != null) {
                patch.put(name, change);
            }
        });
        patch.putAll(after);
        return object(patch);
    }

    /** Whether two JSON texts say the same. */
    public static boolean same(@Nullable String one, @Nullable String other) {
        if (one == null || other == null) {
            return one == null && other == null;
        }
        return one.equals(other) || digest(one).equals(digest(other));
    }

    private static String digest(String text) {
        return Shape.of(Field.any("v"))
                .read("{\"v\":" + text + "}", Integer.MAX_VALUE, 0)
                .digest();
    }

    private static boolean isObject(String text) {
        return text.stripLeading().startsWith("{");
    }

    /** The members of a JSON object: their names and the text of their values, in order. */
    public static Map<String, String> members(String text) {
        var members = new LinkedHashMap<String, String>();
        try (var parser = JsonText.parser(text)) {
            parser.nextToken();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                var name = parser.currentName();
                parser.nextToken();
                int from = (int) parser.currentTokenLocation().getCharOffset();
                parser.skipChildren();
                parser.finishToken();
                members.put(name, text.substring(from, (int)
                        parser.currentLocation().getCharOffset()));
            }
            return members;
        } catch (IOException noLongerJson) {
            throw new UncheckedIOException(noLongerJson);
        }
    }

    /** A JSON object of these members, whose values are JSON. */
    public static String object(Map<String, String> members) {
        var text = new StringBuilder("{");
        members.forEach((name, value) -> text.append(text.length() > 1 ? "," : "")
                .append(JsonText.quote(name))
                .append(':')
                .append(value));
        return text.append('}').toString();
    }
}
