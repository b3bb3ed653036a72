package io.tarsy.history.retention;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tarsy.history.database.Row;
import io.tarsy.history.http.JsonText;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What one run did.
 *
 * @param runId its id
 * @param cause schedule or request
 * @param serverName where it ran
 * @param state how it ended, or running
 * @param startedAtUs when it began
 * @param finishedAtUs when it ended
 * @param cutoffUs sessions that ended before went by their age
 * @param sessions that are deleted
 * @param rows that are deleted
 * @param bytes of the texts that are deleted
 * @param archive folder of what was deleted
 * @param error why it failed
 */
record RetentionRun(
        String runId,
        String cause,
        String serverName,
        String state,
        long startedAtUs,
        @Nullable Long finishedAtUs,
        @Nullable Long cutoffUs,
        long sessions,
        long rows,
        long bytes,
        @Nullable String archive,
        @Nullable String error) {

    /** How far a run has come. */
    enum State {
        RUNNING,
        COMPLETED,
        PAUSED,
        FAILED;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static RetentionRun of(Row row) {
        return new RetentionRun(
                row.needed("run_id"),
                row.needed("cause"),
                row.needed("server_name"),
                row.needed("state"),
                row.count("started_at_us"),
                row.number("finished_at_us"),
                row.number("cutoff_us"),
                row.count("sessions_deleted"),
                row.count("rows_deleted"),
                row.count("bytes_deleted"),
                row.text("archive"),
                row.text("error"));
    }

    void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("run_id", runId);
        json.writeStringField("cause", cause);
        JsonText.write(json, "server", serverName);
        json.writeStringField("state", state);
        json.writeNumberField("started_at_us", startedAtUs);
        JsonText.write(json, "finished_at_us", finishedAtUs);
        JsonText.write(json, "cutoff_us", cutoffUs);
        json.writeNumberField("sessions_deleted", sessions);
        json.writeNumberField("rows_deleted", rows);
        json.writeNumberField("bytes_deleted", bytes);
        JsonText.write(json, "archive", archive);
        JsonText.write(json, "error", error);
        json.writeEndObject();
    }
}
