package io.tarsy.history.session;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tarsy.history.database.Row;
import io.tarsy.history.http.JsonText;
import java.io.IOException;

/** Writes the totals of a session as lists and details show them. */
final class Totals {
    private Totals() {}

    static void writeCounts(JsonGenerator json, Row row) throws IOException {
        long llm = row.count("llm_interaction_count");
        long mcp = row.count("mcp_communication_count");
        json.writeNumberField("llm_interaction_count", llm);
        json.writeNumberField("mcp_communication_count", mcp);
        json.writeNumberField("total_interactions", llm + mcp);
        writeTokens(json, row);
    }

    static void writeTokens(JsonGenerator json, Row row) throws IOException {
        JsonText.write(json, "session_input_tokens", row.number("session_input_tokens"));
        JsonText.write(json, "session_output_tokens", row.number("session_output_tokens"));
        JsonText.write(json, "session_total_tokens", row.number("session_total_tokens"));
    }
}
