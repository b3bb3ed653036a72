package io.tarsy.history.search;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A folded word that is looked for without taking texts apart: a quick look that is sure only of a no. In ASCII it leaps
 * by what cannot be a part of the word (Horspool's algorithm); in other texts the first letter that is no ASCII counts as
 * a place where the word may stand.
 */
final class Needle {
    private final String word;
    private final byte[] letters;
    private final int[] leaps = new int[128];

    Needle(String word) {
        this.word = word;
        this.letters = word.getBytes(StandardCharsets.UTF_8);
        Arrays.fill(leaps, letters.length);
        for (int at = 0; isAscii() && at + 1 < letters.length; at++) {
            leaps[letters[at]] = letters.length - 1 - at;
            leaps[Character.toUpperCase(letters[at])] = letters.length - 1 - at;
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Needle needle && needle.word.equals(word);
    }

    @Override
    public int hashCode() {
        return word.hashCode();
    }

    private boolean isAscii() {
        return letters.length == word.length();
    }

    /** From where on it may stand in a text, as a word or within one, or the limit. */
    int possible(Haystack haystack, int from, int limit) {
        var ascii = haystack.ascii();
        if (ascii == null) {
            return possible(haystack.text(), from, limit);
        }
        return isAscii() ? possible(ascii, from, limit) : limit;
    }

    private int possible(byte[] text, int from, int limit) {
        int last = letters.length - 1;
        for (int at = from; at < limit && at + last < text.length; at += leaps[text[at + last]]) {
            if (small(text[at + last]) == letters[last] && stands(text, at)) {
                return at;
            }
        }
        return limit;
    }

    private boolean stands(byte[] text, int from) {
        for (int at = 0; at < letters.length; at++) {
            if (small(text[from + at]) != letters[at]) {
                return false;
            }
        }
        return true;
    }

    private static int small(byte letter) {
        return letter >= 'A' && letter <= 'Z' ? letter + ('a' - 'A') : letter;
    }

    private int possible(String text, int from, int limit) {
        char small = word.charAt(0);
        if (small >= 0x80) {
            return from;
        }
        char capital = Character.toUpperCase(small);
        for (int at = from; at < limit; at++) {
            char one = text.charAt(at);
            if (one >= 0x80 || ((one == small || one == capital) && stands(text, at))) {
                return at;
            }
        }
        return limit;
    }

    private boolean stands(String text, int from) {
        for (int at = 1; at < word.length(); at++) {
            char one = from + at < text.length() ? text.charAt(from + at) : ' ';
            if (one >= 0x80 || word.charAt(at) >= 0x80) {
                return true;
            }
            if (Character.toLowerCase(one) != word.charAt(at)) {
                return false;
            }
        }
        return true;
    }
}
