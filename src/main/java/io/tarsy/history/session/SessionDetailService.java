package io.tarsy.history.session;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tarsy.history.database.Reader;
import io.tarsy.history.database.Row;
import io.tarsy.history.http.Answer;
import io.tarsy.history.http.JsonText;
import io.tarsy.history.http.Problem;
import io.tarsy.history.http.ProblemException;
import io.tarsy.history.session.Interactions.Exchange;
import io.tarsy.history.session.Interactions.Place;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One session as it is shown. The number of queries does not grow with what the session holds, but for its bodies. */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class SessionDetailService {
    private static final String HEAD = "select s.session_id, s.alert_id, s.alert_type, s.agent_type, s.status,"
            + " s.started_at_us, s.completed_at_us, s.duration_ms, s.retention_hold, s.error_message, s.chain_id, s.author,"
            + " s.runbook_url, s.current_stage_index, s.current_stage_id, s.created_at_us, t.llm_interaction_count,"
            + " t.mcp_communication_count, t.session_input_tokens, t.session_output_tokens, t.session_total_tokens,"
            + " t.total_stages, t.completed_stages, t.failed_stages, t.errors_count, t.revision, "
            + Headline.COLUMNS + ", ";
    private static final String HEAD_BODIES = "s.alert_data, s.final_analysis, s.session_metadata, s.chain_definition";
    private static final String HEAD_SIZE = "octet_length(s.alert_data) + coalesce(octet_length(s.final_analysis), 0)"
            + " + coalesce(octet_length(s.session_metadata), 0) + coalesce(octet_length(s.chain_definition), 0)"
            + " as size_bytes";
    private static final String OF_SESSION = SessionListService.FROM + Headline.JOIN + " where s.session_id = ?";

    private static final String STAGES = "select e.execution_id, e.session_id, e.stage_id, e.stage_index,"
            + " e.stage_name, e.agent, e.status, e.started_at_us, e.completed_at_us, e.duration_ms, e.error_message,"
            + " e.parent_stage_execution_id, e.parallel_index, e.parallel_type,"
            + " octet_length(e.stage_output) as output_bytes, l.n as llm_count, l.ms as llm_ms,"
            + " l.input as stage_input_tokens, l.output as stage_output_tokens, l.total as stage_total_tokens,"
            + " m.n as mcp_count, m.ms as mcp_ms from stage_executions e"
            + " left join (select stage_execution_id, count(*) as n, sum(duration_ms) as ms, sum(input_tokens) as"
            + " input, sum(output_tokens) as output, sum(total_tokens) as total from llm_interactions"
            + " where session_id = ? group by stage_execution_id) l on l.stage_execution_id = e.execution_id"
            + " left join (select stage_execution_id, count(*) as n, sum(duration_ms) as ms from mcp_communications"
            + " where session_id = ? group by stage_execution_id) m on m.stage_execution_id = e.execution_id"
            + " where e.session_id = ? order by e.stage_index, e.parallel_index is not null, e.parallel_index,"
            + " e.execution_id";

    @Inject
    Reader reader;

    /**
     * A session with its stages and interactions.
     *
     * @throws ProblemException 404
     */
    public SessionDetail detail(String id, boolean skeleton) {
        var heads = reader.list(
                HEAD + (skeleton ? HEAD_SIZE : HEAD_BODIES) + OF_SESSION,
                row -> Map.entry(version(row) + (skeleton ? "s" : ""), SessionDetail.headOf(row, skeleton)),
                id);
        if (heads.isEmpty()) {
            throw SessionService.unknown(id);
        }
        var stages = reader.list(STAGES, SessionDetail::stageOf, id, id, id);
        var interactions = new HashMap<String, List<Place>>();
        for (var place : Interactions.places(reader, id)) {
            var stage = place.stage() == null ? "" : place.stage();
            interactions.computeIfAbsent(stage, any -> new ArrayList<>()).add(place);
        }
        return new SessionDetail(heads.get(0).getValue(), heads.get(0).getKey(), stages, interactions, reader);
    }

    /** The session's own version, for whoever shows it in another form. */
    private static String version(Row row) {
        return Long.toString(row.count("created_at_us"), 36) + "." + Long.toString(row.count("revision"), 36);
    }

    /**
     * The session in numbers, as in the contract's {@code session-summary.json}.
     *
     * @throws ProblemException 404
     */
    public Answer.Writer summary(String id) {
        var agents = new LinkedHashMap<String, Long>();
        reader.each(
                "select agent, count(*) as n from stage_executions where session_id = ? group by agent order by agent",
                row -> agents.put(row.needed("agent"), row.count("n")),
                id);
        var found = reader.first(
                HEAD + "s.session_id" + OF_SESSION, row -> Answer.text(json -> writeSummary(json, row, agents)), id);
        if (found == null) {
            throw SessionService.unknown(id);
        }
        return json -> JsonText.writeRaw(json, found);
    }

    private static void writeSummary(JsonGenerator json, Row row, Map<String, Long> agents) throws IOException {
        long llm = row.count("llm_interaction_count");
        long mcp = row.count("mcp_communication_count");
        json.writeStartObject();
        JsonText.write(json, "alert_headline", Headline.of(row));
        json.writeNumberField("total_interactions", llm + mcp);
        json.writeNumberField("llm_interactions", llm);
        json.writeNumberField("mcp_communications", mcp);
        json.writeNumberField("system_events", 0); // what the first dashboard shows and no agent sends
        json.writeNumberField("errors_count", row.count("errors_count"));
        JsonText.write(json, "total_duration_ms", row.number("duration_ms"));
        Totals.writeTokens(json, row);
        json.writeObjectFieldStart("chain_statistics");
        for (var name : List.of("total_stages", "completed_stages", "failed_stages")) {
            JsonText.write(json, name, row.number(name));
        }
        json.writeObjectFieldStart("stages_by_agent");
        for (var agent : agents.entrySet()) {
            JsonText.write(json, agent.getKey(), agent.getValue());
        }
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndObject();
    }

    /**
     * What a session came to.
     *
     * @throws ProblemException 404
     */
    public FinalAnalysis finalAnalysis(String id) {
        var found = reader.first(
                "select session_id, status, final_analysis, alert_data from alert_sessions where session_id = ?",
                row -> new FinalAnalysis(
                        row.needed("session_id"),
                        row.needed("status"),
                        row.text("final_analysis"),
                        String.valueOf(row.raw("alert_data"))),
                id);
        if (found == null) {
            throw SessionService.unknown(id);
        }
        return found;
    }

    /**
     * What a session came to.
     *
     * @param sessionId its id
     * @param status how it ended, or how far it has come
     * @param markdown the analysis, or null while there is none
     * @param alertData the alert as JSON text
     */
    public record FinalAnalysis(
            String sessionId, String status, @Nullable String markdown, String alertData) {
        void write(JsonGenerator json) throws IOException {
            json.writeStartObject();
            json.writeStringField("session_id", sessionId);
            json.writeStringField("status", status);
            JsonText.write(json, "final_analysis", markdown);
            JsonText.writeRaw(json, "alert_data", alertData, "null");
            json.writeEndObject();
        }
    }

    /**
     * One interaction, whole.
     *
     * @param onlyNew whether its conversation is shown without what was said before it
     * @throws ProblemException 404
     */
    public Answer.Writer interaction(String sessionId, String id, boolean onlyNew) {
        requireSession(sessionId);
        var earlier = onlyNew ? Earlier.than(reader, sessionId, id) : null;
        for (var type : Exchange.values()) {
            var found = reader.first(
                    type.select(true) + " where " + type.id + " = ? and session_id = ?",
                    row -> Answer.text(json -> Interactions.write(json, type, row, true, earlier)),
                    id,
                    sessionId);
            if (found != null) {
                return json -> JsonText.writeRaw(json, found);
            }
        }
        throw Problem.NOT_FOUND.with("Interaction " + id + " not found in session " + sessionId);
    }

    /**
     * Refuses what is asked of a session that is not there.
     *
     * @throws ProblemException 404
     */
    public void requireSession(String id) {
        if (reader.first("select 1 as n from alert_sessions where session_id = ?", row -> row.count("n"), id) == null) {
            throw SessionService.unknown(id);
        }
    }
}
