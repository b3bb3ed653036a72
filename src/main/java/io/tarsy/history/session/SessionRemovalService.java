package io.tarsy.history.session;

import io.tarsy.history.database.Database;
import io.tarsy.history.http.Bodies;
import io.tarsy.history.http.Uuid7;
import io.tarsy.history.session.Interactions.Exchange;
import jakarta.ejb.Stateless;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Deletes sessions in steps: a public method is one short transaction, which deletes no more rows than it is told.
 * Nothing is loaded; whether a session may still go is asked again under its lock.
 */
@Stateless
public class SessionRemovalService {
    @Inject
    EntityManager entities;

    @Inject
    Database database;

    @Inject
    Bodies bodies;

    @Inject
    Event<Change> changes;

    @Inject
    Event<Worded> words;

    @Inject
    Event<Counted> counts;

    /**
     * Deletes these sessions with everything in them, except those that have changed, are held or written to now.
     *
     * @param sessions whose rows together are no more than one transaction may delete
     * @param cause who deletes them, for the audit
     * @return those that are gone
     */
    public List<Expired> remove(List<Expired> sessions, String cause) {
        var going = unchanged(sessions);
        if (going.isEmpty()) {
            return going;
        }
        Counted.lostWith(entities, going.stream().map(Expired::sessionId).toList())
                .forEach(counts::fire);
        delete("llm_interactions", going);
        delete("mcp_communications", going);
        delete("stage_executions", going);
        delete("session_totals", going);
        delete("session_headlines", going);
        delete("alert_sessions", going);
        long now = bodies.nowUs();
        audit(going, cause, now);
        going.forEach(one -> changes.fire(Change.deleted(one.sessionId(), now)));
        return going;
    }

    /**
     * Deletes some rows of a session that has too many for one transaction: interactions first, then stages without
     * children. Its totals stay true.
     *
     * @return the session as it is then, or null if it must not be touched any more
     */
    public @Nullable Expired shrink(Expired session, int mostRows) {
        if (unchanged(List.of(session)).isEmpty()) {
            return null;
        }
        TotalsChange less;
        if (session.llm() > 0) {
            less = shrink(Exchange.LLM, session.sessionId(), mostRows);
        } else if (session.mcp() > 0) {
            less = shrink(Exchange.MCP, session.sessionId(), mostRows);
        } else {
            less = leaves(session.sessionId(), mostRows);
        }
        if (less.llm() + less.mcp() + less.stages() == 0) {
            throw new IllegalStateException("The totals of session " + session.sessionId() + " are not true.");
        }
        less.apply(entities, session.sessionId(), bodies.nowUs());
        return new Expired(
                session.sessionId(),
                session.completedAtUs(),
                session.alertType(),
                session.revision() + 1,
                session.llm() + less.llm(),
                session.mcp() + less.mcp(),
                session.stages() + less.stages(),
                session.bytes() + less.bytes());
    }

    /** Locks what nobody else has locked, and leaves out what is no longer as it was. */
    private List<Expired> unchanged(List<Expired> sessions) {
        var locked = ids(
                "select session_id from session_totals where session_id in (" + marks(sessions.size(), 1)
                        + ") order by session_id" + database.lockingUnlessLocked(),
                sessions);
        var mine = new HashSet<Object>();
        for (Object id : locked.getResultList()) {
            mine.add(id);
        }
        if (mine.isEmpty()) {
            return List.of();
        }
        // asked once more: what the lock was waited for is seen only by the next question
        var now = ids(
                "select t.session_id, t.revision from session_totals t join alert_sessions s"
                        + " on s.session_id = t.session_id where " + ExpiredSessions.MAY_GO
                        + " and t.session_id in (" + marks(sessions.size(), 1) + ")",
                sessions);
        var revisions = new HashMap<String, Long>();
        for (var columns : rows(now)) {
            revisions.put((String) columns[0], ((Number) columns[1]).longValue());
        }
        return sessions.stream()
                .filter(one -> mine.contains(one.sessionId()))
                .filter(one -> Long.valueOf(one.revision()).equals(revisions.get(one.sessionId())))
                .toList();
    }

    private void delete(String table, List<Expired> sessions) {
        ids("delete from " + table + " where session_id in (" + marks(sessions.size(), 1) + ")", sessions)
                .executeUpdate();
    }

