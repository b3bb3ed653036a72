package io.tarsy.history.search;

import io.tarsy.history.database.Database;
import io.tarsy.history.database.TextIndex;
import io.tarsy.history.http.Bodies;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Brings what was noted of a session into the index. A public method is one short transaction. */
@Stateless
public class IndexService {
    @Inject
    EntityManager entities;

    @Inject
    Database database;

    @Inject
    TextIndex index;

    @Inject
    Bodies bodies;

    /** Puts what was noted of some sessions into the index, but for those that somebody writes to at this moment. */
    public void settle(List<String> sessionIds) {
        for (var id : sessionIds) {
            if (lock(id) != null) {
                settle(id);
            }
        }
    }

    private void settle(String sessionId) {
        var lexemes = new Lexemes();
        long cut = 0;
        for (Object settled : entities.createNativeQuery(
                        "select cut_bodies, " + index.lexemesAsText() + " from search_sessions where session_id = ?1")
                .setParameter(1, sessionId)
                .getResultList()) {
            var columns = (Object[]) settled;
            cut = ((Number) columns[0]).longValue();
            lexemes.add((String) columns[1]);
        }
        for (Object noted : entities.createNativeQuery("select cut, lexemes from search_recent where session_id = ?1")
                .setParameter(1, sessionId)
                .getResultList()) {
            var columns = (Object[]) noted;
            cut += ((Number) columns[0]).longValue();
            lexemes.add((String) columns[1]);
        }
        store(sessionId, lexemes, cut);
    }

    /**
     * Puts what was read of some sessions in the place of all that was known. One that somebody has written to since, or
     * writes to at this moment, is left for later.
     *
     * @return how many were done
     */
    public int renew(List<Reading> readings) {
        int done = 0;
        for (var one : readings) {
            var now = lock(one.sessionId());
            if (now != null && now == one.revision()) {
                store(one.sessionId(), one.lexemes(), one.cutBodies());
                forget("search_renewals", one.sessionId());
                done++;
            }
        }
        return done;
    }

    /** Whoever writes to a session has its totals locked; its revision, or null if somebody does. */
    private @Nullable Long lock(String sessionId) {
        var found = entities.createNativeQuery(
                        "select revision from session_totals where session_id = ?1" + database.lockingUnlessLocked())
                .setParameter(1, sessionId)
                .getResultList();
        return found.isEmpty() ? null : (Long) ((Number) found.get(0)).longValue();
    }

    private void store(String sessionId, Lexemes lexemes, long cut) {
        lexemes.fit();
        entities.createNativeQuery("insert into search_sessions (session_id, cut_bodies, settled_at_us, lexemes) values"
                        + " (?1, ?2, ?3, " + index.lexemesOf("?4") + ") on conflict (session_id) do update set"
                        + " cut_bodies = excluded.cut_bodies, settled_at_us = excluded.settled_at_us,"
                        + " lexemes = excluded.lexemes")
                .setParameter(1, sessionId)
                .setParameter(2, lexemes.isCut() ? Math.max(cut, 1) : cut)
                .setParameter(3, bodies.nowUs())
                .setParameter(4, lexemes.text())
                .executeUpdate();
        forget("search_recent", sessionId);
    }

    private void forget(String table, String sessionId) {
        entities.createNativeQuery("delete from " + table + " where session_id = ?1")
                .setParameter(1, sessionId)
                .executeUpdate();
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

    /** Notes by which rules texts are taken apart from now on. */
    public void follow(long rules) {
        entities.createNativeQuery("delete from search_rules").executeUpdate();
        entities.createNativeQuery("insert into search_rules (rules) values (?1)")
                .setParameter(1, rules)
                .executeUpdate();
    }
}
