package io.tarsy.history.session;

import io.tarsy.history.http.Answer;
import io.tarsy.history.session.SessionListService.Candidate;
import io.tarsy.history.session.SessionPage.Hits;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A list of sessions in which words are looked for. */
final class SearchedList {
    /** So many candidates are proven for one page, and for one total. */
    private static final int PROVEN = 1_000;

    private static final int PROVEN_AT_ONCE = 100;

    /** So many sessions of a list are gone through, in pieces that grow from the first. */
    private static final int WALKED = 5_000;

    private static final int WALKED_FIRST = 200;

    /** So many are gone through to count what they have. */
    private static final int WALKED_TO_COUNT = 50_000;

    private final SessionListService lists;
    private final SessionQuery query;
    private final Finder.Finding finding;
    private final Where filters;
    private Finder.@Nullable Way way;

    SearchedList(SessionListService lists, SessionQuery query, Finder.Finding finding) {
        this.lists = lists;
        this.query = query;
        this.finding = finding;
        this.filters = Where.of(query);
    }

    Answer.Writer page() {
        return finding.isExact() ? indexed() : proven();
    }

    /** The values of the newest that match; of a long phrase those of the newest candidates in which it stands. */
    Facets facets(Map<String, List<String>> chosen) {
        if (!finding.isExact()) {
            var some = candidates(null);
            var right = prove(some.subList(0, Math.min(PROVEN, some.size())), Integer.MAX_VALUE);
            return new Facets(chosen, lists.alike(only(right)), some.size() > PROVEN);
        }
        long total = total();
        // fewer are grouped at once, by their numbers
        var walked = finding.isFrequent() && total > SessionListService.COUNTED ? walkedAlike() : null;
        return new Facets(
                chosen,
                walked == null ? lists.alike(filters.and(finding.condition(Finder.Way.BY_FOUND))) : walked,
                total > SessionListService.COUNTED);
    }

    /**
     * The first of the list that match, grouped, by going through it piece by piece; null if they are too far apart, or
     * the list is in quite another order than sessions were written.
     */
    private @Nullable List<Facets.Alike> walkedAlike() {
        var groups = new HashMap<Map<String, String>, Long>();
        long found = 0;
        var after = query.after();
        int seen = 0;
        for (int size = WALKED_FIRST; found < SessionListService.COUNTED && seen < WALKED_TO_COUNT; ) {
            var some = lists.valued(query, filters, after, size);
            var matching =
                    finding.among(some.stream().map(one -> one.at().sessionId()).toList());
            if (matching == null) {
                return null;
            }
            for (var one : some) {
                if (found < SessionListService.COUNTED
                        && matching.contains(one.at().sessionId())) {
                    groups.merge(one.values(), 1L, Long::sum);
                    found++;
                }
            }
            if (some.size() < size) {
                break;
            }
            after = query.cursor(some.get(size - 1).at().cursor());
            seen += size;
            size = Math.min(size * 4, WALKED);
        }
        return groups.entrySet().stream()
                .map(group -> new Facets.Alike(group.getKey(), group.getValue()))
                .toList();
    }

    /** The ids of one page, neither counted nor shown; of candidates, so many are looked through for it. */
    SessionListService.Ids ids(int most) {
        var some = listed(
                filters.and(finding.condition(finding.isExact() && finding.isCommon() ? Finder.Way.IN_ORDER : way())),
                query.after(),
                most + 1);
        boolean more = some.size() > most;
        var shown = more ? some.subList(0, most) : some;
        var ids =
                finding.isExact() ? shown.stream().map(Candidate::sessionId).toList() : prove(shown, Integer.MAX_VALUE);
        return new SessionListService.Ids(
                ids, more ? query.from(query.cursor(shown.get(most - 1).cursor())) : null);
    }

    private Answer.Writer indexed() {
        long total = total();
        var first = query.isByStart() && needed() <= PROVEN ? finding.byStart(stretch(), (int) needed()) : null;
        if (first == null && finding.isFrequent()) {
            first = walked();
        }
        if (first != null) {
            return with(total, lists.rows(query, only(first)));
        }
        if (total > SessionListService.COUNTED || needed() > PROVEN) {
            return with(
                    total,
                    lists.rows(
                            query,
                            filters.and(finding.condition(
                                    total > SessionListService.COUNTED ? Finder.Way.IN_ORDER : way()))));
        }
        // sorted by as little as can be, and then read
        var sorted = listed(filters.and(finding.condition(way())), query.after(), (int) needed());
        return with(
                total,
                lists.rows(query, only(sorted.stream().map(Candidate::sessionId).toList())));
    }

    /** What of the list by start is wanted: from its dates or its cursor on. */
    private Finder.Condition stretch() {
        var sql = new StringBuilder(dates().sql());
        var parameters = new ArrayList<>(filters.parameters());
        SessionListService.order(query, filters.sql() + " ", sql, parameters);
        return new Finder.Condition(sql.toString(), parameters);
    }

