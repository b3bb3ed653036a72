package io.tarsy.history.search;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Takes a text apart into the words by which it is found. A word is a run of letters and digits; a Chinese, Japanese or
 * Korean character is a word of its own. Case, accents and compatibility forms are folded. What is written in one run
 * by capitals ({@code OOMKilled}) has parts besides. It is the only place that decides what a word is, for texts and
 * for questions on both databases.
 */
final class Words {
    /** Version of these rules and of what is kept by them: an index made by others must be made anew. */
    static final int RULES = 4;

    /**
     * Longer runs are cut: a question is not longer, and PostgreSQL has no lexeme of more than 2,046 bytes, which two such
     * words stay below.
     */
    private static final int LONGEST = 200;

    private Words() {}

    /** Takes words in their order. */
    @FunctionalInterface
    interface Sink {
        /**
         * Takes the next word.
         *
         * @param word folded
         * @param parts of a word in camel case, folded; empty for others
         * @param start where it begins in the text
         * @param end behind its last character
         */
        void word(String word, List<String> parts, int start, int end);
    }

    /** Hands on each word that begins before {@code limit}. */
    static void each(CharSequence text, int limit, Sink sink) {
        each(text, 0, limit, sink);
    }

    /**
     * Hands on each word that begins from {@code from}, where none may be under way, and before {@code limit}.
     *
     * @return behind the last one, from where it can go on; not before {@code limit}
     */
    static int each(CharSequence text, int from, int limit, Sink sink) {
        int length = Math.min(text.length(), limit);
        int at = from;
        while (at < length) {
            int point = Character.codePointAt(text, at);
            int size = Character.charCount(point);
            if (!Character.isLetterOrDigit(point)) {
                at += size;
            } else if (isIdeograph(point)) {
                int end = marks(text, at + size, text.length());
                give(text, at, end, false, sink);
                at = end;
            } else {
                int end = run(text, at, text.length());
                give(text, at, end, true, sink);
                at = end;
            }
        }
        return at;
    }

    private static int run(CharSequence text, int start, int length) {
        int at = start;
        while (at < length) {
            char one = text.charAt(at);
            if (one < 0x80) {
                if (!isAsciiWord(one)) {
                    break;
                }
                at++;
                continue;
            }
            int point = Character.codePointAt(text, at);
            boolean belongs = Character.isLetterOrDigit(point) ? !isIdeograph(point) : isMark(point);
            if (!belongs) {
                break;
            }
            at += Character.charCount(point);
        }
        return Math.min(at, text.length());
    }

    private static int marks(CharSequence text, int start, int length) {
        int at = start;
        while (at < length && isMark(Character.codePointAt(text, at))) {
            at += Character.charCount(Character.codePointAt(text, at));
        }
        return Math.min(at, text.length());
    }

    private static void give(CharSequence text, int start, int end, boolean divisible, Sink sink) {
        var raw = text.subSequence(start, end).toString();
        var word = fold(raw);
        if (!word.isEmpty()) {
            // most words are small letters alone: folding has left them as they were
            sink.word(word, divisible && !word.equals(raw) ? parts(raw) : List.of(), start, end);
        }
    }

    private static boolean isAsciiWord(char one) {
        return (one >= 'a' && one <= 'z') || (one >= '0' && one <= '9') || (one >= 'A' && one <= 'Z');
    }

    private static boolean isMark(int point) {
        int type = Character.getType(point);
        return type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK
                || type == Character.ENCLOSING_MARK;
    }

    /** Scripts that do not put blanks between their words. */
    static boolean isIdeograph(int point) {
        return point >= 0x1100
                && (point <= 0x11FF
                        || (point >= 0x2E80 && point <= 0x9FFF)
                        || (point >= 0xA960 && point <= 0xA97F)
                        || (point >= 0xAC00 && point <= 0xD7FF)
                        || (point >= 0xF900 && point <= 0xFAFF)
                        || (point >= 0xFF66 && point <= 0xFFDC)
                        || (point >= 0x20000 && point <= 0x3FFFF));
    }

    /** A word without its case, accents and compatibility forms. */
    static String fold(String raw) {
        var cut = cut(raw);
        if (isAscii(cut)) {
            return cut.toLowerCase(Locale.ROOT); // itself, if there is nothing to do
        }
        // to capitals first: so ß is ss
        var small = cut.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
        var apart = Normalizer.normalize(small, Normalizer.Form.NFKD);
        var kept = new StringBuilder(apart.length());
        apart.codePoints().filter(Words::isKept).forEach(kept::appendCodePoint);
        var folded = Normalizer.normalize(kept, Normalizer.Form.NFC);
        // one character may be many in its compatibility form
        return cut(folded.toLowerCase(Locale.ROOT).replace('ς', 'σ'));
    }

    private static String cut(String text) {
        return text.length() <= LONGEST || text.codePointCount(0, text.length()) <= LONGEST
                ? text
                : text.substring(0, text.offsetByCodePoints(0, LONGEST));
    }

    /** Accents go; the marks that make another sound of a Japanese character stay. */
    private static boolean isKept(int point) {
        return point == 0x3099
                || point == 0x309A
                || Character.isLetterOrDigit(point)
                || Character.getType(point) == Character.COMBINING_SPACING_MARK;
    }

    private static boolean isAscii(String text) {
        for (int at = 0; at < text.length(); at++) {
            if (text.charAt(at) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    /** {@code OOMKilled} is OOM and Killed, {@code readinessProbe} readiness and Probe. */
    private static List<String> parts(String raw) {
        List<String> parts = List.of();
        int begin = 0;
        for (int at = 1; at < raw.length() && at < LONGEST; at++) {
            if (isHump(raw, at)) {
                if (begin == 0) {
                    parts = new ArrayList<>(4);
                }
                parts.add(fold(raw.substring(begin, at)));
                begin = at;
            }
        }
        if (begin > 0) {
            parts.add(fold(raw.substring(begin)));
            parts.removeIf(String::isEmpty);
        }
        return parts;
    }

    private static boolean isHump(String raw, int at) {
        char here = raw.charAt(at);
        if (!Character.isUpperCase(here)) {
            return false;
        }
        char before = raw.charAt(at - 1);
        return !Character.isUpperCase(before) || (at + 1 < raw.length() && Character.isLowerCase(raw.charAt(at + 1)));
    }
}
