package io.tarsy.history.session;

import io.tarsy.history.http.Field;
import io.tarsy.history.http.Shape;
import java.util.List;

/** What an agent may tell us, field by field. */
public final class Shapes {
    /** How an exchange with a tool server can be. */
    static final List<String> COMMUNICATION_TYPES = List.of("tool_list", "tool_call");

    /** What an exchange with a model can be for. */
    static final List<String> INTERACTION_TYPES =
            List.of("investigation", "summarization", "final_analysis", "forced_conclusion");

    /** A session. */
    public static final Shape SESSION = Shape.of(
            Field.identity("session_id"),
            Field.id("alert_id"),
            Field.name("agent_type").needed(),
            Field.name("alert_type"),
            Field.name("chain_id").needed(),
            Field.word("status", Status.OF_SESSIONS),
            Field.time("started_at_us"),
            Field.time("completed_at_us"),
            Field.object("alert_data").needed(),
            Field.object("chain_definition"),
            Field.object("session_metadata"),
            Field.count("current_stage_index"),
            Field.id("current_stage_id"),
            Field.text("author"),
            Field.text("runbook_url"),
            Field.text("error_message"),
            Field.text("final_analysis"),
            Field.flag("retention_hold"));

    /** A change of a session, by merge patch. */
    public static final Shape SESSION_PATCH = Shape.of(
            Field.word("status", Status.OF_SESSIONS),
            Field.time("completed_at_us"),
            Field.object("session_metadata"),
            Field.count("current_stage_index"),
            Field.id("current_stage_id"),
            Field.text("error_message"),
            Field.text("final_analysis"),
            Field.flag("retention_hold"));

    /** A stage execution. */
    public static final Shape STAGE = Shape.of(
            Field.identity("execution_id"),
            Field.id("session_id").apart(),
            Field.name("stage_id").needed(),
            Field.count("stage_index").needed(),
            Field.name("stage_name").needed(),
            Field.name("agent").needed(),
            Field.word("status", Status.OF_STAGES),
            Field.time("started_at_us"),
            Field.time("completed_at_us"),
            Field.count("duration_ms"),
            Field.id("parent_stage_execution_id"),
            Field.count("parallel_index"),
            Field.name("parallel_type"),
            Field.text("error_message"),
            Field.any("stage_output"));

    /** A change of a stage execution, by merge patch. */
    public static final Shape STAGE_PATCH = Shape.of(
            Field.word("status", Status.OF_STAGES),
            Field.time("started_at_us"),
            Field.time("completed_at_us"),
            Field.count("duration_ms"),
            Field.text("error_message"),
            Field.any("stage_output"));

    /** An exchange with a model. */
    public static final Shape LLM_INTERACTION = Shape.of(
            Field.identity("interaction_id"),
            Field.id("session_id").apart(),
            Field.id("stage_execution_id"),
            Field.time("timestamp_us"),
            Field.count("duration_ms"),
            Field.flag("success"),
            Field.name("model_name").needed(),
            Field.name("provider"),
            Field.number("temperature"),
            Field.count("input_tokens"),
            Field.count("output_tokens"),
            Field.count("total_tokens"),
            Field.word("interaction_type", INTERACTION_TYPES),
            Field.text("step_description"),
            Field.name("request_id"),
            Field.id("mcp_event_id"),
            Field.text("error_message"),
            Field.text("thinking_content"),
            Field.object("response_metadata"),
            Field.object("conversation").needed());

    /** An exchange with a tool server. */
    public static final Shape MCP_COMMUNICATION = Shape.of(
            Field.identity("communication_id"),
            Field.id("session_id").apart(),
            Field.id("stage_execution_id"),
            Field.time("timestamp_us"),
            Field.count("duration_ms"),
            Field.flag("success"),
            Field.name("server_name").needed(),
            Field.word("communication_type", COMMUNICATION_TYPES).needed(),
            Field.text("tool_name"),
            Field.text("step_description"),
            Field.name("request_id"),
            Field.text("error_message"),
            Field.object("tool_arguments"),
            Field.any("available_tools"),
            Field.any("tool_result"));

    private Shapes() {}
}
