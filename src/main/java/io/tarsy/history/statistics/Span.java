package io.tarsy.history.statistics;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tarsy.history.http.JsonText;
import io.tarsy.history.session.Status;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What was done in one span of time. */
final class Span {
    private final Map<String, Long> byStatus = new TreeMap<>();
    private Sums models = Sums.NONE;
    private Sums tools = Sums.NONE;
    private long durations;
    private @Nullable Long p50;
    private @Nullable Long p95;

    void status(String status, long sessions) {
        byStatus.merge(status, sessions, Long::sum);
    }

    void model(Sums sums) {
        models = models.plus(sums);
    }

    void tool(Sums sums) {
        tools = tools.plus(sums);
    }

    /** Keeps what is wanted of the durations. */
    void durations(Sketch sketch) {
        durations = sketch.number();
        if (durations > 0) {
            p50 = sketch.percentile(50);
            p95 = sketch.percentile(95);
        }
    }

    /** Whether nothing was done; what was taken back may leave such. */
    boolean isEmpty() {
        return byStatus.values().stream().allMatch(number -> number == 0)
                && models.equals(Sums.NONE)
                && tools.equals(Sums.NONE);
    }

    /** Writes its fields into an object that is open. */
    void write(JsonGenerator json) throws IOException {
        json.writeNumberField(
                "sessions",
                byStatus.values().stream().mapToLong(Long::longValue).sum());
        json.writeObjectFieldStart("by_status");
        for (var status : Status.OF_SESSIONS) {
            json.writeNumberField(status, byStatus.getOrDefault(status, 0L));
        }
        json.writeEndObject();
        json.writeNumberField("sessions_with_duration", durations);
        JsonText.write(json, "duration_p50_ms", p50);
        JsonText.write(json, "duration_p95_ms", p95);
        json.writeNumberField("llm_interactions", models.number());
        json.writeNumberField("llm_errors", models.errors());
        tokens(json, models);
        json.writeNumberField("tool_calls", tools.number());
        json.writeNumberField("tool_errors", tools.errors());
    }

    static void tokens(JsonGenerator json, Sums sums) throws IOException {
        json.writeNumberField("input_tokens", sums.inputTokens());
        json.writeNumberField("output_tokens", sums.outputTokens());
        json.writeNumberField("total_tokens", sums.totalTokens());
    }
}
