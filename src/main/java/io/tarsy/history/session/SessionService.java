package io.tarsy.history.session;

import io.tarsy.history.http.Bodies;
import io.tarsy.history.http.JsonObject;
import io.tarsy.history.http.JsonText;
import io.tarsy.history.http.MergePatch;
import io.tarsy.history.http.Problem;
import io.tarsy.history.http.ProblemException;
import io.tarsy.history.http.Shape;
import io.tarsy.history.http.Uuid7;
import io.tarsy.history.session.Recorded.Outcome;
import jakarta.ejb.Stateless;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes sessions. A public method is one transaction; entities never leave it. */
@Stateless
public class SessionService {
    /** The fields of a session that a patch does not change. */
    static final Map<String, Object> AFRESH = Map.of("eclipselink.refresh", "True");

    @Inject
    EntityManager entities;

    @Inject
    Bodies bodies;

    @Inject
    Event<Change> changes;

    @Inject
    Event<Worded> words;

    @Inject
    Event<Counted> counts;

    /**
     * Creates a session, or finds that it is there already.
     *
     * @throws ProblemException 409 where its id or its alert's id is taken by other content
     */
    @Tallied("session")
    public Recorded create(JsonObject body) {
        long now = body.receivedUs();
        var id = body.text("session_id");
        var known = id == null ? ofAlert(body.text("alert_id")) : entities.find(AlertSession.class, id);
        if (known != null) {
            return same(known, body);
        }
        var other = id == null ? null : ofAlert(body.text("alert_id"));
        if (other != null && other.sessionId.equals(id)) {
            return same(other, body); // recorded between the two questions
        }
        if (other != null) {
            throw Problem.CONFLICT.with(
                    "Alert " + other.alertId + " already belongs to session " + other.sessionId + ".");
        }
        var session = AlertSession.of(body, id == null ? body.spareId() : id, now);
        entities.persist(session);
        entities.flush();
        TotalsChange.begin(entities, session, now);
        Headline.begin(entities, session);
        changes.fire(Change.created(session, now));
        words.fire(Worded.of(session, true, List.of()));
        Counted.of(session).forEach(counts::fire);
        return recorded(Outcome.CREATED, session);
    }

    private @Nullable AlertSession ofAlert(@Nullable String alertId) {
        if (alertId == null) {
            return null;
        }
        return entities.createQuery("select s from AlertSession s where s.alertId = :alert", AlertSession.class)
                .setParameter("alert", alertId)
                .getResultStream()
                .findFirst()
                .orElse(null);
    }

    private static Recorded same(AlertSession known, JsonObject body) {
        if (!known.contentDigest.equals(body.digest())) {
            var again = AlertSession.of(body, known.sessionId, known.createdAtUs);
            if (body.number("started_at_us") == null) {
                again.startedAtUs = known.startedAtUs;
            }
            var first = Records.asCreated(Shapes.SESSION, Shapes.SESSION_PATCH, Records.of(known), known.initialState);
            if (!MergePatch.same(first, Records.text(Shapes.SESSION, Records.of(again)))) {
                throw Problem.CONFLICT.with("Session " + known.sessionId + " was recorded before, with other content.");
            }
        }
        return recorded(Outcome.UNCHANGED, known);
    }

    /**
     * Changes a session by a merge patch. Patches of one session take turns, so that none loses another's fields.
     *
     * @throws ProblemException 404, 409 where it would leave a terminal status, 422
     */
    @Tallied("session_patch")
    public Recorded patch(String id, JsonObject patch) {
        if (!TotalsChange.lock(entities, id)) {
            throw unknown(id);
        }
        var session = entities.find(AlertSession.class, id, AFRESH);
        if (session == null) {
            throw unknown(id);
        }
        var before = Records.text(Shapes.SESSION_PATCH, Records.of(session));
        boolean wasError = session.isError();
        long wasBytes = session.patchedBytes();
        var wasStatus = session.status();
        var wasWorded = Texts.of(session);
        var wasCounted = Counted.of(session);
        long now = patch.receivedUs();
        merge(session, patch, now);
        if (MergePatch.same(before, Records.text(Shapes.SESSION_PATCH, Records.of(session)))) {
            entities.refresh(session);
            return recorded(Outcome.UNCHANGED, session);
        }
        if (session.initialState == null) {
            session.initialState = before;
        }
        entities.flush();
        int errors = (session.isError() ? 1 : 0) - (wasError ? 1 : 0);
        TotalsChange.session(errors, session.patchedBytes() - wasBytes).apply(entities, id, now);
        var worded = Worded.of(session, false, wasWorded);
        if (!worded.after().equals(wasWorded)) {
            words.fire(worded);
        }
        var counted = Counted.of(session);
        if (!counted.equals(wasCounted)) {
            wasCounted.forEach(one -> counts.fire(one.negative()));
            counted.forEach(counts::fire);
        }
        if (session.status() != wasStatus) {
            changes.fire(Change.ofStatus(session, wasStatus, now));
        }
        return recorded(Outcome.UPDATED, session);
    }

