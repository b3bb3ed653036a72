package io.tarsy.history.session;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tarsy.history.http.Answer;
import io.tarsy.history.http.JsonText;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Something that has just been written; fired inside the transaction that writes it, for whoever must be true with the
 * row.
 *
 * @param type what happened
 * @param sessionId to which session
 * @param data the event as one JSON object for those who watch: ids and small fields, never a body
 */
public record Change(Type type, String sessionId, String data) {
    /** Texts are shown in part: an event stays small whatever an agent sends. */
    private static final int LONGEST_TEXT = 300;

    /** What can happen. */
    public enum Type {
        SESSION_CREATED,
        SESSION_STATUS_CHANGE,
        STAGE_PROGRESS,
        LLM_INTERACTION,
        MCP_INTERACTION,
        MCP_TOOL_LIST,
        SESSION_DELETED;

        /** Its name in events. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static Change of(Type type, String sessionId, long atUs, Answer.Writer fields) {
        return new Change(type, sessionId, Answer.text(json -> {
            json.writeStartObject();
            json.writeStringField("type", type.word());
            json.writeStringField("session_id", sessionId);
            fields.write(json);
            json.writeNumberField("timestamp_us", atUs);
            json.writeEndObject();
        }));
    }

    static Change created(AlertSession session, long nowUs) {
        return of(Type.SESSION_CREATED, session.sessionId, nowUs, json -> {
            JsonText.write(json, "alert_id", session.alertId);
            JsonText.write(json, "alert_type", session.alertType);
            JsonText.write(json, "agent_type", session.agentType);
            JsonText.write(json, "chain_id", session.chainId);
            JsonText.write(json, "status", session.status);
            json.writeNumberField("started_at_us", session.startedAtUs);
        });
    }

    static Change ofStatus(AlertSession session, Status before, long nowUs) {
        return of(Type.SESSION_STATUS_CHANGE, session.sessionId, nowUs, json -> {
            JsonText.write(json, "status", session.status);
            JsonText.write(json, "previous_status", before.word());
            JsonText.write(json, "completed_at_us", session.completedAtUs);
            JsonText.write(json, "duration_ms", session.durationMs);
            shortened(json, "error_message", session.errorMessage);
        });
    }

    static Change deleted(String sessionId, long nowUs) {
        return of(Type.SESSION_DELETED, sessionId, nowUs, json -> {});
    }

    static Change of(StageExecution stage, long nowUs) {
        return of(Type.STAGE_PROGRESS, stage.sessionId, nowUs, json -> {
            json.writeStringField("stage_execution_id", stage.executionId);
            JsonText.write(json, "stage_id", stage.stageId);
            JsonText.write(json, "stage_name", stage.stageName);
            json.writeNumberField("stage_index", stage.stageIndex);
            JsonText.write(json, "agent", stage.agent);
            JsonText.write(json, "status", stage.status);
            JsonText.write(json, "started_at_us", stage.startedAtUs);
            JsonText.write(json, "completed_at_us", stage.completedAtUs);
            JsonText.write(json, "duration_ms", stage.durationMs);
            shortened(json, "error_message", stage.errorMessage);
        });
    }

    static Change of(LlmInteraction one) {
        return of(Type.LLM_INTERACTION, one.sessionId, one.timestampUs, json -> {
            json.writeStringField("interaction_id", one.interactionId);
            JsonText.write(json, "stage_execution_id", one.stageExecutionId);
            JsonText.write(json, "model_name", one.modelName);
            JsonText.write(json, "provider", one.provider);
            JsonText.write(json, "interaction_type", one.interactionType);
            shortened(json, "step_description", one.stepDescription);
            json.writeBooleanField("success", one.success);
            shortened(json, "error_message", one.errorMessage);
            JsonText.write(json, "duration_ms", one.durationMs);
            JsonText.write(json, "total_tokens", one.totalTokens);
        });
    }

    static Change of(McpCommunication one) {
        var type = one.communicationType.equals("tool_list") ? Type.MCP_TOOL_LIST : Type.MCP_INTERACTION;
        return of(type, one.sessionId, one.timestampUs, json -> {
            json.writeStringField("communication_id", one.communicationId);
            JsonText.write(json, "stage_execution_id", one.stageExecutionId);
            JsonText.write(json, "request_id", one.requestId);
            JsonText.write(json, "server_name", one.serverName);
            JsonText.write(json, "communication_type", one.communicationType);
            shortened(json, "tool_name", one.toolName);
            shortened(json, "step_description", one.stepDescription);
            json.writeBooleanField("success", one.success);
            shortened(json, "error_message", one.errorMessage);
            JsonText.write(json, "duration_ms", one.durationMs);
        });
    }

    private static void shortened(JsonGenerator json, String field, @Nullable String text) throws IOException {
        if (text == null || text.length() <= LONGEST_TEXT) {
            JsonText.write(json, field, text);
            return;
        }
        int end = Character.isHighSurrogate(text.charAt(LONGEST_TEXT - 1)) ? LONGEST_TEXT - 1 : LONGEST_TEXT;
        JsonText.write(json, field, text.substring(0, end) + "…");
    }
}
