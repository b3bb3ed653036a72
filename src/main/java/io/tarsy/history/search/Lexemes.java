package io.tarsy.history.search;

import static io.tarsy.history.database.TextQuery.PAIR;

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
    private static final String BREAK = PAIR + " ";

    /** What one session may have in the index: PostgreSQL takes no more than a megabyte. */
    private static final int MOST_BYTES = 900_000;

    private static final int BESIDES = 4;

    private Strings found = new Strings();

    /** The words of all pairs and all other words, so that each two that follow one another are a pair. */
    private StringBuilder ordered = new StringBuilder(" ");

    /** Whether the last word of a text was the last that was added to {@link #ordered}. */
    private boolean follows;

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
                var first = before;
                if (first == null) {
                    alone(word, 0, word.length());
                } else {
                    pair(first, 0, first.length(), word, 0, word.length());
                }
                before = word;
                for (var part : parts) {
                    alone(part, 0, part.length());
                    follows = false;
                }
            }
        });
    }

    /** A word behind no other. */
    private void alone(String text, int from, int to) {
        follows = found.append(text, from, to).add();
        if (follows) {
            ordered.append(BREAK).append(text, from, to).append(' ');
        }
    }

    /** A word behind another that was added before. */
    private void pair(String first, int from, int to, String second, int secondFrom, int secondTo) {
        found.append(second, secondFrom, secondTo).add();
        boolean isNew = found.append(PAIR)
                .append(first, from, to)
                .append(PAIR)
                .append(second, secondFrom, secondTo)
                .add();
        if (isNew) {
            if (!follows) {
                ordered.append(BREAK).append(first, from, to).append(' ');
            }
            ordered.append(second, secondFrom, secondTo).append(' ');
        }
        follows = isNew;
    }

    /** Two words that follow one another. */
    static String pair(String first, String second) {
        return PAIR + first + PAIR + second;
    }

    /**
     * Adds what an entry has.
     *
     * @param inOrder whether {@link #inOrder} gave it, or {@link #text}
     */
    void addSettled(@Nullable String text, boolean inOrder) {
        if (text == null) {
            return;
        }
        if (inOrder) {
            addNoted(text);
            return;
        }
        for (int at = 1, end; (end = text.indexOf(' ', at)) > 0; at = end + 1) {
            if (text.charAt(at) != PAIR) {
                alone(text, at, end);
            } else {
                int second = text.indexOf(PAIR, at + 1);
                pair(text, at + 1, second, text, second + 1, end);
            }
            follows = false;
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
            if (before < 0) {
                alone(note, at, end);
            } else {
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

    /** How long {@link #inOrder} is. */
    int length() {
        return ordered.length();
    }

    /** Whether these have everything that others have. */
    boolean hasAll(Lexemes others) {
        return found.hasAll(others.found);
    }

    /** Whether these are the same. */
    boolean areThose(Lexemes others) {
        return found.size() == others.found.size() && hasAll(others);
    }

    /** All of them between blanks, in no order. */
    String text() {
        return found.text();
    }

    /** Words between blanks: those of each pair follow one another, and no others do. */
    String inOrder() {
        return found.size() == 0 ? "" : ordered.toString();
    }

    /**
     * Leaves out what is more than one session may have, by what it is and not by when it came: so an entry is the same
     * however it was made. What has digits goes first, pairs before words: it is numbers and ids of long logs that make a
     * session too large, and not what it says.
     */
    void fit() {
        if (found.bytes() + (long) BESIDES * found.size() <= MOST_BYTES) {
            return;
        }
        cut = true;
        var order = found.list().stream()
                .sorted(Comparator.comparing(Lexemes::hasDigit)
                        .thenComparing(Lexemes::isPair)
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
        found = new Strings();
        ordered = new StringBuilder(" ");
        long bytes = 0;
        for (var one : order) {
            bytes += Strings.bytes(one) + BESIDES;
            if (bytes > MOST_BYTES) {
                return;
            }
            addSettled(" " + one + " ", false);
        }
    }

    private static boolean isPair(String lexeme) {
        return lexeme.charAt(0) == PAIR;
    }

    private static boolean hasDigit(String lexeme) {
        return lexeme.codePoints().anyMatch(Character::isDigit);
    }
}
