package io.tarsy.history.session;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tarsy.history.database.Reader;
import io.tarsy.history.database.Row;
import io.tarsy.history.http.Answer;
import io.tarsy.history.http.JsonText;
import io.tarsy.history.session.Interactions.Exchange;
import io.tarsy.history.session.Interactions.Place;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One session, ready to be written: what is short is here, what is long is read while it is written, some at a time.
 *
 * @param head the session's own fields, as the inside of a JSON object
 * @param version changes whenever anything of the session does
 * @param stages in their order
 * @param interactions of each stage in their order; those without a stage under the empty id
 * @param reader of what is long
 */
public record SessionDetail(
        String head, String version, List<Stage> stages, Map<String, List<Place>> interactions, Reader reader) {
    /** Up to here a skeleton says all that is short about each interaction; beyond, only where it is. */
    private static final int FULL_SKELETON = 100;

    private static final long BUNDLE_BYTES = 1_048_576;

    /**
     * A stage without its output.
     *
     * @param id of the stage execution
     * @param outputBytes of its output
     * @param fields all that is short, as the inside of a JSON object
     */
    record Stage(String id, long outputBytes, String fields) {}

    /** Writes the whole session, or its skeleton. */
    public void write(OutputStream out, boolean skeleton) throws IOException {
        var json = JsonText.generator(out);
        boolean brief = interactions.values().stream().mapToInt(List::size).sum() > FULL_SKELETON;
        json.writeStartObject();
        JsonText.writeMembers(json, head);
        json.writeArrayFieldStart("stages");
        for (int from = 0; from < stages.size(); ) {
            int to = from;
            long bytes = 0;
            while (to < stages.size() && to - from < 50 && (to == from || bytes < BUNDLE_BYTES)) {
                bytes += skeleton ? 0 : stages.get(to).outputBytes;
                to++;
            }
            var bundle = stages.subList(from, to);
            var outputs = skeleton ? Map.<String, String>of() : outputs(bundle);
            for (var stage : bundle) {
                write(json, stage, outputs.get(stage.id), skeleton, brief);
            }
            from = to;
        }
        json.writeEndArray();
        var ownInteractions = interactions.getOrDefault("", List.of());
        if (skeleton && brief) {
            writeBrief(json, "session_level_interactions", ownInteractions, true);
        } else {
            Interactions.writeAll(json, "session_level_interactions", reader, ownInteractions, !skeleton);
        }
        json.writeEndObject();
        json.close();
    }

    private void write(JsonGenerator json, Stage stage, @Nullable String output, boolean skeleton, boolean brief)
            throws IOException {
        var all = interactions.getOrDefault(stage.id, List.of());
        json.writeStartObject();
        JsonText.writeMembers(json, stage.fields);
        if (skeleton) {
            json.writeNumberField("size_bytes", stage.outputBytes);
        } else {
            json.writeFieldName("stage_output");
            JsonText.writeRaw(json, output == null ? "null" : output);
        }
        if (skeleton && brief) {
            writeBrief(json, "llm_interactions", of(all, Exchange.LLM), false);
            writeBrief(json, "mcp_communications", of(all, Exchange.MCP), false);
        } else {
            Interactions.writeAll(json, "llm_interactions", reader, of(all, Exchange.LLM), !skeleton);
            Interactions.writeAll(json, "mcp_communications", reader, of(all, Exchange.MCP), !skeleton);
            Interactions.writeAll(json, "chronological_interactions", reader, all, !skeleton);
        }
        json.writeEndObject();
    }

    private static List<Place> of(List<Place> all, Exchange type) {
        return all.stream().filter(place -> place.type() == type).toList();
    }

    private static void writeBrief(JsonGenerator json, String name, List<Place> places, boolean mixed)
            throws IOException {
        json.writeArrayFieldStart(name);
        for (var place : places) {
            json.writeStartObject();
            json.writeStringField("id", place.id());
            if (mixed) {
                json.writeStringField("type", place.type().word());
            }
            json.writeNumberField("timestamp_us", place.timestampUs());
            json.writeNumberField("size_bytes", place.sizeBytes());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private Map<String, String> outputs(List<Stage> bundle) {
        var ids = new ArrayList<Object>();
        bundle.forEach(stage -> ids.add(stage.id));
        var outputs = new java.util.HashMap<String, String>();
        reader.each(
                "select execution_id, stage_output from stage_executions where stage_output is not null"
                        + " and execution_id in (" + "?, ".repeat(ids.size() - 1) + "?)",
                row -> {
                    var output = row.raw("stage_output");
                    if (output != null) {
                        outputs.put(row.needed("execution_id"), output);
                    }
                },
                ids.toArray());
        return outputs;
    }

    static String headOf(Row row, boolean skeleton) {
        return Answer.text(json -> {
            json.writeStartObject();
            for (var name : List.of("session_id", "alert_id", "alert_type", "agent_type", "status")) {
                JsonText.write(json, name, row.text(name));
            }
            JsonText.write(json, "started_at_us", row.number("started_at_us"));
            JsonText.write(json, "completed_at_us", row.number("completed_at_us"));
            JsonText.write(json, "duration_ms", row.number("duration_ms"));
            JsonText.write(json, "error_message", row.text("error_message"));
            if (skeleton) {
                json.writeNumberField("size_bytes", row.count("size_bytes"));
            } else {
                JsonText.writeRaw(json, "alert_data", row.raw("alert_data"), "null");
                JsonText.write(json, "final_analysis", row.text("final_analysis"));
                JsonText.writeRaw(json, "session_metadata", row.raw("session_metadata"), "null");
            }
            JsonText.write(json, "chain_id", row.text("chain_id"));
            if (!skeleton) {
                JsonText.writeRaw(json, "chain_definition", row.raw("chain_definition"), "null");
            }
            JsonText.write(json, "author", row.text("author"));
            JsonText.write(json, "runbook_url", row.text("runbook_url"));
            JsonText.write(json, "current_stage_index", row.number("current_stage_index"));
            JsonText.write(json, "current_stage_id", row.text("current_stage_id"));
            Totals.writeCounts(json, row);
            for (var name : List.of("total_stages", "completed_stages", "failed_stages", "errors_count")) {
                JsonText.write(json, name, row.number(name));
            }
            json.writeEndObject();
        });
    }

    /** Writes a stage's own fields, with what the interactions in it add up to. */
    static Stage stageOf(Row row) {
        var fields = Answer.text(json -> {
            json.writeStartObject();
            for (var name : List.of("execution_id", "session_id", "stage_id")) {
                JsonText.write(json, name, row.text(name));
            }
            JsonText.write(json, "stage_index", row.number("stage_index"));
            JsonText.write(json, "stage_name", row.text("stage_name"));
            JsonText.write(json, "agent", row.text("agent"));
            JsonText.write(json, "status", row.text("status"));
            for (var name : List.of("started_at_us", "completed_at_us", "duration_ms")) {
                JsonText.write(json, name, row.number(name));
            }
            JsonText.write(json, "error_message", row.text("error_message"));
            JsonText.write(json, "parent_stage_execution_id", row.text("parent_stage_execution_id"));
            JsonText.write(json, "parallel_index", row.number("parallel_index"));
            JsonText.write(json, "parallel_type", row.text("parallel_type"));
            long llm = row.count("llm_count");
            long mcp = row.count("mcp_count");
            json.writeNumberField("llm_interaction_count", llm);
            json.writeNumberField("mcp_communication_count", mcp);
            json.writeNumberField("total_interactions", llm + mcp);
            var llmMs = row.number("llm_ms");
            var mcpMs = row.number("mcp_ms");
            JsonText.write(
                    json,
                    "stage_interactions_duration_ms",
                    llmMs == null ? mcpMs : mcpMs == null ? llmMs : (Long) (llmMs + mcpMs));
            for (var name : List.of("stage_input_tokens", "stage_output_tokens", "stage_total_tokens")) {
                JsonText.write(json, name, row.number(name));
            }
            json.writeEndObject();
        });
        return new Stage(row.needed("execution_id"), row.count("output_bytes"), fields);
    }
}
