package io.tarsy.history.config;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a setting's text may be, and how to say it to people.
 *
 * @param kind the type of the value
 * @param least the smallest number
 * @param most the largest number
 * @param minusOne whether -1 is a number with a meaning of its own, outside of the range
 * @param choices the words a choice allows
 */
public record ValueRule(Kind kind, int least, int most, boolean minusOne, List<String> choices) {

    private static final List<String> YES = List.of("true", "yes", "on", "1");
    private static final List<String> NO = List.of("false", "no", "off", "0");

    /** Keeps a copy of the choices. */
    public ValueRule {
        choices = List.copyOf(choices);
    }

    /** The types a value can have. */
    public enum Kind {
        /** Any text. */
        TEXT,
        /** A whole number within a range. */
        NUMBER,
        /** True or false. */
        FLAG,
        /** One of a few words. */
        CHOICE
    }

    /** Any text. */
    public static ValueRule text() {
        return new ValueRule(Kind.TEXT, 0, 0, false, List.of());
    }

    /** A whole number of at least {@code least}. */
    public static ValueRule atLeast(int least) {
        return between(least, Integer.MAX_VALUE);
    }

    /** A whole number from {@code least} to {@code most}. */
    public static ValueRule between(int least, int most) {
        return new ValueRule(Kind.NUMBER, least, most, false, List.of());
    }

    /** True or false. */
    public static ValueRule flag() {
        return new ValueRule(Kind.FLAG, 0, 0, false, List.of());
    }

    /** One of the words, in upper or lower case. */
    public static ValueRule oneOf(String... choices) {
        return new ValueRule(Kind.CHOICE, 0, 0, false, List.of(choices));
    }

    /** This rule, with -1 allowed too. */
    public ValueRule orMinusOne() {
        return new ValueRule(kind, least, most, true, choices);
    }

    /** The text in its one canonical spelling, or empty if the rule forbids it. */
    public Optional<String> canonical(String text) {
        var word = text.strip();
        return switch (kind) {
            case TEXT -> Optional.of(text);
            case NUMBER -> wholeNumber(word).map(number -> Integer.toString(number));
            case FLAG -> truth(word.toLowerCase(Locale.ROOT));
            case CHOICE ->
                choices.stream().filter(choice -> choice.equalsIgnoreCase(word)).findFirst();
        };
    }

    /** What is allowed, to be read after "must be". */
    public String allowed() {
        return switch (kind) {
            case TEXT -> "a text";
            case NUMBER -> range() + (minusOne ? ", or -1" : "");
            case FLAG -> "true or false";
            case CHOICE -> "one of " + String.join(", ", choices);
        };
    }

    private String range() {
        return most == Integer.MAX_VALUE
                ? "a whole number of at least " + least
                : "a whole number from " + least + " to " + most;
    }

    private Optional<Integer> wholeNumber(String word) {
        try {
            int number = Integer.parseInt(word);
            boolean fits = (number >= least && number <= most) || (minusOne && number == -1);
            return fits ? Optional.of(number) : Optional.empty();
        } catch (NumberFormatException notANumber) {
            return Optional.empty();
        }
    }

    private static Optional<String> truth(String word) {
        if (YES.contains(word)) {
            return Optional.of("true");
        }
        return NO.contains(word) ? Optional.of("false") : Optional.empty();
    }
}
