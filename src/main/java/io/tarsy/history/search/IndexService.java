package io.tarsy.history.search;

import io.tarsy.history.database.Database;
import io.tarsy.history.database.TextIndex;
import io.tarsy.history.http.Bodies;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Brings what was noted of a session into the index. A public method is one short transaction. */
@Stateless
public class IndexService {
    private static final long MOST_CHARACTERS = 4_000_000;

    @Inject
    EntityManager entities;

    @Inject
    Database database;

    @Inject
    TextIndex index;

    @Inject
    Bodies bodies;

    /**
     * Puts what was noted of some sessions into the index. One that somebody has written to since, or writes to at this
     * moment, is left for later.
     */
    public void settle(List<Reading> readings) {
        store(unchanged(readings));
    }

    /**
     * Puts what was read of some sessions in the place of all that was known, by the same rule.
     *
     * @return how many were done
     */
    public int renew(List<Reading> readings) {
        var mine = unchanged(readings);
        store(mine);
        place(mine);
        forget("search_renewals", mine);
        return mine.size();
    }

    /** Makes true where they stand in the list by their start, which the database itself notes when they begin. */
    private void place(List<Reading> entries) {
        if (!entries.isEmpty()) {
            ids(
                            "insert into search_order (session_no, session_id, started_at_us)"
                                    + " select x.session_no, s.session_id, s.started_at_us from search_sessions x"
                                    + " join alert_sessions s on s.session_id = x.session_id where x.session_id in (",
                            entries,
                            ") on conflict (session_no) do update set session_id = excluded.session_id, started_at_us ="
                                    + " excluded.started_at_us where (search_order.session_id,"
                                    + " search_order.started_at_us) <> (excluded.session_id, excluded.started_at_us)")
                    .executeUpdate();
        }
    }

    /** Whoever writes to a session has its totals locked. */
    private List<Reading> unchanged(List<Reading> readings) {
        var revisions = new HashMap<Object, Long>();
        for (Object row : ids(
                        "select session_id, revision from session_totals where session_id in (",
                        readings,
                        ")" + database.lockingUnlessLocked())
                .getResultList()) {
            var columns = (Object[]) row;
            revisions.put(columns[0], ((Number) columns[1]).longValue());
        }
        return readings.stream()
                .filter(one -> Long.valueOf(one.revision()).equals(revisions.get(one.sessionId())))
                .toList();
    }

    private void store(List<Reading> entries) {
        int from = 0;
        long characters = 0;
        var texts = new ArrayList<String>();
        for (var entry : entries) {
            texts.add(
                    index.keepsOrder()
                            ? entry.lexemes().inOrder()
                            : entry.lexemes().text());
            characters += texts.get(texts.size() - 1).length();
            if (characters > MOST_CHARACTERS) {
                store(entries.subList(from, texts.size()), texts.subList(from, texts.size()));
                from = texts.size();
                characters = 0;
            }
        }
        store(entries.subList(from, entries.size()), texts.subList(from, entries.size()));
        forget("search_recent", entries);
    }

    /** In one statement: an index is written to once for each, and merges the less. */
    private void store(List<Reading> entries, List<String> texts) {
        if (entries.isEmpty()) {
            return;
        }
        var rows = IntStream.range(0, entries.size())
                .mapToObj(at -> "(?" + (at * 3 + 2) + ", ?" + (at * 3 + 3) + ", ?1, "
                        + index.lexemesOf("?" + (at * 3 + 4)) + ")")
                .collect(Collectors.joining(", "));
        var insert = entities.createNativeQuery("insert into search_sessions (session_id, cut_bodies, settled_at_us,"
                        + " lexemes) values " + rows + " on conflict (session_id) do update set cut_bodies ="
                        + " excluded.cut_bodies, settled_at_us = excluded.settled_at_us, lexemes = excluded.lexemes")
                .setParameter(1, bodies.nowUs());
        for (int at = 0; at < entries.size(); at++) {
            var entry = entries.get(at);
            insert.setParameter(at * 3 + 2, entry.sessionId())
                    .setParameter(
                            at * 3 + 3, entry.lexemes().isCut() ? Math.max(entry.cutBodies(), 1) : entry.cutBodies())
                    .setParameter(at * 3 + 4, texts.get(at));
        }
        insert.executeUpdate();
    }

    private void forget(String table, List<Reading> entries) {
        if (entries.isEmpty()) {
            return;
        }
        ids("delete from " + table + " where session_id in (", entries, ")").executeUpdate();
    }

    private Query ids(String before, List<Reading> entries, String behind) {
        var marks = IntStream.rangeClosed(1, entries.size())
                .mapToObj(at -> "?" + at)
                .collect(Collectors.joining(", "));
        var query = entities.createNativeQuery(before + marks + behind);
        for (int at = 0; at < entries.size(); at++) {
            query.setParameter(at + 1, entries.get(at).sessionId());
        }
        return query;
    }

    /**
     * Marks the next sessions to be made anew, by their ids.
     *
     * @param after behind this one
     * @param many how many at most
     * @param wrong whether what the index says of them is wrong
     * @return the last one, or null if there was none
     */
    public @Nullable String mark(String after, int many, boolean wrong) {
        var last = (String) entities.createNativeQuery("select max(session_id) from (select session_id from"
                        + " alert_sessions where session_id > ?1 order by session_id limit " + many + ") x")
                .setParameter(1, after)
                .getSingleResult();
        if (last == null) {
            return null;
        }
        entities.createNativeQuery("insert into search_renewals (session_id, wrong) select session_id, ?3 from"
                        + " alert_sessions where session_id > ?1 and session_id <= ?2 on conflict (session_id) do "
                        + (wrong ? "update set wrong = excluded.wrong" : "nothing"))
                .setParameter(1, after)
                .setParameter(2, last)
                .setParameter(3, wrong)
                .executeUpdate();
        return last;
    }

    /** Sorts into the index what was put beside it: in a transaction of its own, since nobody need wait for it. */
    public void sortIn() {
        var query = index.sortsIn();
        if (query != null) {
            entities.createNativeQuery(query).getSingleResult();
        }
    }

    /** Notes by which rules texts are taken apart from now on. */
    public void follow(long rules) {
        entities.createNativeQuery("delete from search_rules").executeUpdate();
        entities.createNativeQuery("insert into search_rules (rules) values (?1)")
                .setParameter(1, rules)
                .executeUpdate();
    }
}
