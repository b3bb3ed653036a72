package io.tarsy.history.session;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tarsy.history.database.Row;
import io.tarsy.history.http.Answer;
import io.tarsy.history.http.JsonText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many sessions have which value, for each column that a list can be filtered by. What is counted of a column
 * passes the filters of the others, so that it says how many there would be if another value were chosen.
 */
final class Facets implements Answer.Writer {
    /** What a list can be filtered by. */
    static final List<String> COLUMNS = List.of("status", "alert_type", "agent_type", "chain_id");

    /** More values of a column are not shown. */
    private static final int MOST_VALUES = 50;

    /**
     * Sessions that have the same values.
     *
     * @param values by column; some sessions have no alert type
     * @param sessions how many
     */
    record Alike(Map<String, String> values, long sessions) {
        /** Whether they pass all filters but those of one column. */
        private boolean passes(Map<String, List<String>> filters, String but) {
            return filters.entrySet().stream()
                    .filter(filter -> !filter.getKey().equals(but))
                    .allMatch(filter -> {
                        var value = values.get(filter.getKey());
                        return value != null && filter.getValue().contains(value);
                    });
        }
    }

    /** The values of a row by column. */
    static Map<String, String> valuesOf(Row row) {
        var values = new HashMap<String, String>();
        for (var column : COLUMNS) {
            var value = row.text(column);
            if (value != null) {
                values.put(column, value);
            }
        }
        return values;
    }

    private final Map<String, List<String>> filters;
    private final List<Alike> groups;
    private final boolean estimate;

    /**
     * Facets of some groups of sessions.
     *
     * @param filters exact values by column, any of which may match
     * @param estimate whether there are more sessions than were looked at
     */
    Facets(Map<String, List<String>> filters, List<Alike> groups, boolean estimate) {
        this.filters = filters;
        this.groups = groups;
        this.estimate = estimate;
    }

    @Override
    public void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeObjectFieldStart("facets");
        for (var column : COLUMNS) {
            write(json, column, counts(column));
        }
        json.writeEndObject();
        json.writeNumberField(
                "sessions_looked_at", groups.stream().mapToLong(Alike::sessions).sum());
        json.writeBooleanField("is_estimate", estimate);
        json.writeEndObject();
    }

    private List<Map.Entry<String, Long>> counts(String column) {
        var counts = new HashMap<String, Long>();
        for (var group : groups) {
            @Nullable String value = group.values.get(column);
            if (value != null && group.passes(filters, column)) {
                counts.merge(value, group.sessions, Long::sum);
            }
        }
        var sorted = new ArrayList<>(counts.entrySet());
        sorted.sort(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()));
        return sorted;
    }

    private static void write(JsonGenerator json, String column, List<Map.Entry<String, Long>> counts)
            throws IOException {
        json.writeArrayFieldStart(column);
        for (var count : counts.subList(0, Math.min(MOST_VALUES, counts.size()))) {
            json.writeStartObject();
            JsonText.write(json, "value", count.getKey());
            json.writeNumberField("count", count.getValue());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeBooleanField(column + "_has_more", counts.size() > MOST_VALUES);
    }
}
