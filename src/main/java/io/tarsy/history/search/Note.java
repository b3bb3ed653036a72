package io.tarsy.history.search;

import io.tarsy.history.database.TextQuery;
import io.tarsy.history.database.TextQuery.Lexeme;
import io.tarsy.history.session.Passage;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a record until its session is brought into the index: its words in their order between blanks, with a
 * dot where one text ends, and behind them the parts of words, each for itself. A word is there if it is there between
 * blanks, and a pair if its words are. That is shorter than all lexemes of the record, and cheap to make, since pairs
 * need not be known one by one: each write pays for it.
 */
final class Note {
    /** A longer one says the same again and again, so only what is new in it is kept. */
    private static final int LONG = 8_000;

    private static final String BREAK = TextQuery.PAIR + " ";

    private final StringBuilder text = new StringBuilder(" ");
    private final Strings parts = new Strings();
    private final @Nullable Strings pairs;
    private boolean cut;

    private Note(boolean isLong) {
        pairs = isLong ? new Strings() : null;
    }

    /**
     * Of the texts of one record.
     *
     * @param most characters of them together; the rest is left out
     */
    static Note of(Collection<Passage> passages, int most) {
        var note = new Note(
                passages.stream().mapToLong(passage -> passage.text().length()).sum() > LONG);
        int left = most;
        for (var passage : passages) {
            note.add(passage.text(), left);
            note.cut |= passage.text().length() > left;
            left = Math.max(0, left - passage.text().length());
        }
        for (var part : note.parts.list()) {
            note.text.append(part).append(' ').append(BREAK);
        }
        return note;
    }

    /** How a lexeme stands in a note. */
    static String holding(Lexeme lexeme) {
        return " " + lexeme.words() + (lexeme.prefix() ? "" : " ");
    }

    private void add(String some, int limit) {
        Words.each(some, limit, new Words.Sink() {
            private @Nullable String before;
            private boolean follows;

            @Override
            public void word(String word, List<String> more, int start, int end) {
                var first = before;
                if (first == null || pairs == null || isNew(pairs, first, word)) {
                    if (first != null && !follows) {
                        text.append(BREAK).append(first).append(' ');
                    }
                    text.append(word).append(' ');
                    follows = true;
                } else {
                    follows = false;
                }
                before = word;
                more.forEach(parts::add);
            }
        });
        text.append(BREAK);
    }

    private static boolean isNew(Strings pairs, String first, String second) {
        return pairs.append(first, 0, first.length())
                .append(TextQuery.PAIR)
                .append(second, 0, second.length())
                .add();
    }

    boolean isCut() {
        return cut;
    }

    String text() {
        return text.toString();
    }
}
