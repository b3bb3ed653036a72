package io.tarsy.history.session;

import java.util.List;

/**
 * The texts of one record have just been written; fired inside the transaction that writes them.
 *
 * @param sessionId whose
 * @param document the record: {@code session}, or its kind and id
 * @param isNew whether the session itself is new
 * @param isGone whether the record was deleted while its session stays
 * @param before the texts that were there, of which some may be gone
 * @param after the texts that are there now
 */
public record Worded(
        String sessionId, String document, boolean isNew, boolean isGone, List<Passage> before, List<Passage> after) {

    static Worded of(AlertSession session, boolean isNew, List<Passage> before) {
        return new Worded(session.sessionId, "session", isNew, false, before, Texts.of(session));
    }

    static Worded of(StageExecution stage, List<Passage> before) {
        return new Worded(stage.sessionId, "stage:" + stage.executionId, false, false, before, Texts.of(stage));
    }

    static Worded of(LlmInteraction one) {
        return new Worded(
                one.sessionId, "llm:" + one.interactionId, false, false, List.of(), Texts.ofLlm(one.conversation));
    }

    static Worded of(McpCommunication one) {
        return new Worded(
                one.sessionId,
                "mcp:" + one.communicationId,
                false,
                false,
                List.of(),
                Texts.ofMcp(one.toolName, one.toolArguments, one.toolResult));
    }

    /** A record that is gone while its session stays. */
    static Worded gone(String sessionId, String document) {
        return new Worded(sessionId, document, false, true, List.of(), List.of());
    }
}
