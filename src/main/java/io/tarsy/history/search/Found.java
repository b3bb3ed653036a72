package io.tarsy.history.search;

import io.tarsy.history.database.TextQuery;
import io.tarsy.history.http.Answer;
import io.tarsy.history.session.Finder;
import io.tarsy.history.session.Passages;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the index says of a question at one moment. Settled sessions are asked for in the database's own index. Sessions
 * with notes apart, of which there are few, are decided here: by their notes, and by their settled part for what the
 * notes lack. A session whose entry is known to be wrong is decided by its texts.
 */
final class Found implements Finder.Finding {
    private static final long COUNTED = 10_000;
    /** So many sessions whose entry is wrong are read whole with each question. */
    static final int WRONG_READ = 20;

    /** From so many on, going through a list finds a page of them sooner than sorting them. */
    private static final long FREQUENT = 2_000;

    private static final long ALL = Integer.MAX_VALUE;

    private final Search search;
    private final List<Term> terms;
    private final String question;
    private final boolean hasPositive;
    private final Settled settled;
    private final Set<String> unlike;
    private final Set<String> alike;
    private final long pending;

    private Found(
            Search search,
            List<Term> terms,
            String question,
            boolean hasPositive,
            Settled settled,
            Set<String> unlike,
            Set<String> alike,
            long pending) {
        this.search = search;
        this.terms = terms;
        this.question = question;
        this.hasPositive = hasPositive;
        this.settled = settled;
        this.unlike = unlike;
        this.alike = alike;
        this.pending = pending;
    }

    static Found ask(Search search, List<Term> terms) {
        var positive = terms.stream().filter(term -> !term.excluded()).toList();
        // of a long phrase the index has only parts: they must be there, but where they are it need not be excluded
        var negative =
                terms.stream().filter(term -> term.excluded() && term.isExact()).toList();
        var query = new TextQuery(
                positive.stream()
                        .flatMap(term -> term.lexemes().stream())
                        .distinct()
                        .toList(),
                negative.stream().map(Term::lexemes).toList());
        var question = query.isEmpty() ? "" : search.index.question(query);
        var unlike = new LinkedHashSet<String>();
        var alike = new LinkedHashSet<String>();
        loose(search, positive, negative, unlike, alike);
        long pending = wrong(search, terms, unlike, alike);
        long most = COUNTED + unlike.size();
        var settled = positive.isEmpty()
                ? Settled.NONE
                : search.frequencies.haveAllMoreThan(query, most)
                        ? Settled.moreThan(most)
                        : Settled.of(search, question, most);
        if (!positive.isEmpty() && settled.isKnown()) {
            settled = decided(search, settled, unlike, alike);
        }
        return new Found(search, terms, question, !positive.isEmpty(), settled, unlike, alike, pending);
    }

    /** The same with what is known otherwise of some, which then need no mention any more. */
    private static Settled decided(Search search, Settled settled, Set<String> unlike, Set<String> alike) {
        var no = Numbers.of(search, unlike);
        var yes = Numbers.of(search, alike);
        unlike.clear();
        alike.removeAll(yes.keySet());
        return settled.with(Set.copyOf(no.values()), yes.values());
    }

    /** Decides the sessions that have notes: which match for sure and which do not for sure. */
    private static void loose(
            Search search, List<Term> positive, List<Term> negative, Set<String> unlike, Set<String> alike) {
        var all = new ArrayList<Term>(positive);
        all.addAll(negative);
        var byMissing = new LinkedHashMap<BitSet, List<String>>();
        var parameters = new ArrayList<Object>();
        search.reader.each(
                flags(search, all, parameters),
                row -> {
                    var missing = new BitSet();
                    boolean excluded = false;
                    for (int at = 0; at < all.size(); at++) {
                        boolean there = row.count("f" + at) > 0;
                        if (at < positive.size()) {
                            missing.set(at, !there);
                        } else {
                            excluded |= there;
                        }
                    }
                    var session = row.needed("session_id");
                    if (excluded) {
                        unlike.add(session);
                    } else if (positive.isEmpty() || missing.cardinality() < positive.size()) {
                        byMissing
                                .computeIfAbsent(missing, absent -> new ArrayList<>())
                                .add(session);
                    }
                },
                parameters.toArray());
        byMissing.forEach(
                (missing, sessions) -> alike.addAll(settledToo(search, positive, negative, missing, sessions)));
    }

