package io.tarsy.history.search;

import io.tarsy.history.session.Passages;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Decides by their texts which sessions match: no index is asked. */
final class Proof implements Passages.Visitor {
    private final Search search;
    private final List<Term> terms;
    private final Map<String, BitSet> found = new HashMap<>();

    private Proof(Search search, List<Term> terms) {
        this.search = search;
        this.terms = terms;
    }

    /** Those of the sessions in which every term stands that must, and none that must not. */
    static Collection<String> of(Search search, List<String> sessionIds, List<Term> terms) {
        if (sessionIds.isEmpty() || terms.isEmpty()) {
            return sessionIds;
        }
        var proof = new Proof(search, terms);
        sessionIds.forEach(session -> proof.found.put(session, new BitSet()));
        search.passages.each(sessionIds, proof);
        return sessionIds.stream().filter(proof::matches).toList();
    }

    @Override
    public void visit(Passages.Document document) {
        var known = found.computeIfAbsent(document.sessionId(), absent -> new BitSet());
        Search.look(document.passages(), terms, search.bodyLimit(), known);
    }

    /** It is decided once every term has been found, or one that must not be there. */
    @Override
    public boolean wants(String sessionId) {
        var known = found.get(sessionId);
        return known != null && known.cardinality() < terms.size() && !hasExcluded(known);
    }

    private boolean hasExcluded(BitSet known) {
        return known.stream().anyMatch(at -> terms.get(at).excluded());
    }

    private boolean matches(String sessionId) {
        var known = found.getOrDefault(sessionId, new BitSet());
        for (int at = 0; at < terms.size(); at++) {
            if (known.get(at) == terms.get(at).excluded()) {
                return false;
            }
        }
        return true;
    }
}
