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

/** One exchange with a tool server. */
@Entity
@Table(name = "mcp_communications")
class McpCommunication {
    @Id
    @Column(name = "communication_id")
    String communicationId = "";

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
    @Column(name = "server_name")
    String serverName = "";

    @Column(name = "communication_type")
    String communicationType = "";

    @Convert(converter = PortableText.class)
    @Column(name = "tool_name")
    String toolName = "";

    @Convert(converter = PortableText.class)
    @Column(name = "step_description")
    @Nullable
    String stepDescription;

    @Convert(converter = PortableText.class)
    @Column(name = "request_id")
    @Nullable
    String requestId;

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

    @Column(name = "tool_arguments")
    @Nullable
    String toolArguments;

    @Column(name = "available_tools")
    @Nullable
    String availableTools;

    @Column(name = "tool_result")
    @Nullable
    String toolResult;

    /** The communication that a body speaks of; what it leaves out is filled in. */
    static McpCommunication of(JsonObject body, String id, String sessionId, long nowUs) {
        var one = new McpCommunication();
        one.communicationId = id;
        one.sessionId = sessionId;
        one.stageExecutionId = body.text("stage_execution_id");
        one.timestampUs = body.numberOr("timestamp_us", nowUs);
        one.durationMs = body.number("duration_ms");
        one.errorMessage = body.text("error_message");
        one.success = body.flagOr("success", one.errorMessage == null);
        one.serverName = body.needed("server_name");
        one.communicationType = body.needed("communication_type");
        one.toolName = body.textOr("tool_name", "");
        one.stepDescription = body.text("step_description");
        one.requestId = body.text("request_id");
        one.createdAtUs = nowUs;
        one.contentDigest = body.digest();
        one.toolArguments = body.text("tool_arguments");
        one.availableTools = body.text("available_tools");
        one.toolResult = body.text("tool_result");
        one.sizeBytes =
                JsonText.bytes(one.toolArguments) + JsonText.bytes(one.availableTools) + JsonText.bytes(one.toolResult);
        return one;
    }

    boolean isError() {
        return !success || errorMessage != null;
    }
}
