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
        if (terms.stream().noneMatch(term -> may(text, limit, term))) {
            return List.of();
        }
        return all(text, limit, terms);
    }

    /** The same for a text in which one of them may stand. */
    static List<Hit> all(String text, int limit, List<Term> terms) {
        var scan = new Scan(terms);
        Words.each(text, limit, scan);
        return scan.hits;
    }

    /** Whether a term may stand in a text: a quick look that is sure only of a no, and takes all but ASCII for a yes. */
    static boolean may(String text, int limit, Term term) {
        var word = term.words().get(0);
        if (word.charAt(0) >= 0x80) {
            return true;
        }
        char small = word.charAt(0);
        char capital = Character.toUpperCase(small);
        for (int at = 0, end = Math.min(limit, text.length()); at < end; at++) {
            char one = text.charAt(at);
            if (one >= 0x80 || ((one == small || one == capital) && stands(text, at, word))) {
                return true;
            }
        }
        return false;
    }

    private static boolean stands(String text, int from, String word) {
        for (int at = 1; at < word.length(); at++) {
            char one = from + at < text.length() ? text.charAt(from + at) : ' ';
            if (one >= 0x80 || word.charAt(at) >= 0x80) {
                return true;
            }
            if (Character.toLowerCase(one) != word.charAt(at)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void word(String word, List<String> parts, int start, int end) {
        if (longest > 1) {
            last.addLast(new Token(word, start, end));
            if (last.size() > longest) {
                last.removeFirst();
            }
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

    private static boolean isPart(Term term, List<String> parts) {
        for (int at = 0; at < parts.size(); at++) { // no stream: it is done for each word of each text
            if (term.is(0, parts.get(at))) {
                return true;
            }
        }
        return false;
    }

    /** Where the term begins that ends with this word, or -1. */
    private int begin(Term term, String word, List<String> parts, int start) {
        int size = term.words().size();
        if (size == 1) {
            return term.is(0, word) || isPart(term, parts) ? start : -1;
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
