package io.tarsy.history.http;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A body that was read against a {@link Shape}: every field is of its kind, free JSON is text.
 *
 * @param values field to String, Long, Double or Boolean, or null where JSON null was sent
 * @param digest of the content: the same for the same values, whatever their order, spacing or escapes
 * @param receivedUs when it came: what is said to have happened "now" happened then, however long it waited
 * @param spareId what its record is called if the sender gave it no id: known from the start, so that nothing that is
 *     tried a second time is stored under a second name
 */
public record JsonObject(Map<String, @Nullable Object> values, String digest, long receivedUs, String spareId) {

    /** A change that the server itself makes now. */
    public static JsonObject change(Map<String, @Nullable Object> values, long nowUs) {
        return new JsonObject(values, "", nowUs, Uuid7.at(nowUs));
    }

    /** The same, whose record has been given a name before. */
    public JsonObject named(String id) {
        return new JsonObject(values, digest, receivedUs, id);
    }

    /** Whether the field was sent, be it as null. */
    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** A text, an id, a word or free JSON, or null. */
    public @Nullable String text(String name) {
        return (String) values.get(name);
    }

    /** A required text. */
    public String needed(String name) {
        var value = text(name);
        if (value == null) {
            throw new IllegalStateException("The shape lets " + name + " be left out.");
        }
        return value;
    }

    /** A whole number, or null. */
    public @Nullable Long number(String name) {
        return (Long) values.get(name);
    }

    /** A text, or another where it is absent. */
    public String textOr(String name, String absent) {
        var value = text(name);
        return value == null ? absent : value;
    }

    /** A whole number, or another where it is absent. */
    public long numberOr(String name, long absent) {
        var value = number(name);
        return value == null ? absent : value;
    }

    /** true or false, or this where it is absent. */
    public boolean flagOr(String name, boolean absent) {
        var value = flag(name);
        return value == null ? absent : value;
    }

    /** A number with a fraction, or null. */
    public @Nullable Double decimal(String name) {
        return (Double) values.get(name);
    }

    /** true, false or null. */
    public @Nullable Boolean flag(String name) {
        return (Boolean) values.get(name);
    }
}
