package io.tarsy.history.search;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Where terms stand in one text. */
final class Scan implements Words.Sink {
    private static final int MOST_HITS = 200;

    private final List<Term> terms;
    private final List<Hit> hits = new ArrayList<>();
    private final int[] seen;
    private final ArrayDeque<Token> last = new ArrayDeque<>();
    private final int longest;

    /**
     * One place where a term stands.
     *
     * @param term which of the terms
     * @param start in the text
     * @param end behind its last character
     */
    record Hit(int term, int start, int end) {}

    private record Token(String word, int start, int end) {}

    private Scan(List<Term> terms) {
        this.terms = terms;
        this.seen = new int[terms.size()];
        this.longest =
                terms.stream().mapToInt(term -> term.words().size()).max().orElse(1);
    }

    /** The places in order of their ends, of each term not more than can be shown. */
    static List<Hit> of(String text, int limit, List<Term> terms) {
        var scan = new Scan(terms);
        Words.each(text, limit, scan);
        return scan.hits;
    }

    @Override
    public void word(String word, List<String> parts, int start, int end) {
        last.addLast(new Token(word, start, end));
        if (last.size() > longest) {
            last.removeFirst();
        }
        for (int at = 0; at < seen.length; at++) {
            if (seen[at] == MOST_HITS) {
                continue;
            }
            int begin = begin(terms.get(at), word, parts, start);
            if (begin >= 0) {
                seen[at]++;
                hits.add(new Hit(at, begin, end));
            }
        }
    }

    /** Where the term begins that ends with this word, or -1. */
    private int begin(Term term, String word, List<String> parts, int start) {
        int size = term.words().size();
        if (size == 1) {
            return term.is(0, word) || parts.stream().anyMatch(part -> term.is(0, part)) ? start : -1;
        }
        if (size > last.size() || !term.is(size - 1, word)) {
            return -1;
        }
        Iterator<Token> back = last.descendingIterator();
        int begin = -1;
        for (int at = size - 1; at >= 0; at--) {
            var token = back.next();
            if (!term.is(at, token.word)) {
                return -1;
            }
            begin = token.start;
        }
        return begin;
    }
}