    private static String flags(Search search, List<Term> all, List<Object> parameters) {
        var sql = new StringBuilder("select session_id");
        for (int at = 0; at < all.size(); at++) {
            sql.append(", max(case when ");
            var lexemes = all.get(at).lexemes();
            for (int one = 0; one < lexemes.size(); one++) {
                sql.append(one == 0 ? "" : " and ").append(search.index.holds("lexemes"));
                var lexeme = lexemes.get(one);
                parameters.add(Note.holding(lexeme));
            }
            sql.append(" then 1 else 0 end) as f").append(at);
        }
        return sql.append(" from search_recent group by session_id").toString();
    }

    /** Those of some sessions whose settled part has what their notes lack, and nothing that is excluded. */
    private static Collection<String> settledToo(
            Search search, List<Term> positive, List<Term> negative, BitSet missing, List<String> sessions) {
        var lacking = missing.stream()
                .mapToObj(positive::get)
                .flatMap(term -> term.lexemes().stream())
                .distinct()
                .toList();
        var query = new TextQuery(lacking, negative.stream().map(Term::lexemes).toList());
        if (query.isEmpty()) {
            return sessions;
        }
        // the plus: these few are looked up by their ids, and not all that match by their numbers
        var settled = search.reader.list(
                "select x.session_id from search_sessions x where x.session_id in (" + search.index.strings()
                        + ") and +x.session_no in (select m.session_no from (" + search.index.matches() + ") m)",
                row -> row.needed("session_id"),
                list(sessions),
                search.index.question(query),
                ALL);
        if (!lacking.isEmpty()) {
            return settled;
        }
        var excluded = Set.copyOf(settled);
        return sessions.stream().filter(one -> !excluded.contains(one)).toList();
    }

    private static long wrong(Search search, List<Term> terms, Set<String> unlike, Set<String> alike) {
        var wrong = search.reader.list(
                "select session_id from search_renewals where wrong limit " + (COUNTED + 1),
                row -> row.needed("session_id"));
        if (wrong.size() > WRONG_READ) {
            return wrong.size();
        }
        unlike.addAll(wrong);
        alike.removeAll(wrong);
        alike.addAll(Proof.of(search, wrong, terms));
        return 0;
    }

    static String list(Collection<String> sessions) {
        return Answer.text(json -> {
            json.writeStartArray();
            for (var session : sessions) {
                json.writeString(session);
            }
            json.writeEndArray();
        });
    }

    @Override
    public boolean isCommon() {
        return !settled.isKnown();
    }

    @Override
    public boolean isFrequent() {
        return settled.count >= FREQUENT;
    }

    @Override
    public @Nullable Collection<String> among(List<String> sessionIds) {
        var numbers = Numbers.of(search, sessionIds);
        var wanted = numbers.values();
        var matching = settled.isKnown()
                ? wanted.stream().filter(settled::has).collect(Collectors.toSet())
                : Numbers.matching(search, question, wanted);
        if (matching == null) {
            return null;
        }
        var found = new HashSet<String>(alike);
        numbers.forEach((session, number) -> {
            if (matching.contains(number) && !unlike.contains(session)) {
                found.add(session);
            }
        });
        found.retainAll(sessionIds);
        return found;
    }

    @Override
    public @Nullable List<String> byStart(Finder.Condition stretch, int most) {
        return hasPositive ? new ByStart(search, question, settled, unlike, alike, stretch).first(most) : null;
    }

    @Override
    public @Nullable Long countByStart(Finder.Condition stretch) {
        return hasPositive ? new ByStart(search, question, settled, unlike, alike, stretch).count() : null;
    }

    @Override
    public @Nullable Long total() {
        return hasPositive && unlike.isEmpty() && alike.isEmpty() ? (Long) settled.count : null;
    }

    @Override
    public boolean isExact() {
        return terms.stream().allMatch(Term::isExact);
    }

