package io.tarsy.history;

import io.tarsy.history.http.Field;
import io.tarsy.history.http.Problem;
import io.tarsy.history.http.Shape;
import io.tarsy.history.session.RecordKind;
import io.tarsy.history.session.Shapes;
import io.tarsy.history.session.Status;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/**
 * The description of the API, made from the shapes that the server checks bodies against, so that neither can change
 * without the other.
 */
final class OpenApiDocument {
    private static final String JSON = "application/json";
    private static final String MERGE_PATCH = "application/merge-patch+json";
    private static final String NDJSON = "application/x-ndjson";
    private static final String MARKDOWN = "text/markdown";
    private static final String ID = "[A-Za-z0-9._:-]{1,64}";
    private static final int[] READ = {404, 422, 503};
    private static final int[] LIST = {400, 422, 503};
    private static final int[] WRITE = {400, 404, 409, 413, 415, 422, 429, 503};

    private final Map<String, Object> paths = new LinkedHashMap<>();
    private final Map<String, Object> schemas = new LinkedHashMap<>();

    private OpenApiDocument() {
        describeSchemas();
        describePaths();
    }

    /** The document as YAML. */
    static String yaml() {
        var options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setWidth(110);
        options.setSplitLines(true);
        return new Yaml(options).dump(new OpenApiDocument().whole());
    }

    private Map<String, Object> whole() {
        return map(
                "openapi",
                "3.0.3",
                "info",
                map(
                        "title",
                        "TARSy History",
                        "version",
                        "v1",
                        "description",
                        "The system of record for what AI agents did with alerts. Times are microseconds since the"
                                + " epoch, UTC; durations are milliseconds. Bodies may be sent and asked for with gzip."
                                + " Every answer carries X-Correlation-Id.",
                        "license",
                        map("name", "Apache-2.0")),
                "paths",
                paths,
                "components",
                map("schemas", schemas, "responses", problems()));
    }

    // ------------------------------------------------------------------ what is sent

