package io.tarsy.history.session;

import io.tarsy.history.config.ConfigKey;
import io.tarsy.history.config.Settings;
import io.tarsy.history.http.JsonObject;
import io.tarsy.history.http.MergePatch;
import io.tarsy.history.http.Problem;
import io.tarsy.history.http.ProblemException;
import io.tarsy.history.http.Shape;
import io.tarsy.history.session.Recorded.Outcome;
import jakarta.ejb.Stateless;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;

/** Writes exchanges with models and tool servers. A public method is one transaction; entities never leave it. */
@Stateless
public class InteractionService {
    private static final Shape LLM_VIEW = Shapes.LLM_INTERACTION.only(
            "interaction_id", "session_id", "stage_execution_id", "timestamp_us", "total_tokens");
    private static final Shape MCP_VIEW =
            Shapes.MCP_COMMUNICATION.only("communication_id", "session_id", "stage_execution_id", "timestamp_us");

    @Inject
    EntityManager entities;

    @Inject
    Event<Change> changes;

    @Inject
    Event<Worded> words;

    @Inject
    Event<Counted> counts;

    @Inject
    Settings settings;

    /**
     * Records an exchange with a model, or finds that it is there already.
     *
     * @throws ProblemException 404 where the session or stage is unknown, 409 where its id is taken, 422
     */
    @Tallied("llm_interaction")
    public Recorded recordLlm(String sessionId, JsonObject body) {
        long now = body.receivedUs();
        checkLlm(body, settings.number(ConfigKey.HISTORY_MAX_MESSAGES));
        var id = body.text("interaction_id");
        var known = id == null ? null : entities.find(LlmInteraction.class, id);
        if (known != null) {
            return same(known, sessionId, body);
        }
        var one = LlmInteraction.of(body, id == null ? body.spareId() : id, sessionId, now);
        StageService.requireStage(entities, sessionId, one.stageExecutionId);
        if (!TotalsChange.llm(one).apply(entities, sessionId, now)) {
            throw SessionService.unknown(sessionId);
        }
        entities.persist(one);
        changes.fire(Change.of(one));
        words.fire(Worded.of(one));
        counts.fire(Counted.of(one));
        return new Recorded(Outcome.CREATED, one.interactionId, view(LLM_VIEW, one));
    }

    private static Recorded same(LlmInteraction known, String sessionId, JsonObject body) {
        if (!known.sessionId.equals(sessionId)) {
            throw elsewhere("LLM interaction", known.interactionId, known.sessionId);
        }
        if (!known.contentDigest.equals(body.digest())) {
            var again = LlmInteraction.of(body, known.interactionId, sessionId, known.timestampUs);
            if (!isSame(Shapes.LLM_INTERACTION, known, again)) {
                throw otherContent("LLM interaction", known.interactionId);
            }
        }
        return new Recorded(Outcome.UNCHANGED, known.interactionId, view(LLM_VIEW, known));
    }

    /**
     * Records an exchange with a tool server, or finds that it is there already.
     *
     * @throws ProblemException 404 where the session or stage is unknown, 409 where its id is taken, 422
     */
    @Tallied("mcp_communication")
    public Recorded recordMcp(String sessionId, JsonObject body) {
        long now = body.receivedUs();
        checkMcp(body);
        var id = body.text("communication_id");
        var known = id == null ? null : entities.find(McpCommunication.class, id);
        if (known != null) {
            return same(known, sessionId, body);
        }
        var one = McpCommunication.of(body, id == null ? body.spareId() : id, sessionId, now);
        StageService.requireStage(entities, sessionId, one.stageExecutionId);
        if (!TotalsChange.mcp(one).apply(entities, sessionId, now)) {
            throw SessionService.unknown(sessionId);
        }
        entities.persist(one);
        changes.fire(Change.of(one));
        words.fire(Worded.of(one));
        var counted = Counted.of(one);
        if (counted != null) {
            counts.fire(counted);
        }
        return new Recorded(Outcome.CREATED, one.communicationId, view(MCP_VIEW, one));
    }

    private static Recorded same(McpCommunication known, String sessionId, JsonObject body) {
        if (!known.sessionId.equals(sessionId)) {
            throw elsewhere("MCP communication", known.communicationId, known.sessionId);
        }
        if (!known.contentDigest.equals(body.digest())) {
            var again = McpCommunication.of(body, known.communicationId, sessionId, known.timestampUs);
            if (!isSame(Shapes.MCP_COMMUNICATION, known, again)) {
                throw otherContent("MCP communication", known.communicationId);
            }
        }
        return new Recorded(Outcome.UNCHANGED, known.communicationId, view(MCP_VIEW, known));
    }

    /** Refuses an exchange with a model whose conversation is none. */
    static void checkLlm(JsonObject body, int maxMessages) {
        Conversation.check(body.needed("conversation"), maxMessages);
    }

    /** Refuses a call of a tool that names no tool. */
    static void checkMcp(JsonObject body) {
        if (body.needed("communication_type").equals("tool_call")
                && body.textOr("tool_name", "").isBlank()) {
            throw Shape.invalid("tool_name", "is required for a tool_call");
        }
    }

    private static boolean isSame(Shape shape, Object known, Object again) {
        return MergePatch.same(Records.text(shape, Records.of(known)), Records.text(shape, Records.of(again)));
    }

    private static ProblemException elsewhere(String what, String id, String sessionId) {
        return Problem.CONFLICT.with(what + " " + id + " belongs to session " + sessionId + ".");
    }

    private static ProblemException otherContent(String what, String id) {
        return Problem.CONFLICT.with(what + " " + id + " was recorded before, with other content.");
    }

    private static io.tarsy.history.http.Answer.Writer view(Shape shape, Object entity) {
        return json -> {
            json.writeStartObject();
            Records.write(json, shape, Records.of(entity));
            json.writeEndObject();
        };
    }
}