    private Finder.Condition dates() {
        return new Finder.Condition(filters.sql().replaceFirst("^ where ", " and "), filters.parameters());
    }

    /**
     * The first of the list that match, as many as are needed, by going through it piece by piece; null if they are too
     * far apart, or the list is in quite another order than sessions were written.
     */
    private @Nullable List<String> walked() {
        long needed = needed();
        var right = new ArrayList<String>();
        var after = query.after();
        int seen = 0;
        for (int size = WALKED_FIRST; seen < WALKED; ) {
            var some = listed(filters, after, size);
            var matching = finding.among(some.stream().map(Candidate::sessionId).toList());
            if (matching == null) {
                return null;
            }
            some.stream()
                    .map(Candidate::sessionId)
                    .filter(matching::contains)
                    .limit(needed - right.size())
                    .forEach(right::add);
            if (right.size() == needed || some.size() < size) {
                return right;
            }
            after = query.cursor(some.get(size - 1).cursor());
            seen += size;
            // as many as should have what is missing, and some more
            long next = right.isEmpty() ? WALKED : (needed - right.size()) * seen / right.size() * 5 / 4 + 16;
            size = (int) Math.min(next, size * 4L);
        }
        return null;
    }

    /** The sessions from the cursor, or from the beginning, to the end of the page, and one more. */
    private long needed() {
        return (query.after() == null ? (query.page() - 1L) * query.pageSize() : 0) + query.pageSize() + 1;
    }

    private long total() {
        var known = finding.total();
        if (query.onlySearches() && (known != null || finding.isCommon())) {
            return known == null ? SessionListService.COUNTED + 1L : Math.min(known, SessionListService.COUNTED + 1L);
        }
        var dated = query.filters().isEmpty() ? finding.countByStart(dates()) : null;
        return dated == null
                ? lists.count(filters.and(finding.condition(way())))
                : Math.min(dated, SessionListService.COUNTED + 1L);
    }

    /** Many that are found are not looked up one by one where the filters leave fewer. */
    private Finder.Way way() {
        if (way == null) {
            way = finding.isFrequent()
                            && !query.filters().isEmpty()
                            && lists.count(filters) <= SessionListService.COUNTED
                    ? Finder.Way.BY_OTHERS
                    : Finder.Way.BY_FOUND;
        }
        return way;
    }

    /**
     * The index says of a long phrase only where it may stand. As long as these are few, all are looked through, and the
     * list is that of those in which it does. Else it goes on from cursor to cursor, and the total is an estimate.
     */
    private Answer.Writer proven() {
        var all = candidates(null);
        if (all.size() <= PROVEN) {
            var right = prove(all, Integer.MAX_VALUE);
            return with(right.size(), lists.rows(query, only(right)));
        }
        var after = query.after() == null ? all : candidates(query.after());
        var some = after.subList(0, Math.min(PROVEN, after.size()));
        var right = prove(some, needed());
        var rows = lists.rows(query, only(right));
        if (rows.next() == null && after.size() > PROVEN) {
            rows = new SessionPage.Rows(rows.lines(), some.get(some.size() - 1).cursor());
        }
        return with(SessionListService.COUNTED + 1L, rows);
    }

    private Where only(Collection<String> sessionIds) {
        if (sessionIds.isEmpty()) {
            return new Where(" where 1 = 0", List.of());
        }
        var marks = sessionIds.stream().map(id -> "?").collect(Collectors.joining(", "));
        return new Where(" where s.session_id in (" + marks + ")", List.copyOf(sessionIds));
    }

    private List<Candidate> candidates(SessionQuery.@Nullable Cursor after) {
        return listed(filters.and(finding.condition(way())), after, PROVEN + 1);
    }

    private List<Candidate> listed(Where where, SessionQuery.@Nullable Cursor after, int most) {
        return lists.listed(query, where, after, most);
    }

    /** Those in which it stands, in order, until there are as many as are needed. */
    private List<String> prove(List<Candidate> candidates, long needed) {
        var right = new ArrayList<String>();
        for (int from = 0; from < candidates.size() && right.size() < needed; from += PROVEN_AT_ONCE) {
            var some = candidates.subList(from, Math.min(from + PROVEN_AT_ONCE, candidates.size())).stream()
                    .map(Candidate::sessionId)
                    .toList();
            var proven = new HashSet<>(finding.proven(some));
            some.stream().filter(proven::contains).forEach(right::add);
        }
        return right;
    }

    private Answer.Writer with(long total, SessionPage.Rows rows) {
        return new SessionPage(query, total, rows, new Hits(finding.matches(rows.ids()), finding.caveats()));
    }
}
