package io.tarsy.history.search;

import io.tarsy.history.http.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * A question as it was typed: words, of which all must be there; {@code "a phrase"}; {@code word*} for a beginning;
 * {@code -word} for what must not be there. Nothing else is special. What holds together without a blank is one
 * identifier, found where its words follow one another.
 */
final class Terms {
    private static final int SHORTEST = 3;

    /** Two Chinese, Japanese or Korean characters are a word. */
    private static final int SHORTEST_DENSE = 2;

    private static final int LONGEST = 200;

    private final String text;
    private final List<Term> terms = new ArrayList<>();
    private int at;

    private Terms(String text) {
        this.text = text;
    }

    /**
     * Takes a question apart.
     *
     * @param field the parameter it came in
     * @throws io.tarsy.history.http.ProblemException 422 if it is too short, too long, or has no letter or digit
     */
    static List<Term> of(String field, String search) {
        var text = search.strip();
        int length = text.codePointCount(0, text.length());
        boolean dense = text.codePoints().anyMatch(Words::isIdeograph);
        if (length < (dense ? SHORTEST_DENSE : SHORTEST) || length > LONGEST) {
            throw Shape.invalid(field, "must have " + SHORTEST + " to " + LONGEST + " characters");
        }
        var terms = new Terms(text).read();
        if (terms.isEmpty()) {
            throw Shape.invalid(field, "has no letter and no digit to look for");
        }
        return terms;
    }

    private List<Term> read() {
        while (at < text.length()) {
            if (isBlank(at)) {
                at++;
                continue;
            }
            boolean excluded = text.charAt(at) == '-' && at + 1 < text.length() && !isBlank(at + 1);
            if (excluded) {
                at++;
            }
            if (!phrase(excluded)) {
                word(excluded);
            }
        }
        return terms.stream().distinct().toList();
    }

    /** A quote that is never closed is none. */
    private boolean phrase(boolean excluded) {
        if (text.charAt(at) != '"') {
            return false;
        }
        int end = text.indexOf('"', at + 1);
        if (end < 0) {
            at++;
            return at == text.length() || isBlank(at);
        }
        add(text.substring(at + 1, end), false, excluded);
        at = end + 1;
        return true;
    }

    private void word(boolean excluded) {
        int begin = at;
        while (at < text.length() && !isBlank(at)) {
            at++;
        }
        var raw = text.substring(begin, at);
        add(raw, raw.endsWith("*"), excluded);
    }

    /** A star counts right behind a word, to which marks of its last letter belong. */
    private void add(String raw, boolean starred, boolean excluded) {
        var words = new ArrayList<String>();
        var last = new int[1];
        Words.each(raw, raw.length(), (word, parts, start, end) -> {
            words.add(word);
            last[0] = end;
        });
        if (!words.isEmpty()) {
            terms.add(Term.of(words, starred && last[0] == raw.length() - 1, excluded));
        }
    }

    private boolean isBlank(int index) {
        return Character.isWhitespace(text.charAt(index)) || Character.isSpaceChar(text.charAt(index));
    }
}
