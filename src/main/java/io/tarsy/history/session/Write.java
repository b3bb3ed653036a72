package io.tarsy.history.session;

import io.tarsy.history.http.Bodies;
import io.tarsy.history.http.JsonObject;
import io.tarsy.history.http.JsonText;
import io.tarsy.history.http.MergePatch;
import io.tarsy.history.http.ProblemException;
import io.tarsy.history.http.Shape;
import org.jspecify.annotations.Nullable;

/**
 * One record as a sender wants it to be written.
 *
 * @param kind what is written
 * @param sessionId the session it belongs to; null for a new session, whose body may name it
 * @param executionId the stage execution that a patch changes
 * @param body what was sent, read
 * @param text what was sent
 */
public record Write(
        RecordKind kind,
        @Nullable String sessionId,
        @Nullable String executionId,
        JsonObject body,
        String text) {

    /**
     * The record on one line of a batch.
     *
     * @param receivedUs when the line came
     * @throws ProblemException 400 or 422 naming what is wrong
     */
    public static Write ofLine(String line, Bodies bodies, long receivedUs) {
        var kind = RecordKind.of(line);
        return of(kind, bodies.object(line, kind.shape(), receivedUs), line);
    }

    private static Write of(RecordKind kind, JsonObject body, String line) {
        return new Write(
                kind,
                kind == RecordKind.SESSION ? null : body.needed("session_id"),
                kind == RecordKind.STAGE_PATCH ? body.needed("execution_id") : null,
                body,
                line);
    }

    /** The same, whose record has been given a name before. */
    public Write named(String spareId) {
        return new Write(kind, sessionId, executionId, body.named(spareId), text);
    }

    /** The id that the sender gave the record, or null. */
    public @Nullable String givenId() {
        return switch (kind) {
            case SESSION_PATCH -> sessionId;
            case STAGE_PATCH -> executionId;
            case SESSION, STAGE, LLM_INTERACTION, MCP_COMMUNICATION -> body.text(kind.id());
        };
    }

    /** The id of the record: the sender's or ours. */
    public String id() {
        var given = givenId();
        return given == null ? body.spareId() : given;
    }

    /** The record as a line of a batch, member for member as it was sent. */
    public String line() {
        var members = MergePatch.members(text);
        members.put("kind", JsonText.quote(kind.word()));
        if (sessionId != null) {
            members.put("session_id", JsonText.quote(sessionId));
        }
        if (executionId != null) {
            members.put("execution_id", JsonText.quote(executionId));
        }
        return MergePatch.object(members).replace('\n', ' ').replace('\r', ' ');
    }

    /**
     * Finds out what can be found out without a database.
     *
     * @throws ProblemException 404 where no such session or stage can be, 422
     */
    public void check(int maxMessages) {
        if (sessionId != null && !Shape.isId(sessionId)) {
            throw SessionService.unknown(sessionId);
        }
        if (sessionId != null && executionId != null && !Shape.isId(executionId)) {
            throw StageService.unknown(executionId, sessionId);
        }
        switch (kind) {
            case LLM_INTERACTION -> InteractionService.checkLlm(body, maxMessages);
            case MCP_COMMUNICATION -> InteractionService.checkMcp(body);
            case SESSION_PATCH, STAGE_PATCH -> SessionService.checkPatch(body);
            case SESSION, STAGE -> {}
        }
    }
}