    @Override
    public Finder.Condition condition(Finder.Way way) {
        var parameters = new ArrayList<Object>();
        if (question.isEmpty() || !hasPositive) {
            return rest(parameters);
        }
        boolean inOrder = way == Finder.Way.IN_ORDER && !settled.isKnown();
        var sql = new StringBuilder();
        if (settled.isKnown()) {
            sql.append(search.index.numberedSessions());
            parameters.add(settled.json());
        } else if (inOrder) {
            sql.append("(select ")
                    .append(search.index.matchesRow("x"))
                    .append(" from search_sessions x where x.session_id = s.session_id)");
            parameters.add(question);
        } else {
            sql.append(search.index.matchingSessions());
            parameters.add(question);
            parameters.add(ALL);
        }
        if (!unlike.isEmpty()) {
            sql.append(" and ")
                    .append(inOrder ? "s" : "x")
                    .append(".session_id not in (")
                    .append(search.index.strings())
                    .append(')');
            parameters.add(list(unlike));
        }
        if (!alike.isEmpty()) {
            sql.append(inOrder ? " or s.session_id in (" : " union ")
                    .append(search.index.strings())
                    .append(inOrder ? ")" : "");
            parameters.add(list(alike));
        }
        boolean byOthers = way == Finder.Way.BY_OTHERS || !settled.isKnown();
        var condition = inOrder
                ? "(" + sql + ")"
                : byOthers ? search.index.isAmongMany("s.session_id", sql.toString()) : "s.session_id in (" + sql + ")";
        return new Finder.Condition(condition, List.copyOf(parameters));
    }

    /** Everything but what is excluded. */
    private Finder.Condition rest(List<Object> parameters) {
        var sql = new StringBuilder();
        if (!question.isEmpty()) {
            sql.append("s.session_id not in (")
                    .append(search.index.matchingSessions())
                    .append(')');
            parameters.add(question);
            parameters.add(ALL);
        } else {
            sql.append("s.session_id is not null");
        }
        if (!unlike.isEmpty()) {
            sql.append(" and s.session_id not in (")
                    .append(search.index.strings())
                    .append(')');
            parameters.add(list(unlike));
        }
        if (!alike.isEmpty()) {
            sql.append(" or s.session_id in (").append(search.index.strings()).append(')');
            parameters.add(list(alike));
        }
        return new Finder.Condition("(" + sql + ")", List.copyOf(parameters));
    }

    @Override
    public Collection<String> proven(List<String> sessionIds) {
        return Proof.of(
                search,
                sessionIds,
                terms.stream().filter(term -> !term.isExact()).toList());
    }

    @Override
    public Map<String, List<Finder.Match>> matches(List<String> sessionIds) {
        var positive = terms.stream().filter(term -> !term.excluded()).toList();
        var matches = new HashMap<String, List<Finder.Match>>();
        var shown = new HashMap<String, BitSet>();
        for (var session : sessionIds) {
            matches.put(session, new ArrayList<>());
            shown.put(session, new BitSet());
        }
        if (positive.isEmpty() || sessionIds.isEmpty()) {
            return matches;
        }
        search.passages.each(sessionIds, new Passages.Visitor() {
            @Override
            public void visit(Passages.Document document) {
                var some = matches.get(document.sessionId());
                var done = shown.get(document.sessionId());
                if (some != null && done != null) {
                    Search.show(document.id(), document.passages(), positive, search.bodyLimit(), done, some);
                }
            }

            @Override
            public boolean wants(String sessionId) {
                var some = matches.get(sessionId);
                var done = shown.get(sessionId);
                return some != null
                        && done != null
                        && some.size() < Search.MOST_MATCHES
                        && done.cardinality() < positive.size();
            }

            @Override
            public boolean mayWant(String sessionId, String raw) {
                var done = shown.get(sessionId);
                return done != null && Search.mayShow(raw, positive, done);
            }
        });
        return matches;
    }

    @Override
    public Finder.Caveats caveats() {
        var cut = search.reader.first(
                "select count(*) as n from (select 1 from search_sessions where cut_bodies > 0 limit " + (COUNTED + 1)
                        + ") c",
                row -> row.count("n"));
        return new Finder.Caveats(cut == null ? 0 : cut, pending);
    }
}
