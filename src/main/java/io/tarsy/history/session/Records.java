package io.tarsy.history.session;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tarsy.history.database.Row;
import io.tarsy.history.http.Answer;
import io.tarsy.history.http.Field;
import io.tarsy.history.http.JsonText;
import io.tarsy.history.http.MergePatch;
import io.tarsy.history.http.Shape;
import jakarta.persistence.Column;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes stored rows as the records that senders send: the same fields under the same names. */
public final class Records {
    /** The members of each entity by the names of their columns. */
    private static final ClassValue<Map<String, Member>> COLUMNS = new ClassValue<>() {
        @Override
        protected Map<String, Member> computeValue(Class<?> entity) {
            return Arrays.stream(entity.getDeclaredFields())
                    .filter(member -> member.isAnnotationPresent(Column.class))
                    .collect(Collectors.toMap(
                            member -> member.getAnnotation(Column.class).name(), member -> member::get));
        }
    };

    private Records() {}

    /** Reads one member of an entity. */
    private interface Member {
        @Nullable
        Object get(Object entity) throws IllegalAccessException;
    }

    /** The fields of a row. */
    static Function<Field, @Nullable Object> of(Row row) {
        return field -> switch (field.kind()) {
            case TEXT, ID, WORD -> row.text(field.name());
            case OBJECT, ANY -> row.raw(field.name());
            case INTEGER, TIME -> row.number(field.name());
            case NUMBER -> row.decimal(field.name());
            case FLAG -> row.flag(field.name());
        };
    }

    /** The fields of an entity, which are named by its columns. */
    static Function<Field, @Nullable Object> of(Object entity) {
        var members = COLUMNS.get(entity.getClass());
        return field -> {
            var member = members.get(field.name());
            if (member == null) {
                throw new IllegalStateException(entity.getClass() + " has no column " + field.name());
            }
            try {
                return member.get(entity);
            } catch (IllegalAccessException hidden) {
                throw new IllegalStateException("The entities of this package are open to it.", hidden);
            }
        };
    }

    /** Writes the fields of a shape that are there; what is empty is left out. */
    static void write(JsonGenerator json, Shape shape, Function<Field, @Nullable Object> source) throws IOException {
        for (var field : shape.fields()) {
            var value = source.apply(field);
            if (value == null || isNothing(field.name(), value)) {
                continue;
            }
            switch (field.kind()) {
                case TEXT, ID, WORD -> JsonText.write(json, field.name(), (String) value);
                case INTEGER, TIME -> json.writeNumberField(field.name(), (Long) value);
                case NUMBER -> json.writeNumberField(field.name(), (Double) value);
                case FLAG -> json.writeBooleanField(field.name(), (Boolean) value);
                case OBJECT, ANY -> JsonText.writeGivenRaw(json, field.name(), (String) value);
            }
        }
    }

    /** What is stored in place of nothing, for a sender need not say it. */
    private static boolean isNothing(String field, Object value) {
        return switch (field) {
            case "tool_name" -> value.equals("");
            case "retention_hold" -> value.equals(false);
            default -> false;
        };
    }

    /** The fields of a shape that are there, as one JSON object. */
    static String text(Shape shape, Function<Field, @Nullable Object> source) {
        return Answer.text(json -> {
            json.writeStartObject();
            write(json, shape, source);
            json.writeEndObject();
        });
    }

    /** The record of something that patches change, as it was first sent. */
    static String asCreated(
            Shape whole, Shape patch, Function<Field, @Nullable Object> source, @Nullable String initialState) {
        return joined(text(whole.without(patch), source), initialState == null ? text(patch, source) : initialState);
    }

    /** What patches have changed since, as one patch: objects member by member, all else whole; null if nothing. */
    static @Nullable String changed(
            Shape patch, Function<Field, @Nullable Object> source, @Nullable String initialState) {
        if (initialState == null) {
            return null;
        }
        var before = MergePatch.members(initialState);
        var after = MergePatch.members(text(patch, source));
        var changes = new LinkedHashMap<String, String>();
        for (var field : patch.fields()) {
            var from = before.get(field.name());
            var to = after.get(field.name());
            if (from == null || to == null || field.kind() != Field.Kind.OBJECT) {
                if (!MergePatch.same(from, to)) {
                    changes.put(field.name(), to == null ? "null" : to);
                }
            } else {
                var change = MergePatch.between(from, to);
                if (change != null) {
                    changes.put(field.name(), change);
                }
            }
        }
        return changes.isEmpty() ? null : MergePatch.object(changes);
    }

    /** The members of two objects in one. */
    static String joined(String one, String other) {
        return one.equals("{}")
                ? other
                : other.equals("{}") ? one : one.substring(0, one.length() - 1) + "," + other.substring(1);
    }
}
