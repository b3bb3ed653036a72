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
     * @param text letters and digits, or two words of them with a middle dot in between
     * @param prefix whether longer words count too
     */
    public record Lexeme(String text, boolean prefix) {}

    /** Both empty: there is nothing to ask. */
    public boolean isEmpty() {
        return all.isEmpty() && none.isEmpty();
    }
}
