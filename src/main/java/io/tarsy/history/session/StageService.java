package io.tarsy.history.session;

import io.tarsy.history.http.JsonObject;
import io.tarsy.history.http.MergePatch;
import io.tarsy.history.http.Problem;
import io.tarsy.history.http.ProblemException;
import io.tarsy.history.session.Recorded.Outcome;
import jakarta.ejb.Stateless;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes stage executions. A public method is one transaction; entities never leave it. */
@Stateless
public class StageService {
    @Inject
    EntityManager entities;

    @Inject
    Event<Change> changes;

    @Inject
    Event<Worded> words;

    /**
     * Adds a stage execution, or finds that it is there already.
     *
     * @throws ProblemException 404 where the session or the parent is unknown, 409 where its id is taken
     */
    @Tallied("stage")
    public Recorded add(String sessionId, JsonObject body) {
        long now = body.receivedUs();
        var id = body.text("execution_id");
        var known = id == null ? null : entities.find(StageExecution.class, id);
        if (known != null) {
            return same(known, sessionId, body);
        }
        var stage = StageExecution.of(body, id == null ? body.spareId() : id, sessionId, now);
        requireStage(entities, sessionId, stage.parentStageExecutionId);
        var totals = TotalsChange.stages(
                1,
                stage.status() == Status.COMPLETED ? 1 : 0,
                stage.status() == Status.FAILED ? 1 : 0,
                stage.isError() ? 1 : 0,
                stage.sizeBytes());
        if (!totals.apply(entities, sessionId, now)) {
            throw SessionService.unknown(sessionId);
        }
        entities.persist(stage);
        entities.flush();
        changes.fire(Change.of(stage, now));
        words.fire(Worded.of(stage, List.of()));
        return recorded(Outcome.CREATED, stage);
    }

    private static Recorded same(StageExecution known, String sessionId, JsonObject body) {
        if (!known.sessionId.equals(sessionId)) {
            throw Problem.CONFLICT.with(
                    "Stage execution " + known.executionId + " belongs to session " + known.sessionId + ".");
        }
        if (!known.contentDigest.equals(body.digest())) {
            var again = StageExecution.of(body, known.executionId, sessionId, known.createdAtUs);
            var first = Records.asCreated(Shapes.STAGE, Shapes.STAGE_PATCH, Records.of(known), known.initialState);
            if (!MergePatch.same(first, Records.text(Shapes.STAGE, Records.of(again)))) {
                throw Problem.CONFLICT.with(
                        "Stage execution " + known.executionId + " was recorded before, with other content.");
            }
        }
        return recorded(Outcome.UNCHANGED, known);
    }

    /**
     * Changes a stage execution by a merge patch.
     *
     * @throws ProblemException 404, 409 where it would leave a terminal status, 422
     */
    @Tallied("stage_patch")
    public Recorded patch(String sessionId, String id, JsonObject patch) {
        if (!TotalsChange.lock(entities, sessionId)) {
            throw SessionService.unknown(sessionId);
        }
        var stage = entities.find(StageExecution.class, id, SessionService.AFRESH);
        if (stage == null || !stage.sessionId.equals(sessionId)) {
            throw unknown(id, sessionId);
        }
        var before = Records.text(Shapes.STAGE_PATCH, Records.of(stage));
        boolean wasError = stage.isError();
        long wasBytes = stage.sizeBytes();
        var wasStatus = stage.status();
        var wasWorded = Texts.of(stage);
        long now = patch.receivedUs();
        merge(stage, patch, now);
        if (MergePatch.same(before, Records.text(Shapes.STAGE_PATCH, Records.of(stage)))) {
            entities.refresh(stage);
            return recorded(Outcome.UNCHANGED, stage);
        }
        if (stage.initialState == null) {
            stage.initialState = before;
        }
        entities.flush();
        boolean ended = wasStatus != stage.status();
        TotalsChange.stages(
                        0,
                        ended && stage.status() == Status.COMPLETED ? 1 : 0,
                        ended && stage.status() == Status.FAILED ? 1 : 0,
                        (stage.isError() ? 1 : 0) - (wasError ? 1 : 0),
                        stage.sizeBytes() - wasBytes)
                .apply(entities, sessionId, now);
        changes.fire(Change.of(stage, now));
        var worded = Worded.of(stage, wasWorded);
        if (!worded.after().equals(wasWorded)) {
            words.fire(worded);
        }
        return recorded(Outcome.UPDATED, stage);
    }

    private static void merge(StageExecution stage, JsonObject patch, long now) {
        if (patch.has("status")) {
            stage.status =
                    SessionService.next(stage.status(), patch.text("status"), "Stage execution " + stage.executionId);
        }
        if (patch.has("started_at_us")) {
            stage.startedAtUs = patch.number("started_at_us");
        }
        if (patch.has("completed_at_us")) {
            stage.completedAtUs = patch.number("completed_at_us");
        }
        if (patch.has("duration_ms")) {
            stage.durationMs = patch.number("duration_ms");
        }
        if (patch.has("error_message")) {
            stage.errorMessage = patch.text("error_message");
        }
        if (patch.has("stage_output")) {
            // whole: what a stage gave is one value, and merging would drop the nulls in it
            stage.stageOutput = patch.text("stage_output");
        }
        boolean movesEnds = patch.has("status") || patch.has("started_at_us") || patch.has("completed_at_us");
        stage.settle(now, patch.number("duration_ms") != null || !movesEnds);
    }

    /**
     * Refuses what belongs to a stage that this session has not.
     *
     * @throws ProblemException 404
     */
    static void requireStage(EntityManager entities, String sessionId, @Nullable String stageId) {
        if (stageId == null) {
            return;
        }
        var stage = entities.find(StageExecution.class, stageId);
        if (stage == null || !stage.sessionId.equals(sessionId)) {
            throw TotalsChange.lock(entities, sessionId)
                    ? unknown(stageId, sessionId)
                    : SessionService.unknown(sessionId);
        }
    }

    static ProblemException unknown(String id, String sessionId) {
        return Problem.NOT_FOUND.with("Stage execution " + id + " not found in session " + sessionId);
    }

    private static Recorded recorded(Outcome outcome, StageExecution stage) {
        return new Recorded(outcome, stage.executionId, json -> {
            json.writeStartObject();
            Records.write(json, Shapes.STAGE, Records.of(stage));
            json.writeEndObject();
        });
    }
}
