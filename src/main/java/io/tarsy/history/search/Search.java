package io.tarsy.history.search;

import io.tarsy.history.config.ConfigKey;
import io.tarsy.history.config.Settings;
import io.tarsy.history.database.Reader;
import io.tarsy.history.database.TextIndex;
import io.tarsy.history.session.Finder;
import io.tarsy.history.session.Passage;
import io.tarsy.history.session.Passages;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds sessions by words; the same question gets the same answer on both databases. */
@ApplicationScoped
public class Search implements Finder {
    /** More places of one record or session are not shown. */
    static final int MOST_MATCHES = 5;

    @Inject
    Reader reader;

    @Inject
    TextIndex index;

    @Inject
    Frequencies frequencies;

    @Inject
    Passages passages;

    @Inject
    Settings settings;

    @Override
    public Question question(String field, String search) {
        return new Asked(Terms.of(field, search));
    }

    int bodyLimit() {
        return settings.number(ConfigKey.HISTORY_SEARCH_BODY_CHARACTERS);
    }

    private final class Asked implements Question {
        private final List<Term> terms;

        Asked(List<Term> terms) {
            this.terms = terms;
        }

        @Override
        public Finding ask() {
            return Found.ask(Search.this, terms);
        }

        @Override
        public @Nullable List<Match> in(String where, List<Passage> texts) {
            var found = new BitSet();
            look(texts, terms, bodyLimit(), found);
            for (int at = 0; at < terms.size(); at++) {
                if (found.get(at) == terms.get(at).excluded()) {
                    return null;
                }
            }
            var matches = new ArrayList<Match>();
            show(where, texts, terms, bodyLimit(), new BitSet(), matches);
            return matches;
        }

        @Override
        public boolean cuts(List<Passage> texts) {
            return texts.stream().mapToLong(passage -> passage.text().length()).sum() > bodyLimit();
        }
    }

    /** Tells which terms stand in the texts of one record. */
    static void look(List<Passage> texts, List<Term> terms, int limit, BitSet found) {
        int left = limit;
        for (var passage : texts) {
            Scan.of(passage.text(), left, terms).forEach(hit -> found.set(hit.term()));
            left = Math.max(0, left - passage.text().length());
        }
    }

    /** Whether a JSON text may show a term that nothing shows yet: sure only of a no. Escapes may hide letters. */
    static boolean mayShow(String json, List<Term> terms, BitSet shown) {
        return Scan.mayHave(Haystack.of(json), json.length(), terms, at -> !shown.get(at)) || json.contains("\\u");
    }

    /**
     * Shows where terms stand in the texts of one record.
     *
     * @param where its name in matches, or empty to name each text by its field
     * @param most characters of them are looked at
     * @param shown the terms that some match shows already
     * @param matches takes a match for each text that shows a term for the first time
     */
    static void show(
            String where, List<Passage> texts, List<Term> terms, int most, BitSet shown, List<Finder.Match> matches) {
        int left = most;
        for (var passage : texts) {
            int limit = left;
            left = Math.max(0, left - passage.text().length());
            var hits = Scan.first(Haystack.of(passage.text()), limit, terms, at -> !shown.get(at), Snippet.LENGTH);
            var wanted = hits.stream()
                    .filter(hit -> !terms.get(hit.term()).excluded())
                    .toList();
            for (var first : wanted) {
                if (!shown.get(first.term()) && matches.size() < MOST_MATCHES) {
                    matches.add(new Finder.Match(
                            where.isEmpty() ? passage.field() : where,
                            passage.field(),
                            Snippet.of(passage.text(), first, wanted)));
                    wanted.stream().filter(hit -> Snippet.shows(first, hit)).forEach(hit -> shown.set(hit.term()));
                    shown.set(first.term());
                }
            }
        }
    }
}
