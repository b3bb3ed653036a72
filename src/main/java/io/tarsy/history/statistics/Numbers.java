package io.tarsy.history.statistics;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tarsy.history.database.Row;
import io.tarsy.history.http.JsonText;
import io.tarsy.history.http.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** An answer, made of rows that come part by part and in the order of time. */
final class Numbers {
    /** Of each name one row is read more than shown, to know whether there are more. */
    static final int MOST_NAMES = 1_000;

    static final int BUCKET = 1;
    static final int MODEL = 2;
    static final int TOOL = 3;
    static final int ALERT_TYPE = 4;

    private static final int MOST_BUCKETS = 10_000;

    private final Asked asked;
    private final boolean isComplete;
    private final Span all = new Span();
    private final Sketch durationsOfAll = new Sketch();
    private final Map<Long, Span> buckets = new TreeMap<>();
    private final List<Named> models = new ArrayList<>();
    private final List<Named> tools = new ArrayList<>();
    private final List<Named> alertTypes = new ArrayList<>();
    private Span bucket = all;
    private long bucketUs;
    private Sketch durations = new Sketch();

    Numbers(Asked asked, boolean isComplete) {
        this.asked = asked;
        this.isComplete = isComplete;
    }

    /** What has a name, and how much of it there was. */
    private record Named(String name, String detail, Sums sums) {
        static Named of(Row row) {
            return new Named(row.needed("name"), row.needed("detail"), Sums.of(row));
        }
    }

    void take(Row row) {
        switch ((int) row.count("part")) {
            case BUCKET -> ofBucket(row);
            case MODEL -> models.add(Named.of(row));
            case TOOL -> tools.add(Named.of(row));
            default -> alertTypes.add(Named.of(row));
        }
    }

    private void ofBucket(Row row) {
        long from = asked.bucket().of(row.count("from_us"));
        if (bucket == all || from != bucketUs) {
            endBucket();
            if (buckets.size() == MOST_BUCKETS) {
                throw Shape.invalid(
                        "bucket",
                        "there are more than " + MOST_BUCKETS
                                + " in this range; ask for a shorter one, or for longer buckets");
            }
            bucket = new Span();
            bucketUs = from;
            buckets.put(from, bucket);
        }
        var sums = Sums.of(row);
        switch (row.needed("measure")) {
            case "status" -> {
                bucket.status(row.needed("name"), sums.number());
                all.status(row.needed("name"), sums.number());
            }
            case "model" -> {
                bucket.model(sums);
                all.model(sums);
            }
            case "tool" -> {
                bucket.tool(sums);
                all.tool(sums);
            }
            default -> {
                var sketch = row.raw("sketch");
                if (sketch == null) {
                    durations.change(Long.parseLong(row.needed("name")), sums.number());
                } else {
                    durations.add(sketch);
                }
            }
        }
    }

    private void endBucket() {
        bucket.durations(durations);
        durationsOfAll.add(durations);
        durations = new Sketch();
    }

    /** No more rows come. */
    void end() {
        endBucket();
        all.durations(durationsOfAll);
        buckets.values().removeIf(Span::isEmpty);
    }

    void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        JsonText.write(json, "start_us", asked.startUs());
        JsonText.write(json, "end_us", asked.endUs());
        json.writeStringField("bucket", asked.bucket().word());
        json.writeBooleanField("complete", isComplete);
        json.writeObjectFieldStart("totals");
        all.write(json);
        json.writeEndObject();
        json.writeArrayFieldStart("buckets");
        for (var one : buckets.entrySet()) {
            json.writeStartObject();
            json.writeNumberField("start_us", one.getKey());
            json.writeNumberField("end_us", one.getKey() + asked.bucket().micros);
            one.getValue().write(json);
            json.writeEndObject();
        }
        json.writeEndArray();
        write(json, "tokens_by_model", models, MOST_NAMES, this::model);
        write(json, "tools", tools, MOST_NAMES, this::tool);
        write(json, "top_alert_types", alertTypes, asked.top(), this::alertType);
        json.writeEndObject();
    }

    private interface Fields {
        void write(JsonGenerator json, Named one) throws IOException;
    }

    private static void write(JsonGenerator json, String name, List<Named> all, int most, Fields fields)
            throws IOException {
        json.writeArrayFieldStart(name);
        for (var one : all.subList(0, Math.min(all.size(), most))) {
            json.writeStartObject();
            fields.write(json, one);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeBooleanField(name + "_has_more", all.size() > most);
    }

    private void model(JsonGenerator json, Named one) throws IOException {
        JsonText.write(json, "model_name", one.name);
        json.writeNumberField("llm_interactions", one.sums.number());
        json.writeNumberField("llm_errors", one.sums.errors());
        Span.tokens(json, one.sums);
    }

    private void tool(JsonGenerator json, Named one) throws IOException {
        JsonText.write(json, "server_name", one.name);
        JsonText.write(json, "tool_name", one.detail);
        json.writeNumberField("calls", one.sums.number());
        json.writeNumberField("errors", one.sums.errors());
    }

    private void alertType(JsonGenerator json, Named one) throws IOException {
        JsonText.write(json, "alert_type", one.name.isEmpty() ? null : one.name);
        json.writeNumberField("sessions", one.sums.number());
        json.writeNumberField("failed", one.sums.errors());
    }
}