    private TotalsChange shrink(Exchange type, String sessionId, int mostRows) {
        boolean llm = type == Exchange.LLM;
        var some = rows(entities.createNativeQuery("select " + type.id
                        + ", " + Counted.ERRORS + ", size_bytes"
                        + (llm ? ", input_tokens, output_tokens, total_tokens" : "") + " from " + type.table
                        + " where session_id = ?1 order by timestamp_us, " + type.id + " limit " + mostRows)
                .setParameter(1, sessionId));
        var ids = some.stream().map(row -> (String) row[0]).toList();
        if (!ids.isEmpty()) {
            Counted.lostWith(entities, type, type.id, ids).forEach(counts::fire);
        }
        delete(type.table, type.id, some);
        some.forEach(row -> words.fire(Worded.gone(sessionId, type.word() + ":" + row[0])));
        return new TotalsChange(
                llm ? -some.size() : 0,
                llm ? 0 : -some.size(),
                llm ? minus(some, 3) : null,
                llm ? minus(some, 4) : null,
                llm ? minus(some, 5) : null,
                0,
                0,
                0,
                -sum(some, 1),
                -sum(some, 2));
    }

    /** Stages that others belong to go after those. */
    private TotalsChange leaves(String sessionId, int mostRows) {
        var some = rows(entities.createNativeQuery("select e.execution_id,"
                        + " case when e.status = 'completed' then 1 else 0 end,"
                        + " case when e.status = 'failed' then 1 else 0 end,"
                        + " case when e.status = 'failed' or e.error_message is not null then 1 else 0 end,"
                        + " octet_length(e.stage_output)"
                        + " from stage_executions e where e.session_id = ?1 and not exists (select 1 from"
                        + " stage_executions c where c.parent_stage_execution_id = e.execution_id)"
                        + " order by e.execution_id limit " + mostRows)
                .setParameter(1, sessionId));
        delete("stage_executions", "execution_id", some);
        some.forEach(row -> words.fire(Worded.gone(sessionId, "stage:" + row[0])));
        return TotalsChange.stages(-some.size(), -sum(some, 1), -sum(some, 2), -sum(some, 3), -sum(some, 4));
    }

    private void delete(String table, String id, List<Object[]> rows) {
        if (rows.isEmpty()) {
            return;
        }
        var delete = entities.createNativeQuery(
                "delete from " + table + " where " + id + " in (" + marks(rows.size(), 1) + ")");
        for (int at = 0; at < rows.size(); at++) {
            delete.setParameter(at + 1, rows.get(at)[0]);
        }
        delete.executeUpdate();
    }

    private void audit(List<Expired> gone, String cause, long now) {
        var values = IntStream.range(0, gone.size())
                .mapToObj(at -> "(" + marks(1, at * 3 + 3) + ", ?1, 'session_deleted', " + marks(1, at * 3 + 4)
                        + ", ?2, " + marks(1, at * 3 + 5) + ")")
                .collect(Collectors.joining(", "));
        var insert = entities.createNativeQuery(
                        "insert into audit_entries (entry_id, at_us, action, session_id, correlation_id, detail) values "
                                + values)
                .setParameter(1, now)
                .setParameter(2, cause);
        for (int at = 0; at < gone.size(); at++) {
            var one = gone.get(at);
            insert.setParameter(at * 3 + 3, Uuid7.at(now))
                    .setParameter(at * 3 + 4, one.sessionId())
                    .setParameter(at * 3 + 5, SessionService.deletion(one.llm(), one.mcp(), one.stages()));
        }
        insert.executeUpdate();
    }

    @SuppressWarnings("unchecked") // a native query of several columns has arrays for rows
    private static List<Object[]> rows(Query query) {
        return query.getResultList();
    }

    private Query ids(String sql, List<Expired> sessions) {
        var query = entities.createNativeQuery(sql);
        for (int at = 0; at < sessions.size(); at++) {
            query.setParameter(at + 1, sessions.get(at).sessionId());
        }
        return query;
    }

    private static String marks(int count, int first) {
        return IntStream.range(first, first + count).mapToObj(at -> "?" + at).collect(Collectors.joining(", "));
    }

    private static @Nullable Long minus(List<Object[]> rows, int column) {
        return rows.stream().allMatch(row -> row[column] == null) ? null : (Long) (-sum(rows, column));
    }

    private static long sum(List<Object[]> rows, int column) {
        return rows.stream()
                .mapToLong(row -> row[column] == null ? 0 : ((Number) row[column]).longValue())
                .sum();
    }
}
