package io.tarsy.history.database;

import java.util.List;

/**
 * A question to the text index: rows that hold all of some lexemes and none of some groups of others.
 *
 * @param all each must be there
 * @param none of each group, not all may be there
 */
public record TextQuery(List<Lexeme> all, List<List<Lexeme>> none) {

    /**
     * A word of the index.
     *
     * @param text letters and digits, or a pair of words that follow one another, each behind a {@link #PAIR}
     * @param prefix whether longer words count too
     */
    public record Lexeme(String text, boolean prefix) {

        /** The words with blanks between them. */
        public String words() {
            return text.charAt(0) == PAIR ? text.substring(1).replace(PAIR, ' ') : text;
        }
    }

    /** Stands before each word of a pair, and in no word: so the beginning of a word is not that of a pair. */
    public static final char PAIR = '·';

    /** A question for one lexeme. */
    public static TextQuery of(Lexeme lexeme) {
        return new TextQuery(List.of(lexeme), List.of());
    }

    /** Both empty: there is nothing to ask. */
    public boolean isEmpty() {
        return all.isEmpty() && none.isEmpty();
    }
}
