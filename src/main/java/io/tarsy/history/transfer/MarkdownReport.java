package io.tarsy.history.transfer;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tarsy.history.http.JsonText;
import io.tarsy.history.http.MergePatch;
import java.io.IOException;
import java.io.Writer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A session as a report for people: made record by record from what an export gives. */
final class MarkdownReport {
    private final Writer out;

    MarkdownReport(Writer out) {
        this.out = out;
    }

    /** Adds one record of an export. */
    void add(String line) throws IOException {
        var record = MergePatch.members(line);
        switch (text(record, "kind")) {
            case "session" -> session(record);
            case "stage" -> stage(record);
            case "llm_interaction" -> llm(record);
            case "mcp_communication" -> mcp(record);
            case "stage_patch" -> change("Stage execution " + text(record, "execution_id"), record);
            case "session_patch" -> change("Session", record);
            default -> throw new IllegalStateException("An export holds no such record.");
        }
    }

    private void session(Map<String, String> session) throws IOException {
        var type = text(session, "alert_type");
        write("# " + (type.isEmpty() ? "Alert" : type) + "\n\n");
        write("- Session: `" + text(session, "session_id") + "`\n");
        item("Alert", text(session, "alert_id"));
        item("Agents", text(session, "agent_type"));
        item("Chain", text(session, "chain_id"));
        item("Author", text(session, "author"));
        item("Runbook", text(session, "runbook_url"));
        item("Started", time(session.get("started_at_us")));
        write("\n## Alert data\n\n" + Fence.around("json", session.getOrDefault("alert_data", "{}")));
        state(session);
    }

    private void stage(Map<String, String> stage) throws IOException {
        write("\n## Stage " + stage.get("stage_index") + ": " + text(stage, "stage_name") + "\n\n");
        write("- Stage execution: `" + text(stage, "execution_id") + "`\n");
        item("Agent", text(stage, "agent"));
        item("Part of", text(stage, "parent_stage_execution_id"));
        item("Started", time(stage.get("started_at_us")));
        state(stage);
    }

    private void llm(Map<String, String> one) throws IOException {
        write("\n### " + time(one.get("timestamp_us")) + ": " + text(one, "model_name") + "\n\n");
        head(one);
        item("Tokens", one.getOrDefault("total_tokens", ""));
        if (one.containsKey("thinking_content")) {
            write("\nThinking:\n\n" + Fence.around("", text(one, "thinking_content")));
        }
        write("\n" + Fence.around("", lastMessage(one.getOrDefault("conversation", "{}"))));
    }

    private void mcp(Map<String, String> one) throws IOException {
        var tool = text(one, "tool_name");
        write("\n### " + time(one.get("timestamp_us")) + ": " + text(one, "server_name") + " "
                + (tool.isEmpty() ? "tool list" : tool) + "\n\n");
        head(one);
        for (var part : new String[] {"tool_arguments", "tool_result", "available_tools"}) {
            var json = one.get(part);
            if (json != null) {
                write("\n" + part.replace('_', ' ') + ":\n\n" + Fence.around("json", json));
            }
        }
    }

    private void head(Map<String, String> one) throws IOException {
        item("Stage execution", text(one, "stage_execution_id"));
        item("Duration in ms", one.getOrDefault("duration_ms", ""));
        item("Error", text(one, "error_message"));
        if ("false".equals(one.get("success"))) {
            write("- Failed\n");
        }
    }

    private void change(String what, Map<String, String> change) throws IOException {
        write("\n## " + what + ": what came of it\n\n");
        state(change);
    }

    private void state(Map<String, String> record) throws IOException {
        item("Status", text(record, "status"));
        item("Completed", time(record.get("completed_at_us")));
        item("Error", text(record, "error_message"));
        var metadata = record.get("session_metadata");
        if (metadata != null) {
            write("\nMetadata:\n\n" + Fence.around("json", metadata));
        }
        var output = record.get("stage_output");
        if (output != null) {
            write("\nOutput:\n\n" + Fence.around("json", output));
        }
        if (record.containsKey("final_analysis")) {
            write("\n## Final analysis\n\n" + text(record, "final_analysis") + "\n");
        }
    }

    private void item(String label, String value) throws IOException {
        if (!value.isEmpty()) {
            write("- " + label + ": " + value.replace('\n', ' ') + "\n");
        }
    }

    private void write(String text) throws IOException {
        out.write(text);
    }

    private static String time(@Nullable String micros) {
        return micros == null || micros.equals("null")
                ? ""
                : Instant.EPOCH.plus(Long.parseLong(micros), ChronoUnit.MICROS).toString();
    }

    /** What was said last: each exchange repeats everything before it. */
    private static String lastMessage(String conversation) throws IOException {
        String last = "";
        try (var parser = JsonText.parser(conversation)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean messages = parser.currentName().equals("messages");
                if (parser.nextToken() == JsonToken.START_ARRAY && messages) {
                    while (parser.nextToken() == JsonToken.START_OBJECT) {
                        last = message(conversation, parser);
                    }
                } else {
                    parser.skipChildren();
                }
            }
        }
        return last;
    }

    private static String message(String conversation, JsonParser parser) throws IOException {
        int from = (int) parser.currentTokenLocation().getCharOffset();
        parser.skipChildren();
        var members = MergePatch.members(
                conversation.substring(from, (int) parser.currentLocation().getCharOffset()));
        var content = members.getOrDefault("content", "");
        return text(members, "role") + ": " + (content.startsWith("\"") ? text(members, "content") : content);
    }

    /** A member that is a string, or nothing. */
    private static String text(Map<String, String> members, String name) throws IOException {
        var json = members.get(name);
        if (json == null || !json.startsWith("\"")) {
            return "";
        }
        try (var parser = JsonText.parser(json)) {
            parser.nextToken();
            return parser.getText();
        }
    }
}
