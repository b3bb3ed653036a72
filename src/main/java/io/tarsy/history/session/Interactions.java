package io.tarsy.history.session;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tarsy.history.database.Reader;
import io.tarsy.history.database.Row;
import io.tarsy.history.http.Answer;
import io.tarsy.history.http.JsonText;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads exchanges with models and tool servers as details and timelines show them. */
final class Interactions {
    private static final String LLM_LIGHT = "select interaction_id, session_id, stage_execution_id, timestamp_us,"
            + " duration_ms, success, model_name, provider, temperature, input_tokens, output_tokens, total_tokens,"
            + " interaction_type, request_id, mcp_event_id, size_bytes";
    private static final String LLM_BODIES = ", thinking_content, response_metadata, conversation";
    private static final String MCP_LIGHT = "select communication_id, session_id, stage_execution_id, timestamp_us,"
            + " duration_ms, success, server_name, communication_type, tool_name, request_id, size_bytes";
    /** So much is shown of a text that may be of any length, where an interaction is not shown whole. */
    private static final int LIGHT_TEXT = 1_000;

    private static final String TEXTS = ", error_message, step_description";
    private static final String LIGHT_TEXTS = ", substr(error_message, 1, " + (LIGHT_TEXT + 1)
            + ") as error_message, substr(step_description, 1, " + (LIGHT_TEXT + 1) + ") as step_description";
    private static final String MCP_BODIES = ", tool_arguments, available_tools, tool_result";

    private Interactions() {}

    /** With whom something was exchanged. */
    enum Exchange {
        LLM("llm_interactions", "interaction_id", LLM_LIGHT, LLM_BODIES),
        MCP("mcp_communications", "communication_id", MCP_LIGHT, MCP_BODIES);

        final String table;
        final String id;
        private final String light;
        private final String bodies;

        Exchange(String table, String id, String light, String bodies) {
            this.table = table;
            this.id = id;
            this.light = light;
            this.bodies = bodies;
        }

        /** The start of a query for rows that {@link Interactions#write} can write. */
        String select(boolean whole) {
            return light + (whole ? TEXTS + bodies : LIGHT_TEXTS) + " from " + table;
        }

        /** Its word in answers. */
        String word() {
            return this == LLM ? "llm" : "mcp";
        }
    }

    /**
     * Where an interaction is found.
     *
     * @param type with whom
     * @param id its id
     * @param stage its stage, or null
     * @param timestampUs when
     * @param sizeBytes of its bodies
     */
    record Place(Exchange type, String id, @Nullable String stage, long timestampUs, long sizeBytes) {
        /** What names it among both types. */
        String name() {
            return type.word() + ":" + id;
        }
    }

    /** All interactions of a session in their order, without anything that is long. */
    static List<Place> places(Reader reader, String sessionId) {
        return reader.list(
                "select 'llm' as type, interaction_id as id, stage_execution_id, timestamp_us, size_bytes"
                        + " from llm_interactions where session_id = ? union all"
                        + " select 'mcp', communication_id, stage_execution_id, timestamp_us, size_bytes"
                        + " from mcp_communications where session_id = ? order by timestamp_us, type, id",
                row -> new Place(
                        row.needed("type").equals("llm") ? Exchange.LLM : Exchange.MCP,
                        row.needed("id"),
                        row.text("stage_execution_id"),
                        row.count("timestamp_us"),
                        row.count("size_bytes")),
                sessionId,
                sessionId);
    }

    /** A feed of interactions as details show them. */
    static InteractionFeed feed(Reader reader, List<Place> order, boolean whole) {
        return new InteractionFeed(
                reader,
                order,
                whole,
                type -> type.select(whole),
                (type, row) -> Answer.text(out -> write(out, type, row, whole)));
    }

    /** Writes the row as an interaction: whole, or with the size of its bodies in their place. */
    static void write(JsonGenerator json, Exchange type, Row row, boolean whole) throws IOException {
        write(json, type, row, whole, null);
    }