    private void describeSchemas() {
        schemas.put("NewSession", sent(Shapes.SESSION, "An alert that agents begin to work on."));
        schemas.put("SessionChange", sent(Shapes.SESSION_PATCH, "A merge patch (RFC 7396) of a session."));
        schemas.put("NewStage", sent(Shapes.STAGE, "One stage of a session, carried out by one agent."));
        schemas.put(
                "StageChange",
                sent(Shapes.STAGE_PATCH, "A merge patch of a stage execution; stage_output is replaced as a whole."));
        schemas.put("NewLlmInteraction", sent(Shapes.LLM_INTERACTION, "One exchange with a model."));
        schemas.put("NewMcpCommunication", sent(Shapes.MCP_COMMUNICATION, "One exchange with a tool server."));
        var kinds = new ArrayList<Object>();
        for (var kind : RecordKind.values()) {
            var name = "Record_" + kind.word();
            var record = sent(kind.shape(), "A line of a batch of the kind " + kind.word() + ".");
            properties(record).put("kind", map("type", "string", "enum", List.of(kind.word())));
            @SuppressWarnings("unchecked")
            var required = new ArrayList<>((List<String>) record.getOrDefault("required", List.of()));
            required.add("kind");
            record.put("required", required);
            schemas.put(name, record);
            kinds.add(ref(name));
        }
        schemas.put("Record", map("description", "One line of a batch.", "oneOf", kinds));
        describeAnswers();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> properties(Map<String, Object> schema) {
        return (Map<String, Object>) schema.getOrDefault("properties", Map.of());
    }

    private static Map<String, Object> sent(Shape shape, String description) {
        var properties = new LinkedHashMap<String, Object>();
        var required = new ArrayList<String>();
        for (var field : shape.fields()) {
            properties.put(field.name(), sent(field));
            if (field.required()) {
                required.add(field.name());
            }
        }
        var schema = map(
                "type", "object", "description", description, "additionalProperties", false, "properties", properties);
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        return schema;
    }

    private static Map<String, Object> sent(Field field) {
        return switch (field.kind()) {
            case TEXT -> {
                var text = map("type", "string");
                if (field.min() > 0) {
                    text.put("minLength", (int) field.min());
                }
                if (field.max() < Integer.MAX_VALUE) {
                    text.put("maxLength", (int) field.max());
                }
                yield text;
            }
            case ID -> map("type", "string", "pattern", ID);
            case WORD -> map("type", "string", "enum", new ArrayList<>(field.words()));
            case INTEGER -> map("type", "integer", "format", "int64", "minimum", 0);
            case TIME ->
                map("type", "integer", "format", "int64", "minimum", 0, "description", "Microseconds since the epoch.");
            case NUMBER -> map("type", "number", "format", "double");
            case FLAG -> map("type", "boolean");
            case OBJECT ->
                field.name().equals("conversation")
                        ? conversation()
                        : map("type", "object", "description", "Free JSON; it comes back value for value.");
            case ANY -> map("description", "Any JSON; it comes back value for value.");
        };
    }

    private static Map<String, Object> conversation() {
        var message = map(
                "type",
                "object",
                "required",
                List.of("role"),
                "properties",
                map(
                        "role",
                        map("type", "string", "minLength", 1),
                        "content",
                        map("description", "A string or a list of parts; absent or null only beside tool_calls.")));
        return map(
                "type",
                "object",
                "required",
                List.of("messages"),
                "properties",
                map("messages", map("type", "array", "minItems", 1, "items", message)));
    }

    // ------------------------------------------------------------------ what is answered

    private void describeAnswers() {
        var tokens = " session_input_tokens:count? session_output_tokens:count? session_total_tokens:count?";
        var counts = " llm_interaction_count:count mcp_communication_count:count total_interactions:count" + tokens;
        var row = "session_id:id alert_id:id? alert_type:text? agent_type:text status:session_status"
                + " alert_headline:text? started_at_us:time completed_at_us:time? error_message:text?" + counts
                + " chain_id:text total_stages:count completed_stages:count failed_stages:count"
                + " current_stage_index:count? duration_ms:ms? author:text? retention_hold:flag";
        answer(
                "Match",
                "Where words stand: the field of the session, or the id of the stage or interaction, and its field. In"
                        + " the snippet they stand between U+E000 and U+E001.",
                "where:text field:text snippet:text");
        answer(
                "SessionRow",
                "A session in a list; never its bodies. Matches where words were looked for.",
                row + " matches:@Match[]");
        answer(
                "SearchCaveats",
                "What search may not know: sessions that are not found by all they say, since that is too long, and"
                        + " sessions that are not in the index yet.",
                "sessions_with_cut_bodies:count sessions_not_indexed_yet:count");
        answer(
                "Pagination",
                "Where in the list this page is.",
                "page:count page_size:count total_pages:count total_items:count next_cursor:text?"
                        + " total_is_estimate:flag");
        answer(
                "SessionsPage",
                "A page of sessions.",
                "sessions:@SessionRow[] pagination:@Pagination filters_applied:free search:@SearchCaveats");
        answer(
                "InteractionDetails",
                "What was exchanged: fields of an LLM interaction or of an MCP communication.",
                "interaction_id:id communication_id:id session_id:id stage_execution_id:id? timestamp_us:time"
                        + " duration_ms:ms? success:flag error_message:text? request_id:text? model_name:text"
                        + " provider:text? temperature:number? interaction_type:text? mcp_event_id:id? conversation:free"
                        + " thinking_content:text? response_metadata:free? input_tokens:count? output_tokens:count?"
                        + " total_tokens:count? tool_name:text server_name:text communication_type:text"
                        + " tool_arguments:free tool_result:any available_tools:any messages_before:count"
                        + " previous_interaction_id:id?");
        answer(
                "Interaction",
                "One exchange; size_bytes stands for the bodies where they are left out.",
                "id:id event_id:id timestamp_us:time step_description:text duration_ms:ms? stage_execution_id:id?"
                        + " type:exchange size_bytes:count details:@InteractionDetails");
        answer(
                "Stage",
                "A stage execution with what was exchanged in it.",
                "execution_id:id session_id:id stage_id:text stage_index:count stage_name:text agent:text"
                        + " status:stage_status started_at_us:time? completed_at_us:time? duration_ms:ms?"
                        + " error_message:text? parent_stage_execution_id:id? parallel_index:count? parallel_type:text?"
                        + " llm_interaction_count:count mcp_communication_count:count total_interactions:count"
                        + " stage_interactions_duration_ms:ms? stage_input_tokens:count? stage_output_tokens:count?"
                        + " stage_total_tokens:count? stage_output:any size_bytes:count llm_interactions:@Interaction[]"
                        + " mcp_communications:@Interaction[] chronological_interactions:@Interaction[]");
        answer(
                "SessionDetail",
                "A session whole. A skeleton has size_bytes in place of bodies; beyond 100 interactions it lists only"
                        + " their id, time and size, by kind.",
                row.replace(" author:text? retention_hold:flag", "")
                        + " alert_data:free final_analysis:text? session_metadata:free? chain_definition:free?"
                        + " author:text? runbook_url:text? current_stage_id:id? retention_hold:flag errors_count:count size_bytes:count"
                        + " stages:@Stage[] session_level_interactions:@Interaction[]");
        answer(
                "ChainStatistics",
                "The stages in numbers.",
                "total_stages:count completed_stages:count failed_stages:count stages_by_agent:free");
        answer(
                "SessionSummary",
                "A session in numbers.",
                "alert_headline:text? total_interactions:count llm_interactions:count mcp_communications:count system_events:count"
                        + " errors_count:count total_duration_ms:ms?" + tokens + " chain_statistics:@ChainStatistics");
        answer(
                "FinalAnalysis",
                "What a session came to.",
                "session_id:id status:session_status final_analysis:text? alert_data:free");
        answer("TimelinePagination", "Where in the timeline this page ends.", "limit:count next_after:text?");
        answer(
                "Timeline",
                "A page of interactions without bodies. Where words were looked for, these and in each its matches, and of how"
                        + " many of those looked at a body was cut.",
                "session_id:id search:text interactions:@Interaction[] interactions_with_cut_bodies:count"
                        + " pagination:@TimelinePagination");
        answer("TellingWord", "A word by which similar sessions were found.", "word:text sessions:count");
        answer(
                "SimilarSession",
                "An earlier session like the one asked about, and what came of it.",
                "session_id:id alert_type:text? alert_headline:text? status:session_status started_at_us:time"
                        + " completed_at_us:time? duration_ms:ms? error_message:text? final_analysis_beginning:text? same_alert_type:flag"
                        + " score:number shared_words:text[]");
        answer(
                "SimilarSessions",
                "Earlier sessions like one, newest first.",
                "session_id:id telling_words:@TellingWord[] similar:@SimilarSession[]");
        var numbers = "sessions:count by_status:free sessions_with_duration:count duration_p50_ms:ms?"
                + " duration_p95_ms:ms? llm_interactions:count llm_errors:count input_tokens:count output_tokens:count"
                + " total_tokens:count tool_calls:count tool_errors:count";
        answer("Numbers", "What was done in a span of time.", numbers);
        answer(
                "Bucket",
                "What was done in an hour, day or week; those in which nothing was done are left out.",
                "start_us:time end_us:time " + numbers);
        answer(
                "ModelNumbers",
                "What was asked of a model.",
                "model_name:text llm_interactions:count llm_errors:count input_tokens:count output_tokens:count"
                        + " total_tokens:count");
        answer(
                "ToolNumbers",
                "How often a tool was called.",
                "server_name:text tool_name:text calls:count errors:count");
        answer(
                "AlertTypeNumbers",
                "How often there was an alert of a type, and how often its session failed or timed out.",
                "alert_type:text? sessions:count failed:count");
        answer(
                "Statistics",
                "What was done in a range of whole hours, from start_us to before end_us; without one, ever.",
                "start_us:time? end_us:time? bucket:bucket complete:flag totals:@Numbers buckets:@Bucket[]"
                        + " tokens_by_model:@ModelNumbers[] tokens_by_model_has_more:flag tools:@ToolNumbers[]"
                        + " tools_has_more:flag top_alert_types:@AlertTypeNumbers[] top_alert_types_has_more:flag");
        answer(
                "StatisticsDifference",
                "Where the statistics are not what the rows say, and by how much they say more.",
                "grain:text from_us:time measure:text name:text detail:text surplus:count surplus_errors:count"
                        + " surplus_input_tokens:count surplus_output_tokens:count surplus_total_tokens:count");
        answer(
                "StatisticsCheck",
                "What a comparison of the statistics with the rows has found.",
                "state:comparison at_us:time sessions:count agrees:flag different:@StatisticsDifference[]");
        answer(
                "StatisticsState",
                "How far the statistics are.",
                "complete:flag changes_not_added_up:count rebuild_due:flag rebuilt_at_us:time?"
                        + " rebuild_cells_counted:count? rebuild_failure:text? last_check:@StatisticsCheck?");
        answer(
                "SearchState",
                "How far the index of words is.",
                "complete:flag sessions_not_indexed_yet:count sessions_to_make_anew:count"
                        + " sessions_with_recent_records:count recent_records:count sessions_with_cut_bodies:count"
                        + " body_characters:count rules:count");
        answer(
                "SearchCheck",
                "What was seen when entries were compared with texts.",
                "sessions_checked:count agrees:flag different:id[] written_to_meanwhile:id[] next_after:text?");
        answer(
                "ActiveSession",
                "A session that has not ended.",
                "session_id:id alert_id:id? agent_type:text alert_type:text? alert_headline:text? chain_id:text"
                        + " status:session_status started_at_us:time completed_at_us:time? error_message:text?"
                        + " duration_seconds:number total_stages:count completed_stages:count failed_stages:count"
                        + " current_stage_index:count? current_stage_name:text? session_total_tokens:count?"
                        + " llm_interaction_count:count mcp_communication_count:count last_step:@LastStep?");
        answer(
                "LastStep",
                "The newest interaction; its name is the model, or the tool server and the tool.",
                "interaction_id:id type:exchange name:text timestamp_us:time success:flag");
        answer("ValueCount", "How many sessions have a value.", "value:text count:count");
        answer(
                "FacetCounts",
                "For each column the values that most sessions have, at most 50; what is counted of a column passes the"
                        + " filters of the others.",
                "status:@ValueCount[] status_has_more:flag alert_type:@ValueCount[] alert_type_has_more:flag"
                        + " agent_type:@ValueCount[] agent_type_has_more:flag chain_id:@ValueCount[]"
                        + " chain_id_has_more:flag");
        answer(
                "Facets",
                "How many of the newest 10,000 sessions that match words and dates have which value; an estimate where"
                        + " there are more.",
                "facets:@FacetCounts sessions_looked_at:count is_estimate:flag");
        answer("TimeRange", "A span of time to choose.", "label:text value:text");
        answer(
                "FilterOptions",
                "The values a list can be filtered by.",
                "agent_types:text[] alert_types:text[] status_options:text[] time_ranges:@TimeRange[]");
        answer(
                "RecordedInteraction",
                "What was recorded, without bodies.",
                "interaction_id:id communication_id:id session_id:id stage_execution_id:id? timestamp_us:time"
                        + " total_tokens:count?");
        answer("HistoryHealth", "How the history is.", "service:text status:health timestamp_us:time details:free");
        answer("DatabaseInfo", "Which database is used.", "type:text location:text");
        answer(
                "SystemInfo",
                "What runs here.",
                "version:text build:text server:text java:text uptime_ms:ms state:text database:@DatabaseInfo"
                        + " sessions:count? sessions_is_estimate:flag");
        answer(
                "Setting",
                "A setting as it took effect; secrets are hidden.",
                "key:text group:text value:text? source:text default:text? allowed:text description:text secret:flag"
                        + " restart_needed:flag");
        answer("UnknownSetting", "A name that looks like a setting and is none.", "name:text did_you_mean:text?");
        answer(
                "EffectiveConfig",
                "Every setting, and what looks like a mistake.",
                "settings:@Setting[] unknown:@UnknownSetting[] warnings:text[]");
        answer(
                "DatabaseSchema",
                "How the tables stand to this program; only the mode while the database does not answer.",
                "migration_mode:text version:text pending:text[] failed:text[] unknown:text[]");
        answer("DatabaseTable", "A table.", "name:text bytes:count? rows_estimate:count dead_rows:count?");
        answer(
                "DatabaseSize",
                "How large the database is; what it does not tell is null.",
                "bytes:count free_bytes:count? dead_rows:count? wal_bytes:count? wal_limit_bytes:count?"
                        + " tables:@DatabaseTable[]");
        answer("DatabaseConnections", "How many connections it takes.", "max:count reserved:count used:count");
        answer(
                "DatabasePool",
                "The connections of this server that serve requests.",
                "in_use:count idle:count waiting:count limit:count timeouts:count");
        answer(
                "DatabaseWriteQueue",
                "The line of those who want to write where only one can.",
                "depth:count limit:count wait_limit_ms:ms");
        answer(
                "DatabaseServer",
                "A server that was seen lately.",
                "server_id:text name:text version:text product:text pool_limit:count started_at_us:time"
                        + " seen_at_us:time clock_ahead_us:count present:flag this:flag");
        answer(
                "DatabaseSpool",
                "Writes that wait for the database.",
                "depth:count bytes:count rejected:count enabled:flag");
        answer(
                "DatabaseReport",
                "The database; what only it can say is null while it does not answer.",
                "state:text reason:text answers:flag problem:text? type:text location:text server_version:text?"
                        + " schema:@DatabaseSchema pool:@DatabasePool write_queue:@DatabaseWriteQueue size:@DatabaseSize"
                        + " connections:@DatabaseConnections servers:@DatabaseServer[] spool:@DatabaseSpool");
        answer("CheckCounts", "How many checks came to what.", "ok:count warn:count fail:count skipped:count");
        answer(
                "Check",
                "What was asked, why it matters, what was found and what to do.",
                "name:text status:check_status title:text detail:text meaning:text action:text");
        answer(
                "ChecksReport",
                "Every check; the status is that of the worst.",
                "status:check_status at_us:time took_ms:ms counts:@CheckCounts checks:@Check[]");
        answer(
                "Spooled",
                "A write that is kept until the database is back; of the ids those that its record has.",
                "status:spooled session_id:id execution_id:id interaction_id:id communication_id:id"
                        + " spool_position:count spool_depth:count");
        answer("Backup", "A copy of the whole database.", "name:text bytes:count created_at_us:time");
        answer("BackupList", "The backups in their folder.", "directory:text backups:@Backup[]");
        answer(
                "RetentionRun",
                "What one run of retention did.",
                "run_id:id cause:run_cause server:text state:run_state started_at_us:time finished_at_us:time?"
                        + " cutoff_us:time? sessions_deleted:count rows_deleted:count bytes_deleted:count archive:text?"
                        + " error:text?");
        answer("RetentionRuns", "Runs of retention, newest first.", "runs:@RetentionRun[]");
        answer("AlertTypeCount", "Sessions of one type of alert.", "alert_type:text? sessions:count");
        answer(
                "RetentionPreview",
                "What a run would delete now. It is an estimate where counting stopped: at 100,000 sessions, at 10,000"
                        + " in the overview, or after five seconds.",
                "sessions:count is_estimate:flag rows:count rows_by_table:free bytes:count"
                        + " oldest_completed_at_us:time? newest_completed_at_us:time? reasons:free"
                        + " by_alert_type:@AlertTypeCount[]");
        answer(
                "Retention",
                "What is kept, what ran last, and what a run would delete now.",
                "policy:free lease_holder:text? last_run:@RetentionRun next_due_at_us:time? preview:@RetentionPreview");
        answer("FieldError", "A field that is wrong.", "field:text message:text value:text");
        answer("LineError", "Why a line was rejected.", "title:text status:count detail:text errors:@FieldError[]");
        answer("LineResult", "What became of one line.", "line:count status:line_status id:id? error:@LineError");
        answer(
                "Problem",
                "A failure as RFC 9457 wants it.",
                "type:text title:text status:count detail:text instance:text correlation_id:text errors:@FieldError[]");
    }

    private void answer(String name, String description, String fields) {
        var properties = new LinkedHashMap<String, Object>();
        for (var field : fields.split(" ", -1)) {
            var parts = field.split(":", 2);
            properties.put(parts[0], answered(parts[1]));
        }
        schemas.put(name, map("type", "object", "description", description, "properties", properties));
    }

    private static Map<String, Object> answered(String type) {
        if (type.endsWith("[]")) {
            return map("type", "array", "items", answered(type.substring(0, type.length() - 2)));
        }
        boolean nullable = type.endsWith("?");
        if (type.startsWith("@")) {
            return nullable
                    ? map("nullable", true, "allOf", List.of(ref(type.substring(1, type.length() - 1))))
                    : ref(type.substring(1));
        }
        var schema = switch (nullable ? type.substring(0, type.length() - 1) : type) {
            case "id", "text" -> map("type", "string");
            case "time" -> map("type", "integer", "format", "int64", "description", "Microseconds since the epoch.");
            case "ms" -> map("type", "integer", "format", "int64", "description", "Milliseconds.");
            case "count" -> map("type", "integer", "format", "int64");
            case "number" -> map("type", "number");
            case "flag" -> map("type", "boolean");
            case "free" -> map("type", "object");
            case "any" -> map("description", "Any JSON.");
            case "session_status" -> words(Status.OF_SESSIONS);
            case "stage_status" -> words(Status.OF_STAGES);
            case "run_cause" -> words(List.of("schedule", "request"));
            case "run_state" -> words(List.of("running", "completed", "paused", "failed"));
            case "bucket" -> words(List.of("hour", "day", "week"));
            case "comparison" -> words(List.of("running", "finished", "failed"));
            case "exchange" -> words(List.of("llm", "mcp"));
            case "check_status" -> words(List.of("ok", "warn", "fail", "skipped"));
            case "health" -> words(List.of("healthy", "unhealthy", "disabled"));
            case "spooled" -> words(List.of("spooled"));
            case "line_status" -> words(List.of("created", "unchanged", "updated", "spooled", "rejected"));
            default -> throw new IllegalArgumentException("no such type: " + type);
        };
        if (nullable) {
            schema.put("nullable", true);
        }
        return schema;
    }

    private static Map<String, Object> words(List<String> words) {
        return map("type", "string", "enum", new ArrayList<>(words));
    }

    // ------------------------------------------------------------------ the calls

    private void describePaths() {
        var sessions = "/api/v1/history/sessions";
        var session = sessions + "/{session_id}";
        call(sessions, "get", "listSessions", "One page of the sessions.", listParameters(), null, LIST)
                .put("200", json("SessionsPage", "The page.", true));
        written(
                sessions,
                "createSession",
                "Creates a session; the same again is the stored one.",
                "NewSession",
                "NewSession");
        call(
                        session,
                        "get",
                        "readSession",
                        "One session with its stages and interactions.",
                        List.of(
                                sessionId(),
                                query("include", words(List.of("skeleton")), "skeleton leaves bodies out.")),
                        null,
                        READ)
                .put("200", json("SessionDetail", "The session.", true));
        call(
                        session,
                        "patch",
                        "changeSession",
                        "Changes a session by a merge patch.",
                        List.of(sessionId()),
                        patch("SessionChange"),
                        WRITE)
                .putAll(Map.of("200", json("NewSession", "The session as it now stands.", false), "202", spooled()));
        call(
                        session,
                        "delete",
                        "deleteSession",
                        "Deletes a session and everything in it.",
                        List.of(sessionId()),
                        null,
                        READ)
                .put("204", map("description", "It is gone."));
        call(
                        session + "/heartbeat",
                        "post",
                        "keepSessionAlive",
                        "Says that an agent is still at work on a session.",
                        List.of(sessionId()),
                        null,
                        new int[] {404, 409, 422, 429, 503})
                .put("204", map("description", "It was noted."));
        call(
                        session + "/summary",
                        "get",
                        "summarizeSession",
                        "One session in numbers.",
                        List.of(sessionId()),
                        null,
                        READ)
                .put("200", json("SessionSummary", "The numbers.", true));
        call(
                        session + "/final-analysis",
                        "get",
                        "readFinalAnalysis",
                        "What a session came to.",
                        List.of(
                                sessionId(),
                                query("format", defaulted(words(List.of("json", "markdown")), "json"), "The form.")),
                        null,
                        READ)
                .put("200", withMarkdown(json("FinalAnalysis", "The analysis.", true)));
        call(
                        session + "/export",
                        "get",
                        "exportSession",
                        "A session as records that the batch takes, as one document, or as a report.",
                        List.of(
                                sessionId(),
                                query(
                                        "format",
                                        defaulted(words(List.of("ndjson", "json", "markdown")), "ndjson"),
                                        "The form.")),
                        null,
                        READ)
                .put("200", exported());
        call(
                        session + "/interactions",
                        "get",
                        "listInteractions",
                        "One page of the timeline, without bodies.",
                        List.of(
                                sessionId(),
                                query("type", words(List.of("llm", "mcp")), "Only these."),
                                query("stage", map("type", "string"), "Only of this stage execution."),
                                query("after", map("type", "string"), "The next_after of the page before."),
                                query("limit", defaulted(number(1, 500), 100), "Interactions of a page."),
                                search("Only interactions in which all of these words stand.")),
                        null,
                        READ)
                .put("200", json("Timeline", "The page.", true));
        call(
                        session + "/similar",
                        "get",
                        "listSimilarSessions",
                        "Earlier sessions like this one, newest first.",
                        List.of(sessionId(), query("limit", defaulted(number(1, 50), 10), "How many at most.")),
                        null,
                        READ)
                .put("200", json("SimilarSessions", "The sessions.", true));
        call(
                        session + "/interactions/{interaction_id}",
                        "get",
                        "readInteraction",
                        "One interaction, whole.",
                        List.of(
                                sessionId(),
                                path("interaction_id"),
                                query(
                                        "messages",
                                        words(List.of("new")),
                                        "new leaves out of a conversation the messages with which the LLM interaction"
                                                + " before it in its stage began, and says how many in messages_before.")),
                        null,
                        READ)
                .put("200", json("Interaction", "The interaction.", true));
        written(session + "/stages", "addStage", "Adds a stage execution.", "NewStage", "NewStage");
        call(
                        session + "/stages/{execution_id}",
                        "patch",
                        "changeStage",
                        "Changes a stage execution.",
                        List.of(sessionId(), path("execution_id")),
                        patch("StageChange"),
                        WRITE)
                .putAll(Map.of("200", json("NewStage", "The stage as it now stands.", false), "202", spooled()));
        written(
                session + "/llm-interactions",
                "recordLlmInteraction",
                "Records one exchange with a model.",
                "NewLlmInteraction",
                "RecordedInteraction");
        written(
                session + "/mcp-communications",
                "recordMcpCommunication",
                "Records one exchange with a tool server.",
                "NewMcpCommunication",
                "RecordedInteraction");
        call(
                        "/api/v1/history/batch",
                        "post",
                        "storeBatch",
                        "Stores records, one on a line, and tells of each line what became of it.",
                        List.of(),
                        map("required", true, "content", map(NDJSON, map("schema", ref("Record")))),
                        new int[] {400, 413, 415, 422, 503})
                .put(
                        "200",
                        map(
                                "description",
                                "One result for each line that is not blank, once it is durable.",
                                "content",
                                map(NDJSON, map("schema", ref("LineResult")))));
        describeMany();
        call(
                        "/api/v1/history/active-sessions",
                        "get",
                        "listActiveSessions",
                        "Every session that has not ended, newest first.",
                        List.of(),
                        null,
                        new int[] {422, 503})
                .put(
                        "200",
                        map(
                                "description",
                                "The sessions.",
                                "content",
                                map(JSON, map("schema", map("type", "array", "items", ref("ActiveSession"))))));
        call(
                        "/api/v1/history/statistics",
                        "get",
                        "readStatistics",
                        "What was done, in numbers.",
                        List.of(
                                query("start_date_us", since1970(), "From the hour of this on."),
                                query("end_date_us", since1970(), "Up to the end of the hour of this."),
                                query(
                                        "bucket",
                                        defaulted(words(List.of("hour", "day", "week")), "day"),
                                        "What is counted together."),
                                query("top", defaulted(number(1, 1_000), 20), "Alert types at most.")),
                        null,
                        new int[] {400, 422, 503})
                .put("200", json("Statistics", "The numbers.", true));
        call(
                        "/api/v1/history/filter-options",
                        "get",
                        "readFilterOptions",
                        "The values a list can be filtered by.",
                        List.of(),
                        null,
                        new int[] {422, 503})
                .put("200", json("FilterOptions", "The values.", true));
        call(
                        "/api/v1/history/facets",
                        "get",
                        "readFacets",
                        "How many sessions have which of the values a list can be filtered by.",
                        listParameters().subList(0, 7),
                        null,
                        LIST)
                .put("200", json("Facets", "The numbers.", true));
        call(
                        "/api/v1/history/health",
                        "get",
                        "readHistoryHealth",
                        "How the history is; always 200.",
                        List.of(),
                        null,
                        new int[] {422})
                .put("200", json("HistoryHealth", "How it is.", false));
        call("/api/v1/system/info", "get", "readSystemInfo", "What runs here.", List.of(), null, new int[] {422})
                .put("200", json("SystemInfo", "What runs here.", false));
        system("config", "readConfig", "Every setting as it took effect, without secrets.", "EffectiveConfig");
        system(
                "database",
                "readDatabase",
                "The database, its size, its connections and its servers; always 200, within seconds.",
                "DatabaseReport");
        system(
                "checks",
                "readChecks",
                "How the installation is, and what to do about it; always 200, within seconds.",
                "ChecksReport");
        call(
                        "/api/v1/system/backups",
                        "get",
                        "listBackups",
                        "The backups that are there, newest first.",
                        List.of(),
                        null,
                        new int[] {409, 422, 503})
                .put("200", json("BackupList", "The backups that are there.", false));
        call(
                        "/api/v1/system/backups",
                        "post",
                        "makeBackup",
                        "Makes a backup while everything goes on.",
                        List.of(),
                        null,
                        new int[] {409, 422, 503})
                .put("201", json("Backup", "It is complete, proven and on disk.", false));
        call(
                        "/api/v1/history/events",
                        "get",
                        "listenToEvents",
                        "What happens, as it happens, by Server-Sent Events.",
                        List.of(
                                query("session_id", map("type", "string"), "Only events of this session."),
                                query(
                                        "last_event_id",
                                        map("type", "integer", "format", "int64", "minimum", 0),
                                        "Begins behind this event, as the header Last-Event-ID does.")),
                        null,
                        new int[] {422, 503})
                .put(
                        "200",
                        map(
                                "description",
                                "Events named session_created, session_status_change, stage_progress, llm_interaction,"
                                        + " mcp_interaction, mcp_tool_list and session_deleted; reset where events were"
                                        + " missed for good.",
                                "content",
                                map("text/event-stream", map("schema", map("type", "string")))));
        describeRetention();
        describeSearch();
        describeCounts();
    }

    private void describeMany() {
        var id = map("type", "string", "pattern", ID);
        var parameters = new ArrayList<Object>(List.of(query(
                "session_id",
                map("type", "array", "maxItems", 500, "items", id),
                "These sessions; not together with the others.")));
        parameters.addAll(listParameters().subList(0, 7));
        call(
                        "/api/v1/history/export",
                        "get",
                        "exportSessions",
                        "Many sessions as records that the batch takes: those that are named, or all that match.",
                        parameters,
                        null,
                        new int[] {400, 404, 422, 503})
                .put(
                        "200",
                        map(
                                "description",
                                "The records, one on a line, newest session first or in the order of their names.",
                                "content",
                                map(NDJSON, map("schema", ref("Record")))));
        var ids = map("type", "array", "minItems", 1, "maxItems", 500, "items", new LinkedHashMap<>(id));
        schemas.put(
                "NewHolds",
                map(
                        "type",
                        "object",
                        "description",
                        "Sessions to be held back from retention, or no longer.",
                        "additionalProperties",
                        false,
                        "properties",
                        map("session_ids", ids, "retention_hold", map("type", "boolean")),
                        "required",
                        List.of("session_ids", "retention_hold")));
        answer(
                "Holds",
                "How many sessions were changed, how many were so before, and ids of none.",
                "changed:count unchanged:count unknown:id[]");
        var body = map("required", true, "content", map(JSON, map("schema", ref("NewHolds"))));
        call(
                        "/api/v1/history/holds",
                        "post",
                        "holdSessions",
                        "Holds many sessions back from retention, or lets them go.",
                        List.of(),
                        body,
                        new int[] {400, 413, 415, 422, 429, 503})
                .put("200", json("Holds", "What became of them.", false));
    }

    private static Map<String, Object> search(String meaning) {
        var text = map("type", "string", "minLength", 3, "maxLength", 200);
        return query("search", text, meaning + " Words, \"a phrase\", begin*, -without.");
    }

    private void describeSearch() {
        var search = "/api/v1/system/search";
        var read = new int[] {422, 503};
        var write = new int[] {422, 429, 503};
        call(search, "get", "readSearchState", "How far the index of words is.", List.of(), null, read)
                .put("200", json("SearchState", "How far it is.", false));
        call(search + "/rebuild", "post", "rebuildSearch", "Makes every entry anew.", List.of(), null, write)
                .put("202", json("SearchState", "It has begun.", false));
        call(
                        search + "/check",
                        "post",
                        "checkSearch",
                        "Compares entries with the texts they were made of.",
                        List.of(
                                query("after", map("type", "string"), "The next_after of the answer before."),
                                query("limit", defaulted(number(1, 5_000), 500), "Sessions at most.")),
                        null,
                        read)
                .put("200", json("SearchCheck", "What was seen.", false));
    }

    private static Map<String, Object> since1970() {
        return map("type", "integer", "format", "int64", "minimum", 0);
    }

    private void describeCounts() {
        var counts = "/api/v1/system/statistics";
        var read = new int[] {422, 503};
        var write = new int[] {422, 429, 503};
        call(counts, "get", "readStatisticsState", "How far the statistics are.", List.of(), null, read)
                .put("200", json("StatisticsState", "How far they are.", false));
        call(counts + "/rebuild", "post", "rebuildStatistics", "Counts everything anew.", List.of(), null, write)
                .put("202", json("StatisticsState", "It will begin within seconds.", false));
        call(counts + "/check", "post", "checkStatistics", "Compares all counts with the rows.", List.of(), null, read)
                .putAll(Map.of(
                        "200",
                        json("StatisticsCheck", "What was found.", false),
                        "202",
                        json("StatisticsCheck", "It goes on; readStatisticsState shows its result.", false)));
    }

    private void describeRetention() {
        var retention = "/api/v1/system/retention";
        var runs = retention + "/runs";
        var run = runs + "/{run_id}";
        var read = new int[] {422, 503};
        var one = new int[] {404, 422, 503};
        call(retention, "get", "readRetention", "What is kept, and what a run would delete.", List.of(), null, read)
                .put("200", json("Retention", "The policy, the last run and a preview.", false));
        call(
                        runs,
                        "get",
                        "listRetentionRuns",
                        "The newest runs of retention.",
                        List.of(
                                query("limit", defaulted(number(1, 200), 20), "How many."),
                                query(
                                        "before",
                                        map("type", "integer", "format", "int64", "minimum", 0),
                                        "Only runs that began before this, in microseconds.")),
                        null,
                        read)
                .put("200", json("RetentionRuns", "The runs, newest first.", false));
        var begun = call(
                runs,
                "post",
                "beginRetentionRun",
                "Begins a run in the background, or only tells what it would delete.",
                List.of(query("dry_run", defaulted(map("type", "boolean"), false), "true deletes nothing.")),
                null,
                new int[] {409, 422, 429, 503});
        begun.put("200", json("RetentionPreview", "What a run would delete now.", false));
        var accepted = json("RetentionRun", "It has begun.", false);
        var headers = correlated();
        headers.put("Location", header("Where it can be followed."));
        accepted.put("headers", headers);
        begun.put("202", accepted);
        call(run, "get", "readRetentionRun", "One run of retention.", List.of(path("run_id")), null, one)
                .put("200", json("RetentionRun", "The run.", false));
        call(
                        run,
                        "delete",
                        "pauseRetentionRun",
                        "Pauses a run after the session that it is at; the next one goes on.",
                        List.of(path("run_id")),
                        null,
                        new int[] {404, 409, 422, 429, 503})
                .put("202", json("RetentionRun", "It pauses.", false));
    }

    private void system(String path, String id, String summary, String answered) {
        call("/api/v1/system/" + path, "get", id, summary, List.of(), null, new int[] {422})
                .put("200", json(answered, summary, false));
    }

    private void written(String path, String id, String summary, String sent, String answered) {
        var parameters = path.contains("{") ? List.of(sessionId()) : List.<Object>of();
        var body = map("required", true, "content", map(JSON, map("schema", ref(sent), "example", Examples.of(sent))));
        var responses = call(path, "post", id, summary, parameters, body, WRITE);
        var created = json(answered, "It is new.", false);
        var headers = correlated();
        headers.put("Location", header("Where it can be read."));
        created.put("headers", headers);
        responses.put("200", json(answered, "The same was there already.", false));
        responses.put("201", created);
        responses.put("202", spooled());
    }

    private static Map<String, Object> spooled() {
        var answer = json(
                "Spooled",
                "The database is away: the write is kept and applied in order when it is back."
                        + " Only with HISTORY_SPOOL_ENABLED.",
                false);
        var headers = correlated();
        headers.put("Location", header("Where it will be found."));
        answer.put("headers", headers);
        return answer;
    }

    private static List<Object> listParameters() {
        var time = map("type", "integer", "format", "int64", "minimum", 0);
        return List.of(
                query("status", map("type", "array", "items", words(Status.OF_SESSIONS)), "Any of these."),
                query("agent_type", map("type", "array", "items", map("type", "string")), "Any of these, exactly."),
                query("alert_type", map("type", "array", "items", map("type", "string")), "Any of these, exactly."),
                query("chain_id", map("type", "array", "items", map("type", "string")), "Any of these, exactly."),
                search("Only sessions in which all of these words stand."),
                query("start_date_us", time, "Earliest started_at_us, inclusive."),
                query("end_date_us", new LinkedHashMap<>(time), "Latest started_at_us, inclusive."),
                query("page", defaulted(number(1, Integer.MAX_VALUE), 1), "Number of the page."),
                query("page_size", defaulted(number(1, 250), 20), "Sessions of a page."),
                query("cursor", map("type", "string"), "The next_cursor of the page before, instead of page."),
                query(
                        "sort_by",
                        defaulted(
                                words(List.of(
                                        "started_at_us",
                                        "completed_at_us",
                                        "status",
                                        "alert_type",
                                        "agent_type",
                                        "duration_ms",
                                        "session_total_tokens")),
                                "started_at_us"),
                        "What is sorted by; ties by session_id, what is unknown as lowest."),
                query("sort_order", defaulted(words(List.of("asc", "desc")), "desc"), "Which end comes first."));
    }

    private Map<String, Object> call(
            String path,
            String verb,
            String id,
            String summary,
            List<?> parameters,
            @org.jspecify.annotations.Nullable Map<String, Object> body,
            int[] failures) {
        var responses = new java.util.TreeMap<String, Object>();
        for (int status : new int[] {406, 500}) {
            responses.put(String.valueOf(status), map("$ref", "#/components/responses/Problem" + status));
        }
        if (verb.equals("get")
                && failures.length > 1
                && !id.equals("listActiveSessions")
                && !id.equals("exportSessions")
                && !id.contains("Retention")) {
            responses.put("304", map("$ref", "#/components/responses/Unchanged"));
        }
        Arrays.stream(failures)
                .forEach(status ->
                        responses.put(String.valueOf(status), map("$ref", "#/components/responses/Problem" + status)));
        var call = map("summary", summary, "operationId", id);
        if (!parameters.isEmpty()) {
            call.put("parameters", parameters);
        }
        if (body != null) {
            call.put("requestBody", body);
        }
        call.put("responses", responses);
        @SuppressWarnings("unchecked")
        var calls = (Map<String, Object>) paths.computeIfAbsent(path, any -> new LinkedHashMap<String, Object>());
        calls.put(verb, call);
        return responses;
    }

    private static Map<String, Object> problems() {
        var problems = new LinkedHashMap<String, Object>();
        for (var problem : Problem.values()) {
            var headers = correlated();
            if (problem.status() == 429 || problem.status() == 503) {
                headers.put("Retry-After", header("Seconds to wait."));
            }
            problems.putIfAbsent(
                    "Problem" + problem.status(),
                    map(
                            "description",
                            problem.title() + ".",
                            "headers",
                            headers,
                            "content",
                            map("application/problem+json", map("schema", ref("Problem")))));
        }
        problems.put(
                "Unchanged",
                map("description", "Nothing has changed since the ETag that was sent.", "headers", correlated()));
        return problems;
    }

    private static Map<String, Object> correlated() {
        return map("X-Correlation-Id", header("The caller's, if it sent a sane one; it stands in the log."));
    }

    private static Map<String, Object> json(String schema, String description, boolean tagged) {
        var headers = correlated();
        if (tagged) {
            headers.put("ETag", header("Send it back as If-None-Match; 304 says that nothing changed."));
        }
        return map("description", description, "headers", headers, "content", map(JSON, map("schema", ref(schema))));
    }

    private static Map<String, Object> withMarkdown(Map<String, Object> answer) {
        @SuppressWarnings("unchecked")
        var content = (Map<String, Object>) answer.getOrDefault("content", Map.of());
        content.put(MARKDOWN, map("schema", map("type", "string")));
        return answer;
    }

    private static Map<String, Object> exported() {
        return withMarkdown(map(
                "description",
                "The session.",
                "content",
                map(NDJSON, map("schema", ref("Record")), JSON, map("schema", ref("SessionDetail")))));
    }

    private static Map<String, Object> patch(String schema) {
        var one = map("schema", ref(schema), "example", Examples.of(schema));
        return map("required", true, "content", map(MERGE_PATCH, one, JSON, map("schema", ref(schema))));
    }

    private static Map<String, Object> header(String description) {
        return map("description", description, "schema", map("type", "string"));
    }

    private static Map<String, Object> sessionId() {
        return path("session_id");
    }

    private static Map<String, Object> path(String name) {
        return map("name", name, "in", "path", "required", true, "schema", map("type", "string", "pattern", ID));
    }

    private static Map<String, Object> query(String name, Map<String, Object> schema, String description) {
        return map("name", name, "in", "query", "description", description, "schema", schema);
    }

    private static Map<String, Object> number(int min, int max) {
        return map("type", "integer", "minimum", min, "maximum", max);
    }

    private static Map<String, Object> defaulted(Map<String, Object> schema, Object value) {
        schema.put("default", value);
        return schema;
    }

    private static Map<String, Object> ref(String schema) {
        return map("$ref", "#/components/schemas/" + schema);
    }

    static Map<String, Object> map(Object... pairs) {
        var map = new LinkedHashMap<String, Object>();
        for (int at = 0; at < pairs.length; at += 2) {
            map.put((String) pairs[at], pairs[at + 1]);
        }
        return map;
    }

    /** What a first call may send. */
    private static final class Examples {
        static Map<String, Object> of(String schema) {
            return switch (schema) {
                case "NewSession" ->
                    map(
                            "session_id",
                            "session-1",
                            "agent_type",
                            "kubernetes",
                            "alert_type",
                            "PodCrashLooping",
                            "chain_id",
                            "kubernetes-chain",
                            "status",
                            "in_progress",
                            "alert_data",
                            map("pod", "shop-7f9c", "severity", "critical"));
                case "SessionChange" -> map("status", "completed", "final_analysis", "The quota was full.");
                case "NewStage" ->
                    map(
                            "execution_id",
                            "stage-1",
                            "stage_id",
                            "data-collection_0",
                            "stage_index",
                            0,
                            "stage_name",
                            "data-collection",
                            "agent",
                            "KubernetesAgent",
                            "status",
                            "active");
                case "StageChange" -> map("status", "completed", "stage_output", map("summary", "The quota was full."));
                case "NewLlmInteraction" ->
                    map(
                            "interaction_id",
                            "llm-1",
                            "stage_execution_id",
                            "stage-1",
                            "model_name",
                            "a-model",
                            "conversation",
                            map("messages", List.of(map("role", "user", "content", "Why does the pod crash?"))),
                            "input_tokens",
                            12,
                            "output_tokens",
                            34);
                case "NewMcpCommunication" ->
                    map(
                            "communication_id",
                            "mcp-1",
                            "stage_execution_id",
                            "stage-1",
                            "server_name",
                            "kubernetes-server",
                            "communication_type",
                            "tool_call",
                            "tool_name",
                            "pods_get",
                            "tool_arguments",
                            map("name", "shop-7f9c"));
                default -> throw new IllegalArgumentException("no example of " + schema);
            };
        }
    }
}
