package io.tarsy.history.search;

import io.tarsy.history.session.Passage;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an index keeps of some texts: each word, each part of a word, and each two words that follow one another in one
 * text. By those pairs a phrase or an identifier of two words is found exactly, and a longer one nearly.
 */
public final class Lexemes {
    /** Stands before each word of a pair, and in no word: so the beginning of a word is not that of a pair. */
    static final char PAIR = '·';

    /** What one session may have in the index: PostgreSQL takes no more than a megabyte. */
    private static final int MOST_BYTES = 900_000;

    private static final int BESIDES = 4;

    private Strings found = new Strings();
    private boolean cut;

    /**
     * Adds the texts of one record.
     *
     * @param most characters of them together; the rest is left out
     * @return whether something was left out
     */
    boolean add(Collection<Passage> passages, int most) {
        int left = most;
        boolean tooLong = false;
        for (var passage : passages) {
            var text = passage.text();
            add(text, left);
            tooLong |= text.length() > left;
            left = Math.max(0, left - text.length());
        }
        cut |= tooLong;
        return tooLong;
    }

    private void add(String text, int limit) {
        Words.each(text, limit, new Words.Sink() {
            private @Nullable String before;

            @Override
            public void word(String word, List<String> parts, int start, int end) {
                found.add(word);
                parts.forEach(found::add);
                var first = before;
                if (first != null) {
                    pair(first, 0, first.length(), word, 0, word.length());
                }
                before = word;
            }
        });
    }

    private void pair(String first, int from, int to, String second, int secondFrom, int secondTo) {
        found.append(PAIR)
                .append(first, from, to)
                .append(PAIR)
                .append(second, secondFrom, secondTo)
                .add();
    }

    /** Two words that follow one another. */
    static String pair(String first, String second) {
        return PAIR + first + PAIR + second;
    }

    /** Adds what {@link #text} gave. */
    void add(@Nullable String text) {
        if (text != null) {
            for (int at = 1, end; (end = text.indexOf(' ', at)) > 0; at = end + 1) {
                found.append(text, at, end).add();
            }
        }
    }

    /** Adds what a {@link Note} gave. */
    void addNoted(String note) {
        int before = -1;
        int behindBefore = -1;
        for (int at = 1, end; (end = note.indexOf(' ', at)) > 0; at = end + 1) {
            if (note.charAt(at) == PAIR) {
                before = -1;
                continue;
            }
            found.append(note, at, end).add();
            if (before >= 0) {
                pair(note, before, behindBefore, note, at, end);
            }
            before = at;
            behindBefore = end;
        }
    }

    /** Whether something was left out. */
    boolean isCut() {
        return cut;
    }

    /** Whether these have everything that others have. */
    boolean hasAll(Lexemes others) {
        return found.hasAll(others.found);
    }

    /** Whether these are the same. */
    boolean areThose(Lexemes others) {
        return found.size() == others.found.size() && hasAll(others);
    }

    /** All of them between blanks, in no order, so that a word is there if the word between blanks is. */
    String text() {
        return found.text();
    }

    /** Leaves out what is more than one session may have: pairs first, since they are the most and the rarest. */
    void fit() {
        if (found.bytes() + (long) BESIDES * found.size() <= MOST_BYTES) {
            return;
        }
        cut = true;
        var order = found.list().stream()
                .sorted(Comparator.comparing(Lexemes::isPair).thenComparing(Comparator.naturalOrder()))
                .toList();
        found = new Strings();
        for (var one : order) {
            var more = new Strings();
            more.add(one);
            if (found.bytes() + more.bytes() + (long) BESIDES * (found.size() + 1) > MOST_BYTES) {
                return;
            }
            found.add(one);
        }
    }

    private static boolean isPair(String lexeme) {
        return lexeme.charAt(0) == PAIR;
    }
}
