package io.tarsy.history.http;

import io.tarsy.history.config.Nearest;
import io.tarsy.history.http.Problem.FieldError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The query parameters of a request, read strictly: what is unknown or out of range is named, all at once. */
public final class Query {
    private final Map<String, List<String>> sent;
    private final List<FieldError> errors = new ArrayList<>();

    private Query(Map<String, List<String>> sent) {
        this.sent = sent;
    }

    /** These parameters, of which only the {@code known} may be given. */
    public static Query of(Map<String, List<String>> sent, String... known) {
        var query = new Query(sent);
        var names = Set.of(known);
        sent.keySet().stream().filter(name -> !names.contains(name)).sorted().forEach(name -> {
            var near = Nearest.to(name, names);
            var hint = near == null
                    ? (names.isEmpty()
                            ? "; there are none here"
                            : "; there are "
                                    + String.join(", ", names.stream().sorted().toList()))
                    : "; did you mean " + near + "?";
            query.errors.add(new FieldError(Shape.shown(name), "is not a parameter here" + hint));
        });
        return query;
    }

    /** Refuses the request if anything was wrong with its parameters. */
    public Query check() {
        if (!errors.isEmpty()) {
            throw Shape.invalid(errors);
        }
        return this;
    }

    /** A parameter that may be given once, or null. */
    public @Nullable String text(String name) {
        var given = sent.get(name);
        if (given == null || given.isEmpty()) {
            return null;
        }
        if (given.size() > 1) {
            errors.add(new FieldError(name, "is given more than once"));
        }
        return given.get(0);
    }

    /** A parameter that may be repeated; empty where it is absent. */
    public List<String> texts(String name) {
        return sent.getOrDefault(name, List.of()).stream().distinct().toList();
    }

    /** A parameter that may be repeated and knows only some words. */
    public List<String> words(String name, List<String> words) {
        var given = texts(name);
        given.forEach(word -> known(name, word, words));
        return given;
    }

    /** A parameter that knows only some words. */
    public String word(String name, String absent, List<String> words) {
        var given = text(name);
        if (given != null) {
            known(name, given, words);
        }
        return given == null ? absent : given;
    }

    private void known(String name, String word, List<String> words) {
        if (!words.contains(word)) {
            errors.add(new FieldError(name, "must be one of " + String.join(", ", words), Shape.shown(word)));
        }
    }

    /** A whole number within a range, or null. */
    public @Nullable Long number(String name, long min, long max) {
        var given = text(name);
        if (given == null) {
            return null;
        }
        try {
            long value = Long.parseLong(given);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException noNumber) {
            // said below, together with the range
        }
        var range = max == Long.MAX_VALUE ? min + " or more" : "from " + min + " to " + max;
        errors.add(new FieldError(name, "must be a whole number, " + range, Shape.shown(given)));
        return null;
    }

    /** A whole number within a range. */
    public int number(String name, int absent, int min, int max) {
        var given = number(name, (long) min, (long) max);
        return given == null ? absent : given.intValue();
    }

    /** A parameter that is turned into something; what cannot be is named. */
    public <T> @Nullable T read(String name, Function<String, @Nullable T> reader, String message) {
        var given = text(name);
        if (given == null) {
            return null;
        }
        var value = reader.apply(given);
        if (value == null) {
            errors.add(new FieldError(name, message, Shape.shown(given)));
        }
        return value;
    }

    /** Says that a parameter is wrong. */
    public void wrong(String name, String message) {
        errors.add(new FieldError(name, message));
    }

    /** No parameters at all. */
    public static void none(Map<String, List<String>> sent) {
        of(sent).check();
    }

    @Override
    public String toString() {
        return Arrays.toString(sent.keySet().toArray());
    }
}
