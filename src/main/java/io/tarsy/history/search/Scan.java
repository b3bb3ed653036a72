package io.tarsy.history.search;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntPredicate;

/** Where terms stand in one text. */
final class Scan implements Words.Sink {
    private static final int MOST_HITS = 200;

    /** A blank is looked for so far back. */
    private static final int MOST_BACK = 400;

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
        var haystack = Haystack.of(text);
        if (!mayHave(haystack, limit, terms, at -> true)) {
            return List.of();
        }
        var scan = new Scan(terms);
        Words.each(text, limit, scan);
        return scan.hits;
    }

    /**
     * The first place of each term that is awaited, and what stands so near to it that it is shown with it; the rest of a
     * text need not be taken apart for them.
     *
     * @param near so many characters behind a place are shown with it, and less than half of them before it
     */
    static List<Hit> first(Haystack haystack, int limit, List<Term> terms, IntPredicate awaited, int near) {
        var scan = new Scan(terms);
        if (scan.longest > 1) {
            if (mayHave(haystack, limit, terms, awaited)) {
                Words.each(haystack.text(), limit, scan); // the words of a phrase may be far apart
            }
        } else {
            scan.around(haystack, Math.min(limit, haystack.text().length()), awaited, near);
        }
        return scan.hits;
    }

    private void around(Haystack haystack, int limit, IntPredicate awaited, int near) {
        var text = haystack.text();
        var next = new int[terms.size()];
        int at = 0;
        int known = 0;
        for (int end = 0; at < limit; known = hits.size()) {
            if (at >= end) {
                int place = nearest(haystack, at, limit, awaited, next);
                if (place >= limit) {
                    return;
                }
                at = blank(text, at, place - near / 2);
                end = place + 1;
            }
            at = Words.each(text, at, Math.min(end, limit), this);
            for (var hit : hits.subList(known, hits.size())) {
                if (seen[hit.term] == 1 && awaited.test(hit.term)) {
                    end = Math.max(end, hit.end + near);
                }
            }
        }
    }

    /** Where a term may stand that is awaited and not found yet; each is looked for again only once it is passed. */
    private int nearest(Haystack haystack, int from, int limit, IntPredicate awaited, int[] next) {
        int nearest = limit;
        for (int term = 0; term < next.length; term++) {
            if (seen[term] == 0 && awaited.test(term)) {
                if (next[term] < from || from == 0) {
                    next[term] = terms.get(term).needle().possible(haystack, from, limit);
                }
                nearest = Math.min(nearest, next[term]);
            }
        }
        return nearest;
    }

    /** The last blank from one place to another, where surely no word is under way; else the first place. */
    private static int blank(String text, int from, int to) {
        for (int at = to; at > from && at > to - MOST_BACK; at--) {
            if (text.charAt(at) == ' ' || text.charAt(at) == '\n') {
                return at;
            }
        }
        return from;
    }

    /** Whether any of those terms that are awaited may stand in a text: a quick look that is sure only of a no. */
    static boolean mayHave(Haystack haystack, int limit, List<Term> terms, IntPredicate awaited) {
        int end = Math.min(limit, haystack.text().length());
        for (int at = 0; at < terms.size(); at++) { // no stream: it is done for each text
            if (awaited.test(at) && terms.get(at).needle().possible(haystack, 0, end) < end) {
                return true;
            }
        }
        return false;
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
