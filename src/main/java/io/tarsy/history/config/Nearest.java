package io.tarsy.history.config;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds the name that somebody probably meant. */
public final class Nearest {

    private static final int LETTERS_PER_SLIP = 3;

    private Nearest() {}

    /**
     * The known name with the fewest letters to change, or null if every one of them is too far away: more than a third
     * of the word would have to change.
     */
    public static @Nullable String to(String word, Collection<String> known) {
        int limit = Math.max(1, word.length() / LETTERS_PER_SLIP);
        @Nullable String nearest = null;
        for (var candidate : known) {
            int distance = distance(word.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            if (distance <= limit && (nearest == null || distance < limit)) {
                nearest = candidate;
                limit = distance;
            }
        }
        return nearest;
    }

    /** The sentence " Did you mean …?", with a blank before it, or nothing if no name is near. */
    public static String question(String word, Collection<String> known) {
        var nearest = to(word, known);
        return nearest == null ? "" : " Did you mean " + nearest + "?";
    }

    private static int distance(String from, String into) {
        int[] above = new int[into.length() + 1];
        for (int column = 0; column <= into.length(); column++) {
            above[column] = column;
        }
        for (int row = 1; row <= from.length(); row++) {
            int[] current = new int[into.length() + 1];
            current[0] = row;
            for (int column = 1; column <= into.length(); column++) {
                int change = from.charAt(row - 1) == into.charAt(column - 1) ? 0 : 1;
                int shorter = Math.min(above[column] + 1, current[column - 1] + 1);
                current[column] = Math.min(shorter, above[column - 1] + change);
            }
            above = current;
        }
        return above[into.length()];
    }
}
