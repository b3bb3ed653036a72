package io.tarsy.history.retention;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tarsy.history.http.JsonText;
import io.tarsy.history.retention.RetentionPlan.Reason;
import io.tarsy.history.session.Expired;
import io.tarsy.history.session.ExpiredSessions;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a run would delete now: it goes the way of a run and deletes nothing. */
final class RetentionPreview {
    private static final int PAGE = 2_000;
    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final int ALERT_TYPES = 50;

    private final Map<Reason, Long> reasons = new EnumMap<>(Reason.class);
    private final Map<String, Long> byAlertType = new HashMap<>();
    private long sessions;
    private long llm;
    private long mcp;
    private long stages;
    private long bytes;
    private boolean estimate;
    private @Nullable Long oldest;
    private @Nullable Long newest;

    private RetentionPreview() {}

    static RetentionPreview of(RetentionPlan plan, ExpiredSessions expired, long most) {
        var preview = new RetentionPreview();
        long end = System.nanoTime() + LONGEST.toNanos();
        Expired last = null;
        while (true) {
            var page = expired.after(last, PAGE);
            for (var one : page) {
                var reason = plan.next(one);
                if (reason == null) {
                    return preview;
                }
                if (preview.sessions == most || System.nanoTime() > end) {
                    preview.estimate = true;
                    return preview;
                }
                preview.add(one, reason);
            }
            if (page.size() < PAGE) {
                return preview;
            }
            last = page.get(PAGE - 1);
        }
    }

    private void add(Expired one, Reason reason) {
        sessions++;
        llm += one.llm();
        mcp += one.mcp();
        stages += one.stages();
        bytes += one.bytes();
        reasons.merge(reason, 1L, Long::sum);
        byAlertType.merge(one.alertType() == null ? "" : one.alertType(), 1L, Long::sum);
        oldest = oldest == null ? (Long) one.completedAtUs() : oldest;
        newest = one.completedAtUs();
    }

    void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeNumberField("sessions", sessions);
        json.writeBooleanField("is_estimate", estimate);
        json.writeNumberField("rows", llm + mcp + stages + Expired.OWN_ROWS * sessions);
        json.writeObjectFieldStart("rows_by_table");
        json.writeNumberField("alert_sessions", sessions);
        json.writeNumberField("session_totals", sessions);
        json.writeNumberField("session_headlines", sessions);
        json.writeNumberField("search_sessions", sessions);
        json.writeNumberField("search_order", sessions);
        json.writeNumberField("stage_executions", stages);
        json.writeNumberField("llm_interactions", llm);
        json.writeNumberField("mcp_communications", mcp);
        json.writeEndObject();
        json.writeNumberField("bytes", bytes);
        JsonText.write(json, "oldest_completed_at_us", oldest);
        JsonText.write(json, "newest_completed_at_us", newest);
        json.writeObjectFieldStart("reasons");
        for (var reason : Reason.values()) {
            json.writeNumberField(reason.word(), reasons.getOrDefault(reason, 0L));
        }
        json.writeEndObject();
        json.writeArrayFieldStart("by_alert_type");
        var most = byAlertType.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(ALERT_TYPES)
                .toList();
        for (var type : most) {
            json.writeStartObject();
            JsonText.write(json, "alert_type", type.getKey().isEmpty() ? null : type.getKey());
            json.writeNumberField("sessions", type.getValue());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
