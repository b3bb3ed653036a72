package io.tarsy.history.search;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tarsy.history.database.Row;
import io.tarsy.history.http.JsonText;
import io.tarsy.history.session.Headline;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A session that is like another one.
 *
 * @param sessionId its id
 * @param alertType what kind of alert it was
 * @param alertHeadline the line by which the alert is recognised
 * @param status how it ended, or where it is
 * @param startedAtUs when it began
 * @param completedAtUs when it ended
 * @param durationMs how long it took
 * @param errorMessage why it failed
 * @param outcome the first lines of its final analysis
 * @param sameAlertType whether the alert is of the same type
 * @param score from 0 to 1: how much of the other's telling words it shares, by weight
 * @param shared those words, the rarest first
 */
record Similar(
        String sessionId,
        @Nullable String alertType,
        @Nullable String alertHeadline,
        String status,
        long startedAtUs,
        @Nullable Long completedAtUs,
        @Nullable Long durationMs,
        @Nullable String errorMessage,
        @Nullable String outcome,
        boolean sameAlertType,
        double score,
        List<String> shared) {
    private static final int LINES = 3;
    private static final int CHARACTERS = 500;

    static Similar of(Row row, boolean sameAlertType, double score, List<String> shared) {
        return new Similar(
                row.needed("session_id"),
                row.text("alert_type"),
                Headline.of(row),
                row.needed("status"),
                row.count("started_at_us"),
                row.number("completed_at_us"),
                row.number("duration_ms"),
                row.text("error_message"),
                beginning(row.text("final_analysis")),
                sameAlertType,
                score,
                shared);
    }

    private static @Nullable String beginning(@Nullable String text) {
        if (text == null) {
            return null;
        }
        var lines = text.lines()
                .filter(line -> !line.isBlank())
                .limit(LINES)
                .map(String::strip)
                .collect(Collectors.joining("\n"));
        if (lines.length() <= CHARACTERS) {
            return lines;
        }
        int end = Character.isHighSurrogate(lines.charAt(CHARACTERS - 1)) ? CHARACTERS - 1 : CHARACTERS;
        return lines.substring(0, end) + "…";
    }

    void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("session_id", sessionId);
        JsonText.write(json, "alert_type", alertType);
        JsonText.write(json, "alert_headline", alertHeadline);
        json.writeStringField("status", status);
        json.writeNumberField("started_at_us", startedAtUs);
        JsonText.write(json, "completed_at_us", completedAtUs);
        JsonText.write(json, "duration_ms", durationMs);
        JsonText.write(json, "error_message", errorMessage);
        JsonText.write(json, "final_analysis_beginning", outcome);
        json.writeBooleanField("same_alert_type", sameAlertType);
        json.writeFieldName("score");
        json.writeNumber(String.format(Locale.ROOT, "%.3f", score));
        JsonText.write(json, "shared_words", shared);
        json.writeEndObject();
    }
}
