package io.tarsy.history.session;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tarsy.history.database.Row;
import io.tarsy.history.http.JsonText;
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
 * @param status how far it has come
 * @param startedAtUs when it began
 * @param errorMessage what went wrong so far
 */
public record ActiveSession(
        String sessionId,
        @Nullable String alertId,
        String agentType,
        @Nullable String alertType,
        String status,
        long startedAtUs,
        @Nullable String errorMessage) {

    static ActiveSession of(Row row) {
        return new ActiveSession(
                row.needed("session_id"),
                row.text("alert_id"),
                row.needed("agent_type"),
                row.text("alert_type"),
                row.needed("status"),
                row.count("started_at_us"),
                row.text("error_message"));
    }

    void write(JsonGenerator json, long nowUs) throws IOException {
        json.writeStartObject();
        json.writeStringField("session_id", sessionId);
        JsonText.write(json, "alert_id", alertId);
        JsonText.write(json, "agent_type", agentType);
        JsonText.write(json, "alert_type", alertType);
        json.writeStringField("status", status);
        json.writeNumberField("started_at_us", startedAtUs);
        json.writeNullField("completed_at_us");
        JsonText.write(json, "error_message", errorMessage);
        json.writeNumberField("duration_seconds", BigDecimal.valueOf(nowUs - startedAtUs, 6));
        json.writeEndObject();
    }
}
