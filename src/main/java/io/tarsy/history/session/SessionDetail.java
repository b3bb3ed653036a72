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
import java.util.HashMap;
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
        var feed = skeleton && brief ? null : Interactions.feed(reader, order(), !skeleton);
        json.writeArrayFieldStart("stages");
        for (var bundle : Bundles.of(stages, stage -> skeleton ? 0 : stage.outputBytes)) {
            var outputs = skeleton ? Map.<String, String>of() : outputs(bundle);
            for (var stage : bundle) {
                write(json, stage, outputs.get(stage.id), skeleton, feed);
            }
        }
        json.writeEndArray();
        writeAll(json, "session_level_interactions", all(""), feed, true);
        json.writeEndObject();
        json.close();
    }

    /** Every interaction as often, and in the order, as it is written below. */
    private List<Place> order() {
        var order = new ArrayList<Place>();
        for (var stage : stages) {
            order.addAll(all(stage.id, Exchange.LLM));
            order.addAll(all(stage.id, Exchange.MCP));
            order.addAll(all(stage.id));
        }
        order.addAll(all(""));
        return order;
    }

    private void write(
            JsonGenerator json, Stage stage, @Nullable String output, boolean skeleton, @Nullable InteractionFeed feed)
            throws IOException {
        json.writeStartObject();
        JsonText.writeMembers(json, stage.fields);
        if (skeleton) {
            json.writeNumberField("size_bytes", stage.outputBytes);
        } else {
            json.writeFieldName("stage_output");
            JsonText.writeRaw(json, output == null ? "null" : output);
        }
        writeAll(json, "llm_interactions", all(stage.id, Exchange.LLM), feed, false);
        writeAll(json, "mcp_communications", all(stage.id, Exchange.MCP), feed, false);
        if (feed != null) {
            writeAll(json, "chronological_interactions", all(stage.id), feed, false);
        }
        json.writeEndObject();
    }

    private List<Place> all(String stage) {
        return interactions.getOrDefault(stage, List.of());
    }

    private List<Place> all(String stage, Exchange type) {
        return all(stage).stream().filter(place -> place.type() == type).toList();
    }

    private static void writeAll(
            JsonGenerator json, String name, List<Place> places, @Nullable InteractionFeed feed, boolean mixed)
            throws IOException {
        json.writeArrayFieldStart(name);
        for (var place : places) {
            if (feed == null) {
                writeBrief(json, place, mixed);
                continue;
            }
            var one = feed.next();
            if (one != null) {
                JsonText.writeRaw(json, one);
            }
        }
        json.writeEndArray();
    }

    private static void writeBrief(JsonGenerator json, Place place, boolean mixed) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", place.id());
        if (mixed) {
            json.writeStringField("type", place.type().word());
        }
        json.writeNumberField("timestamp_us", place.timestampUs());
        json.writeNumberField("size_bytes", place.sizeBytes());
        json.writeEndObject();
    }

    private Map<String, String> outputs(List<Stage> bundle) {
        var outputs = new HashMap<String, String>();
        Bundles.read(
                reader,
                "select execution_id, stage_output from stage_executions",
                "execution_id",
                bundle.stream().map(Stage::id).toList(),
                row -> {
                    var output = row.raw("stage_output");
                    if (output != null) {
                        outputs.put(row.needed("execution_id"), output);
                    }
                });
        return outputs;
    }

    static String headOf(Row row, boolean skeleton) {
        return Answer.text(json -> {
            json.writeStartObject();
            for (var name : List.of("session_id", "alert_id", "alert_type", "agent_type", "status")) {
                JsonText.write(json, name, row.text(name));
            }
            JsonText.write(json, "alert_headline", Headline.of(row));
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
            json.writeBooleanField("retention_hold", row.flag("retention_hold"));
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
