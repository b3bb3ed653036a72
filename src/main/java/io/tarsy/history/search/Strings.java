package io.tarsy.history.search;

import java.util.Arrays;
import java.util.List;

/**
 * A set of short strings without blanks, kept as one text between blanks in the order in which they came. A session has
 * thousands of them, most of them again and again: so no object is made for any.
 */
final class Strings {
    private char[] text = new char[4_096];

    /** Behind the last one and its blank. */
    private int length = 1;

    /** Behind what was appended for the next one. */
    private int end = 1;

    /** Where each one begins, at a place that follows from what it is; 0 if there is none. */
    private int[] places = new int[1_024];

    private int[] hashes = new int[1_024];
    private int size;
    private long bytes;

    Strings() {
        text[0] = ' ';
    }

    /** Adds characters to the next one. */
    Strings append(String some, int from, int to) {
        room(to - from);
        some.getChars(from, to, text, end);
        end += to - from;
        return this;
    }

    /** Adds a character to the next one. */
    Strings append(char one) {
        room(1);
        text[end++] = one;
        return this;
    }

    private void room(int more) {
        if (end + more + 1 > text.length) { // and the blank behind it
            text = Arrays.copyOf(text, Math.max(text.length * 2, end + more + 1));
        }
    }

    boolean add(String one) {
        return append(one, 0, one.length()).add();
    }

    /**
     * Adds what was appended.
     *
     * @return whether it is new
     */
    boolean add() {
        int hash = 0;
        for (int at = length; at < end; at++) {
            hash = hash * 31 + text[at];
        }
        int place = place(hash, text, length, end);
        if (end == length || places[place] != 0) {
            end = length;
            return false;
        }
        places[place] = length;
        hashes[place] = hash;
        bytes += bytes(length, end);
        text[end++] = ' ';
        length = end;
        if (++size * 2 > places.length) {
            grow();
        }
        return true;
    }

    /** Where it is, or would be. */
    private int place(int hash, char[] from, int start, int behind) {
        int mask = places.length - 1;
        for (int place = spread(hash) & mask; ; place = (place + 1) & mask) {
            int known = places[place];
            if (known == 0 || (hashes[place] == hash && is(known, from, start, behind))) {
                return place;
            }
        }
    }

    private boolean is(int known, char[] from, int start, int behind) {
        int behindKnown = known + behind - start;
        return behindKnown < length
                && text[behindKnown] == ' '
                && Arrays.equals(text, known, behindKnown, from, start, behind);
    }

    private static int spread(int hash) {
        return (hash * 0x9E3779B1) >>> 7;
    }

    private void grow() {
        var known = places;
        var knownHashes = hashes;
        places = new int[known.length * 2];
        hashes = new int[known.length * 2];
        int mask = places.length - 1;
        for (int at = 0; at < known.length; at++) {
            if (known[at] != 0) {
                int place = spread(knownHashes[at]) & mask;
                while (places[place] != 0) {
                    place = (place + 1) & mask;
                }
                places[place] = known[at];
                hashes[place] = knownHashes[at];
            }
        }
    }

    private long bytes(int from, int to) {
        long sum = 0;
        for (int at = from; at < to; at++) {
            sum += bytes(text[at]);
        }
        return sum;
    }

    /** Of a string in UTF-8. */
    static long bytes(String one) {
        return one.chars().map(each -> bytes((char) each)).sum();
    }

    /** Half a character of four bytes counts for two. */
    private static int bytes(char one) {
        return one < 0x80 ? 1 : one < 0x800 || Character.isSurrogate(one) ? 2 : 3;
    }

    int size() {
        return size;
    }

    /** Of all of them in UTF-8, without the blanks. */
    long bytes() {
        return bytes;
    }

    /** Whether every one of others is here. */
    boolean hasAll(Strings others) {
        for (int at = 0; at < others.places.length; at++) {
            int start = others.places[at];
            if (start != 0) {
                int behind = start;
                while (others.text[behind] != ' ') {
                    behind++;
                }
                if (places[place(others.hashes[at], others.text, start, behind)] == 0) {
                    return false;
                }
            }
        }
        return true;
    }

    List<String> list() {
        return size == 0 ? List.of() : Arrays.asList(text().strip().split(" ", -1));
    }

    /** All of them between blanks, or an empty text. */
    String text() {
        return size == 0 ? "" : new String(text, 0, length);
    }
}