    private static void merge(AlertSession session, JsonObject patch, long now) {
        if (patch.has("status")) {
            session.status = next(session.status(), patch.text("status"), "Session " + session.sessionId);
        }
        if (patch.has("completed_at_us")) {
            session.completedAtUs = patch.number("completed_at_us");
        }
        if (patch.has("session_metadata")) {
            var change = patch.text("session_metadata");
            session.sessionMetadata = change == null ? null : MergePatch.apply(session.sessionMetadata, change);
        }
        if (patch.has("current_stage_index")) {
            session.currentStageIndex = patch.number("current_stage_index");
        }
        if (patch.has("current_stage_id")) {
            session.currentStageId = patch.text("current_stage_id");
        }
        if (patch.has("error_message")) {
            session.errorMessage = patch.text("error_message");
        }
        if (patch.has("final_analysis")) {
            session.finalAnalysis = patch.text("final_analysis");
        }
        if (patch.has("retention_hold")) {
            session.retentionHold = patch.flagOr("retention_hold", false);
        }
        session.settle(now);
    }

    /** Refuses a patch that takes the status away. */
    static void checkPatch(JsonObject patch) {
        if (patch.has("status") && patch.text("status") == null) {
            throw noStatus();
        }
    }

    private static ProblemException noStatus() {
        return Shape.invalid("status", "must not be null");
    }

    /** The status after a patch, if it may follow. */
    static String next(Status from, @Nullable String word, String whose) {
        if (word == null) {
            throw noStatus();
        }
        if (!from.allows(Status.of(word))) {
            throw Problem.CONFLICT.with(
                    whose + " is " + from.word() + ", which is final; it cannot become " + word + ".");
        }
        return word;
    }

    /**
     * Deletes a session and everything in it. What remains is an entry that it was deleted.
     *
     * @throws ProblemException 404
     */
    @Tallied("session_delete")
    public void delete(String id, String correlationId) {
        if (!TotalsChange.lock(entities, id)) {
            throw unknown(id);
        }
        var totals = (Object[]) entities.createNativeQuery("select llm_interaction_count, mcp_communication_count,"
                        + " total_stages from session_totals where session_id = ?1")
                .setParameter(1, id)
                .getSingleResult();
        Counted.lostWith(entities, List.of(id)).forEach(counts::fire);
        entities.createNativeQuery("delete from alert_sessions where session_id = ?1")
                .setParameter(1, id)
                .executeUpdate();
        long now = bodies.nowUs();
        entities.createNativeQuery("insert into audit_entries"
                        + " (entry_id, at_us, action, session_id, correlation_id, detail)"
                        + " values (?1, ?2, 'session_deleted', ?3, ?4, ?5)")
                .setParameter(1, Uuid7.at(now))
                .setParameter(2, now)
                .setParameter(3, id)
                .setParameter(4, correlationId)
                .setParameter(
                        5,
                        deletion(
                                ((Number) totals[0]).longValue(),
                                ((Number) totals[1]).longValue(),
                                ((Number) totals[2]).longValue()))
                .executeUpdate();
        changes.fire(Change.deleted(id, now));
    }

    /** What the audit says of a session that was deleted. */
    static String deletion(long llm, long mcp, long stages) {
        return "{\"llm_interactions\":" + llm + ",\"mcp_communications\":" + mcp + ",\"stages\":" + stages + "}";
    }

    /** 409 for a session that has ended. */
    static ProblemException ended(String id, Status status) {
        return Problem.CONFLICT.with("Session " + id + " is " + status.word() + ", which is final.");
    }

    /** 404 for a session. */
    static ProblemException unknown(String id) {
        return Problem.NOT_FOUND.with("Session " + id + " not found");
    }

    private static Recorded recorded(Outcome outcome, AlertSession session) {
        return new Recorded(outcome, session.sessionId, json -> {
            json.writeStartObject();
            Records.write(json, Shapes.SESSION, Records.of(session));
            JsonText.write(json, "duration_ms", session.durationMs);
            json.writeEndObject();
        });
    }
}
