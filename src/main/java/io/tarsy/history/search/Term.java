package io.tarsy.history.search;

import io.tarsy.history.database.TextQuery.Lexeme;
import java.util.ArrayList;
import java.util.List;

/**
 * One thing that is looked for.
 *
 * @param words one word, or the words of a phrase or an identifier, folded
 * @param prefix whether the last one may go on
 * @param excluded whether it must not be there
 * @param needle the first of its words
 */
record Term(List<String> words, boolean prefix, boolean excluded, Needle needle) {
    static Term of(List<String> words, boolean prefix, boolean excluded) {
        return new Term(List.copyOf(words), prefix, excluded, new Needle(words.get(0)));
    }

    /** What the index must have of it: the word, or each two words that follow one another. */
    List<Lexeme> lexemes() {
        if (words.size() == 1) {
            return List.of(new Lexeme(words.get(0), prefix));
        }
        var pairs = new ArrayList<Lexeme>();
        for (int at = 1; at < words.size(); at++) {
            boolean open = prefix && at + 1 == words.size();
            pairs.add(new Lexeme(Lexemes.pair(words.get(at - 1), words.get(at)), open));
        }
        return pairs;
    }

    /** Whether the index alone can tell. Of three words it knows each two, but not whether they are in one place. */
    boolean isExact() {
        return words.size() < 3;
    }

    /** Whether a word of a text is the one at this place of the term. */
    boolean is(int at, String word) {
        var mine = words.get(at);
        return (prefix && at == words.size() - 1) ? word.startsWith(mine) : word.equals(mine);
    }
}