    /** Writes the row; of a conversation only what is new since an earlier one, if that is given. */
    static void write(JsonGenerator json, Exchange type, Row row, boolean whole, @Nullable Earlier earlier)
            throws IOException {
        var id = row.needed(type.id);
        json.writeStartObject();
        json.writeStringField("id", id);
        json.writeStringField("event_id", id);
        JsonText.write(json, "timestamp_us", row.number("timestamp_us"));
        JsonText.write(json, "step_description", shown(description(type, row), whole));
        JsonText.write(json, "duration_ms", row.number("duration_ms"));
        JsonText.write(json, "stage_execution_id", row.text("stage_execution_id"));
        json.writeStringField("type", type.word());
        if (!whole) {
            json.writeNumberField("size_bytes", row.count("size_bytes"));
        }
        json.writeObjectFieldStart("details");
        JsonText.write(json, type.id, id);
        JsonText.write(json, "session_id", row.text("session_id"));
        JsonText.write(json, "stage_execution_id", row.text("stage_execution_id"));
        JsonText.write(json, "timestamp_us", row.number("timestamp_us"));
        JsonText.write(json, "duration_ms", row.number("duration_ms"));
        json.writeBooleanField("success", row.flag("success"));
        JsonText.write(json, "error_message", shown(row.text("error_message"), whole));
        JsonText.write(json, "request_id", row.text("request_id"));
        if (type == Exchange.LLM) {
            writeLlm(json, row, whole, earlier);
        } else {
            writeMcp(json, row, whole);
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static @Nullable String shown(@Nullable String text, boolean whole) {
        if (whole || text == null || text.length() <= LIGHT_TEXT) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(LIGHT_TEXT - 1)) ? LIGHT_TEXT - 1 : LIGHT_TEXT;
        return text.substring(0, end) + "…";
    }

    private static void writeLlm(JsonGenerator json, Row row, boolean whole, @Nullable Earlier earlier)
            throws IOException {
        JsonText.write(json, "model_name", row.text("model_name"));
        JsonText.write(json, "provider", row.text("provider"));
        var temperature = row.decimal("temperature");
        json.writeFieldName("temperature");
        if (temperature == null) {
            json.writeNull();
        } else {
            json.writeNumber(temperature);
        }
        JsonText.write(json, "interaction_type", row.text("interaction_type"));
        JsonText.write(json, "mcp_event_id", row.text("mcp_event_id"));
        if (whole) {
            writeConversation(json, String.valueOf(row.raw("conversation")), earlier);
            JsonText.write(json, "thinking_content", row.text("thinking_content"));
            JsonText.writeRaw(json, "response_metadata", row.raw("response_metadata"), "null");
        }
        JsonText.write(json, "input_tokens", row.number("input_tokens"));
        JsonText.write(json, "output_tokens", row.number("output_tokens"));
        JsonText.write(json, "total_tokens", row.number("total_tokens"));
    }

    private static void writeConversation(JsonGenerator json, String whole, @Nullable Earlier earlier)
            throws IOException {
        if (earlier == null) {
            JsonText.writeRaw(json, "conversation", whole, "null");
            return;
        }
        var left = NewMessages.of(whole, earlier.conversation());
        JsonText.writeRaw(json, "conversation", left.conversation(), "null");
        json.writeNumberField("messages_before", left.messagesBefore());
        JsonText.write(json, "previous_interaction_id", earlier.id());
    }

    private static void writeMcp(JsonGenerator json, Row row, boolean whole) throws IOException {
        JsonText.write(json, "tool_name", row.text("tool_name"));
        JsonText.write(json, "server_name", row.text("server_name"));
        JsonText.write(json, "communication_type", row.text("communication_type"));
        if (whole) {
            JsonText.writeRaw(json, "tool_arguments", row.raw("tool_arguments"), "{}");
            JsonText.writeRaw(json, "tool_result", row.raw("tool_result"), "{}");
            JsonText.writeRaw(json, "available_tools", row.raw("available_tools"), "{}");
        }
    }

    private static String description(Exchange type, Row row) {
        var given = row.text("step_description");
        if (given != null) {
            return given;
        }
        if (type == Exchange.LLM) {
            return "LLM analysis using " + row.text("model_name");
        }
        return row.needed("communication_type").equals("tool_list")
                ? "Discover available tools from " + row.text("server_name")
                : "Execute " + row.text("tool_name") + " via " + row.text("server_name");
    }
}
