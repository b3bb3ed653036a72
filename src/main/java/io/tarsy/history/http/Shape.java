package io.tarsy.history.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tarsy.history.config.Nearest;
import io.tarsy.history.http.Problem.FieldError;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The fields that one kind of body may have. Reading a body names everything that is wrong with it at once. */
public final class Shape {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:-]{1,64}");
    private static final long DAY_US = 86_400_000_000L;
    private static final int SHOWN = 60;

    private final Map<String, Field> fields = new LinkedHashMap<>();

    private Shape(Collection<Field> fields) {
        fields.forEach(field -> this.fields.put(field.name(), field));
    }

    /** A body with these fields and no others. */
    public static Shape of(Field... fields) {
        return new Shape(Arrays.asList(fields));
    }

    /** This shape with more fields. */
    public Shape with(Field... more) {
        var all = new ArrayList<>(fields.values());
        all.addAll(Arrays.asList(more));
        return new Shape(all);
    }

    /** Only these of its fields. */
    public Shape only(String... names) {
        return new Shape(fields.values().stream()
                .filter(field -> List.of(names).contains(field.name()))
                .toList());
    }

    /** Its fields that another shape has not. */
    public Shape without(Shape other) {
        return new Shape(fields.values().stream()
                .filter(field -> !other.fields.containsKey(field.name()))
                .toList());
    }

    /** Every field, in order. */
    public Collection<Field> fields() {
        return fields.values();
    }

    /**
     * Reads a body.
     *
     * @param text the whole body
     * @param maxDepth how deep it may be nested
     * @param nowUs the server's time, against which times are checked
     * @throws ProblemException 400 where it is not JSON, 422 naming each wrong field
     */
    public JsonObject read(String text, int maxDepth, long nowUs) {
        try (var parser = JsonText.parser(text)) {
            return new Reading(text, parser, maxDepth, nowUs).body();
        } catch (IOException broken) {
            throw malformed(broken);
        }
    }

    /** 400 with the place at which the JSON breaks off. */
    public static ProblemException malformed(IOException broken) {
        var where = broken instanceof com.fasterxml.jackson.core.JsonProcessingException at && at.getLocation() != null
                ? " at line " + at.getLocation().getLineNr() + ", column "
                        + at.getLocation().getColumnNr()
                : "";
        return Problem.MALFORMED_BODY.with(
                "The body is not valid JSON: it breaks off or is wrong" + where + ".", broken);
    }

    private final class Reading {
        private final String text;
        private final JsonParser parser;
        private final CanonicalDigest digest;
        private final long nowUs;
        private final Map<String, @Nullable Object> values = new HashMap<>();
        private final List<byte[]> digests = new ArrayList<>();
        private final List<FieldError> errors = new ArrayList<>();

        Reading(String text, JsonParser parser, int maxDepth, long nowUs) {
            this.text = text;
            this.parser = parser;
            this.digest = new CanonicalDigest(parser, maxDepth);
            this.nowUs = nowUs;
        }

        JsonObject body() throws IOException {
            var first = parser.nextToken();
            if (first == null) {
                throw Problem.MALFORMED_BODY.with("The body is empty; a JSON object is expected.");
            }
            if (first != JsonToken.START_OBJECT) {
                throw Problem.INVALID_REQUEST.with("The body must be a JSON object, not " + called(first) + ".");
            }
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                member();
            }
            if (parser.nextToken() != null) {
                throw Problem.MALFORMED_BODY.with("Something follows the JSON object in the body.");
            }
            for (var field : fields.values()) {
                if (field.required() && values.get(field.name()) == null && !isWrong(field.name())) {
                    errors.add(new FieldError(field.name(), "is required"));
                }
            }
            if (!errors.isEmpty()) {
                throw invalid(errors);
            }
            return new JsonObject(values, CanonicalDigest.ofMembers(digests), nowUs, Uuid7.at(nowUs));
        }

        private void member() throws IOException {
            var name = parser.currentName();
            var token = parser.nextToken();
            var field = fields.get(name);
            long from = parser.currentTokenLocation().getCharOffset();
            var seen = digest.member(name, 1);
            if (field == null) {
                errors.add(new FieldError(shown(name), unknown(name)));
                return;
            }
            if (values.containsKey(name)) {
                errors.add(new FieldError(name, "is given twice"));
                return;
            }
            values.put(name, token == JsonToken.VALUE_NULL ? null : value(field, token, from));
            if (token != JsonToken.VALUE_NULL && !field.identity()) {
                digests.add(seen);
            }
        }

        private String unknown(String name) {
            var near = Nearest.to(name, fields.keySet());
            return near == null ? "is not a field here" : "is not a field here; did you mean " + near + "?";
        }

        private boolean isWrong(String name) {
            return errors.stream().anyMatch(error -> error.field().equals(name));
        }

        private @Nullable Object value(Field field, JsonToken token, long from) throws IOException {
            return switch (field.kind()) {
                case TEXT -> token == JsonToken.VALUE_STRING ? text(field) : wrong(field, "must be a string", token);
                case ID -> token == JsonToken.VALUE_STRING ? id(field) : wrong(field, "must be a string", token);
                case WORD -> token == JsonToken.VALUE_STRING ? word(field) : wrong(field, "must be a string", token);
                case INTEGER, TIME ->
                    token == JsonToken.VALUE_NUMBER_INT ? whole(field) : wrong(field, "must be a whole number", token);
                case NUMBER -> token.isNumeric() ? decimal(field) : wrong(field, "must be a number", token);
                case FLAG ->
                    token.isBoolean() ? parser.getBooleanValue() : wrong(field, "must be true or false", token);
                case OBJECT -> token == JsonToken.START_OBJECT ? slice(from) : wrong(field, "must be an object", token);
                case ANY -> slice(from);
            };
        }

        private @Nullable Object text(Field field) throws IOException {
            var value = parser.getText();
            if (value.isBlank() && field.min() > 0) {
                return wrong(field, "must not be empty", value);
            }
            return value.length() > field.max()
                    ? wrong(field, "must be at most " + field.max() + " characters long", value)
                    : value;
        }

        private @Nullable Object id(Field field) throws IOException {
            var value = parser.getText();
            return isId(value)
                    ? value
                    : wrong(field, "must be 1 to 64 characters from A-Z, a-z, 0-9 and . _ : -", value);
        }

        private @Nullable Object word(Field field) throws IOException {
            var value = parser.getText();
            return field.words().contains(value)
                    ? value
                    : wrong(field, "must be one of " + String.join(", ", field.words()), value);
        }

        private @Nullable Object whole(Field field) throws IOException {
            var digits = parser.getText();
            long value;
            try {
                value = Long.parseLong(digits);
            } catch (NumberFormatException tooLong) {
                return wrong(field, "is out of range", digits);
            }
            if (value < field.min() || value > field.max()) {
                return wrong(field, value < 0 ? "must not be negative" : "is out of range", digits);
            }
            if (field.kind() == Field.Kind.TIME && value > nowUs + DAY_US) {
                return wrong(field, "is more than a day ahead of the server's time; microseconds are expected", digits);
            }
            return value;
        }

        private @Nullable Object decimal(Field field) throws IOException {
            var digits = parser.getText();
            double value = digits.length() > 400 ? Double.NaN : new BigDecimal(digits).doubleValue();
            return Double.isFinite(value) ? (Object) value : wrong(field, "is out of range", digits);
        }

        /** The value as it was sent; line ends outside of strings become spaces, so that a record fits on a line. */
        private String slice(long from) throws IOException {
            parser.finishToken();
            long to = parser.currentLocation().getCharOffset();
            return text.substring((int) from, (int) to).replace('\n', ' ').replace('\r', ' ');
        }

        private @Nullable Object wrong(Field field, String message, JsonToken token) {
            errors.add(new FieldError(field.name(), message + ", not " + called(token)));
            return null;
        }

        private @Nullable Object wrong(Field field, String message, String value) {
            errors.add(new FieldError(field.name(), message, shown(value)));
            return null;
        }
    }

    /** Whether it may be an id. */
    public static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    /** 422 that names each wrong field. */
    public static ProblemException invalid(List<FieldError> errors) {
        var first = errors.get(0);
        var more = errors.size() > 1 ? " (and " + (errors.size() - 1) + " more)" : "";
        var end = more.isEmpty() && first.message().endsWith("?") ? "" : ".";
        return Problem.INVALID_REQUEST.with(first.field() + " " + first.message() + more + end, errors);
    }

    /** 422 that names one wrong field. */
    public static ProblemException invalid(String field, String message) {
        return invalid(List.of(new FieldError(field, message)));
    }

    static String shown(String value) {
        return value.length() <= SHOWN ? value : value.substring(0, SHOWN) + "…";
    }

    private static String called(JsonToken token) {
        return switch (token) {
            case START_OBJECT, END_OBJECT -> "an object";
            case START_ARRAY, END_ARRAY -> "an array";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE, VALUE_FALSE -> "a truth value";
            default -> "null";
        };
    }
}
