package io.tarsy.history.session;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tarsy.history.database.Row;
import io.tarsy.history.http.JsonText;
import io.tarsy.history.session.Interactions.Exchange;
import java.io.IOException;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * A session that has not ended.
 *
 * @param sessionId its id
 * @param alertId the alert's id, if it has one
 * @param agentType which agents work on it
 * @param alertType what kind of alert it is
 * @param alertHeadline the line by which the alert is recognised
 * @param chainId the chain it goes through
 * @param status how far it has come
 * @param startedAtUs when it began
 * @param errorMessage what went wrong so far
 * @param progress how far its stages are
 * @param exchanged what was exchanged so far
 * @param lastStep the newest interaction
 */
public record ActiveSession(
        String sessionId,
        @Nullable String alertId,
        String agentType,
        @Nullable String alertType,
        @Nullable String alertHeadline,
        String chainId,
        String status,
        long startedAtUs,
        @Nullable String errorMessage,
        Progress progress,
        Exchanged exchanged,
        @Nullable LastStep lastStep) {

    /** The newest interaction of one kind, by the index in the order of time. */
    private static String newest(Exchange type) {
        return "(select i." + type.id + " from " + type.table + " i where i.session_id = s.session_id"
                + " order by i.timestamp_us desc, i." + type.id + " desc limit 1)";
    }

    /** The newest stage that is at work, else the newest that waits, else the last. */
    private static final String STAGE = "(select e.stage_name from stage_executions e"
            + " where e.session_id = s.session_id order by case when e.status in ('active', 'paused') then 0"
            + " when e.status = 'pending' then 1 else 2 end, e.stage_index desc, e.execution_id desc limit 1)";

    /**
     * A query for some of them, newest first.
     *
     * @param more conditions of {@code s}
     * @param most of them
     */
    static String select(String more, int most) {
        return "select a.*, l.model_name, l.timestamp_us as llm_us, l.success as llm_success, m.server_name,"
                + " m.tool_name, m.timestamp_us as mcp_us, m.success as mcp_success from (select s.session_id,"
                + " s.alert_id, s.agent_type, s.alert_type, s.chain_id, s.status, s.started_at_us, s.error_message,"
                + " s.current_stage_index, t.total_stages, t.completed_stages, t.failed_stages,"
                + " t.session_total_tokens, t.llm_interaction_count, t.mcp_communication_count, " + Headline.COLUMNS
                + ", " + STAGE + " as stage_name, " + newest(Exchange.LLM) + " as llm_id, " + newest(Exchange.MCP)
                + " as mcp_id" + SessionListService.FROM + Headline.JOIN + " where s.status in ('"
                + String.join("', '", Status.ACTIVE_SESSIONS) + "')" + more
                + " order by s.started_at_us desc, s.session_id desc limit " + most
                + ") a left join llm_interactions l on l.interaction_id = a.llm_id"
                + " left join mcp_communications m on m.communication_id = a.mcp_id"
                + " order by a.started_at_us desc, a.session_id desc";
    }

    static ActiveSession of(Row row) {
        return new ActiveSession(
                row.needed("session_id"),
                row.text("alert_id"),
                row.needed("agent_type"),
                row.text("alert_type"),
                Headline.of(row),
                row.needed("chain_id"),
                row.needed("status"),
                row.count("started_at_us"),
                row.text("error_message"),
                Progress.of(row),
                Exchanged.of(row),
                LastStep.of(row));
    }

    void write(JsonGenerator json, long nowUs) throws IOException {
        json.writeStartObject();
        json.writeStringField("session_id", sessionId);
        JsonText.write(json, "alert_id", alertId);
        JsonText.write(json, "agent_type", agentType);
        JsonText.write(json, "alert_type", alertType);
        JsonText.write(json, "alert_headline", alertHeadline);
        JsonText.write(json, "chain_id", chainId);
        json.writeStringField("status", status);
        json.writeNumberField("started_at_us", startedAtUs);
        json.writeNullField("completed_at_us");
        JsonText.write(json, "error_message", errorMessage);
        json.writeNumberField("duration_seconds", BigDecimal.valueOf(nowUs - startedAtUs, 6));
        progress.write(json);
        exchanged.write(json);
        if (lastStep == null) {
            json.writeNullField("last_step");
        } else {
            lastStep.write(json);
        }
        json.writeEndObject();
    }

    /**
     * How far the stages of a session are.
     *
     * @param total of them so far
     * @param completed of them
     * @param failed of them
     * @param index what the session itself says
     * @param name of the stage at work
     */
    record Progress(
            long total,
            long completed,
            long failed,
            @Nullable Long index,
            @Nullable String name) {
        static Progress of(Row row) {
            return new Progress(
                    row.count("total_stages"),
                    row.count("completed_stages"),
                    row.count("failed_stages"),
                    row.number("current_stage_index"),
                    row.text("stage_name"));
        }

        void write(JsonGenerator json) throws IOException {
            json.writeNumberField("total_stages", total);
            json.writeNumberField("completed_stages", completed);
            json.writeNumberField("failed_stages", failed);
            JsonText.write(json, "current_stage_index", index);
            JsonText.write(json, "current_stage_name", name);
        }
    }

    /**
     * What was exchanged in a session.
     *
     * @param tokens in all
     * @param llm interactions
     * @param mcp communications
     */
    record Exchanged(@Nullable Long tokens, long llm, long mcp) {
        static Exchanged of(Row row) {
            return new Exchanged(
                    row.number("session_total_tokens"),
                    row.count("llm_interaction_count"),
                    row.count("mcp_communication_count"));
        }

        void write(JsonGenerator json) throws IOException {
            JsonText.write(json, "session_total_tokens", tokens);
            json.writeNumberField("llm_interaction_count", llm);
            json.writeNumberField("mcp_communication_count", mcp);
        }
    }

    /**
     * The newest interaction of a session.
     *
     * @param id of it
     * @param type with whom
     * @param name the model, or the tool server and the tool
     * @param timestampUs when
     * @param success whether it went well
     */
    record LastStep(String id, Exchange type, String name, long timestampUs, boolean success) {
        static @Nullable LastStep of(Row row) {
            var llm = row.number("llm_us");
            var mcp = row.number("mcp_us");
            // at equal times tool servers stand behind models
            if (mcp != null && (llm == null || mcp >= llm)) {
                var tool = row.text("tool_name");
                var server = row.needed("server_name");
                return new LastStep(
                        row.needed("mcp_id"),
                        Exchange.MCP,
                        tool == null || tool.isEmpty() ? server : server + "/" + tool,
                        mcp,
                        row.flag("mcp_success"));
            }
            return llm == null
                    ? null
                    : new LastStep(
                            row.needed("llm_id"), Exchange.LLM, row.needed("model_name"), llm, row.flag("llm_success"));
        }

        void write(JsonGenerator json) throws IOException {
            json.writeObjectFieldStart("last_step");
            json.writeStringField("interaction_id", id);
            json.writeStringField("type", type.word());
            JsonText.write(json, "name", name);
            json.writeNumberField("timestamp_us", timestampUs);
            json.writeBooleanField("success", success);
            json.writeEndObject();
        }
    }
}
