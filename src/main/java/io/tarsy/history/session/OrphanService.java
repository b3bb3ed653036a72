package io.tarsy.history.session;

import io.tarsy.history.http.Bodies;
import io.tarsy.history.http.JsonObject;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Ends sessions whose agent went silent. A public method is one transaction. */
@Stateless
public class OrphanService {
    private static final int STAGES_AT_ONCE = 100;

    @Inject
    EntityManager entities;

    @Inject
    SessionService sessions;

    @Inject
    StageService stages;

    @Inject
    Bodies bodies;

    /** What became of a session that seemed silent. */
    public enum Outcome {
        /** It was heard of, or has ended. */
        SPOKE,
        /** Some of its stages have ended; there are more. */
        MORE,
        /** It has timed out, with its stages. */
        TIMED_OUT
    }

    /**
     * Ends the session as a patch of its agent would, if it is still silent.
     *
     * @param silentSinceUs nothing was heard from it since
     * @param reason its error message, unless it has one
     */
    public Outcome timeOut(String sessionId, long silentSinceUs, String reason) {
        if (!TotalsChange.lock(entities, sessionId)) {
            return Outcome.SPOKE;
        }
        var found = entities.createNativeQuery("select t.updated_at_us, s.status, s.error_message from session_totals t"
                        + " join alert_sessions s on s.session_id = t.session_id where t.session_id = ?1")
                .setParameter(1, sessionId)
                .getResultList();
        if (found.isEmpty()) {
            return Outcome.SPOKE;
        }
        var columns = (Object[]) found.get(0);
        long heardUs = ((Number) columns[0]).longValue();
        if (heardUs >= silentSinceUs || !isLeft(Status.of((String) columns[1]))) {
            return Outcome.SPOKE;
        }
        if (endStages(sessionId) == STAGES_AT_ONCE) {
            // our own writes are no word from the agent
            heard(entities, sessionId, heardUs);
            return Outcome.MORE;
        }
        var patch = new HashMap<String, @Nullable Object>(Map.of("status", Status.TIMED_OUT.word()));
        if (columns[2] == null) {
            patch.put("error_message", reason);
        }
        sessions.patch(sessionId, JsonObject.change(patch, bodies.nowUs()));
        return Outcome.TIMED_OUT;
    }

    /** A session that waits for a human may wait. */
    private static boolean isLeft(Status status) {
        return !status.isTerminal() && status != Status.PAUSED;
    }

    private int endStages(String sessionId) {
        var open = entities.createNativeQuery("select execution_id from stage_executions where session_id = ?1"
                        + " and status in ('pending', 'active', 'paused') order by stage_index, execution_id limit "
                        + STAGES_AT_ONCE)
                .setParameter(1, sessionId)
                .getResultList();
        Map<String, @Nullable Object> ends = new HashMap<>(Map.of("status", Status.TIMED_OUT.word()));
        for (Object id : open) {
            stages.patch(sessionId, (String) id, JsonObject.change(ends, bodies.nowUs()));
        }
        return open.size();
    }

    /**
     * Notes that an agent is still at work; nothing else of the session changes.
     *
     * @throws io.tarsy.history.http.ProblemException 404, 409 if the session has ended
     */
    public void heartbeat(String sessionId) {
        if (!TotalsChange.lock(entities, sessionId)) {
            throw SessionService.unknown(sessionId);
        }
        var status =
                Status.of((String) entities.createNativeQuery("select status from alert_sessions where session_id = ?1")
                        .setParameter(1, sessionId)
                        .getSingleResult());
        if (status.isTerminal()) {
            throw SessionService.ended(sessionId, status);
        }
        heard(entities, sessionId, bodies.nowUs());
    }

    private static void heard(EntityManager entities, String sessionId, long atUs) {
        entities.createNativeQuery("update session_totals set updated_at_us = ?1 where session_id = ?2")
                .setParameter(1, atUs)
                .setParameter(2, sessionId)
                .executeUpdate();
    }
}
