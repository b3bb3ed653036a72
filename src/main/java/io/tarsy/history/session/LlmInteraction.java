package io.tarsy.history.session;

import io.tarsy.history.database.PortableText;
import io.tarsy.history.http.JsonObject;
import io.tarsy.history.http.JsonText;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

/** One exchange with a model. */
@Entity
@Table(name = "llm_interactions")
class LlmInteraction {
    @Id
    @Column(name = "interaction_id")
    String interactionId = "";

    @Column(name = "session_id")
    String sessionId = "";

    @Column(name = "stage_execution_id")
    @Nullable
    String stageExecutionId;

    @Column(name = "timestamp_us")
    long timestampUs;

    @Column(name = "duration_ms")
    @Nullable
    Long durationMs;

    @Column(name = "success")
    boolean success;

    @Convert(converter = PortableText.class)
    @Column(name = "model_name")
    String modelName = "";

    @Convert(converter = PortableText.class)
    @Column(name = "provider")
    @Nullable
    String provider;

    @Column(name = "temperature")
    @Nullable
    Double temperature;

    @Column(name = "input_tokens")
    @Nullable
    Long inputTokens;

    @Column(name = "output_tokens")
    @Nullable
    Long outputTokens;

    @Column(name = "total_tokens")
    @Nullable
    Long totalTokens;

    @Column(name = "interaction_type")
    @Nullable
    String interactionType;

    @Convert(converter = PortableText.class)
    @Column(name = "step_description")
    @Nullable
    String stepDescription;

    @Convert(converter = PortableText.class)
    @Column(name = "request_id")
    @Nullable
    String requestId;

    @Column(name = "mcp_event_id")
    @Nullable
    String mcpEventId;

    @Column(name = "size_bytes")
    long sizeBytes;

    @Column(name = "created_at_us")
    long createdAtUs;

    @Column(name = "content_digest")
    String contentDigest = "";

    @Convert(converter = PortableText.class)
    @Column(name = "error_message")
    @Nullable
    String errorMessage;

    @Convert(converter = PortableText.class)
    @Column(name = "thinking_content")
    @Nullable
    String thinkingContent;

    @Column(name = "response_metadata")
    @Nullable
    String responseMetadata;

    @Column(name = "conversation")
    String conversation = "";

    /** The interaction that a body speaks of; what it leaves out is filled in. */
    static LlmInteraction of(JsonObject body, String id, String sessionId, long nowUs) {
        var one = new LlmInteraction();
        one.interactionId = id;
        one.sessionId = sessionId;
        one.stageExecutionId = body.text("stage_execution_id");
        one.timestampUs = body.numberOr("timestamp_us", nowUs);
        one.durationMs = body.number("duration_ms");
        one.errorMessage = body.text("error_message");
        one.success = body.flagOr("success", one.errorMessage == null);
        one.modelName = body.needed("model_name");
        one.provider = body.text("provider");
        one.temperature = body.decimal("temperature");
        one.inputTokens = body.number("input_tokens");
        one.outputTokens = body.number("output_tokens");
        one.totalTokens = sum(body.number("total_tokens"), one.inputTokens, one.outputTokens);
        one.interactionType = body.text("interaction_type");
        one.stepDescription = body.text("step_description");
        one.requestId = body.text("request_id");
        one.mcpEventId = body.text("mcp_event_id");
        one.createdAtUs = nowUs;
        one.contentDigest = body.digest();
        one.thinkingContent = body.text("thinking_content");
        one.responseMetadata = body.text("response_metadata");
        one.conversation = body.needed("conversation");
        one.sizeBytes = JsonText.bytes(one.conversation)
                + JsonText.bytes(one.thinkingContent)
                + JsonText.bytes(one.responseMetadata);
        return one;
    }

    private static @Nullable Long sum(@Nullable Long given, @Nullable Long input, @Nullable Long output) {
        return input == null || output == null ? given : (Long) (input + output);
    }

    boolean isError() {
        return !success || errorMessage != null;
    }
}
