package io.tarsy.history.session;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tarsy.history.http.Answer;
import io.tarsy.history.http.JsonText;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list, ready to be written.
 *
 * @param query what was asked
 * @param counted how many match, counted to one more than is counted
 * @param rows what is shown
 * @param hits where the words stand, if words were looked for
 */
record SessionPage(
        SessionQuery query,
        long counted,
        Rows rows,
        @Nullable Hits hits) implements Answer.Writer {

    /**
     * One session.
     *
     * @param sessionId its id
     * @param json its row
     * @param cursor of what follows it
     */
    record Line(String sessionId, String json, String cursor) {}

    /**
     * What is shown.
     *
     * @param lines in order
     * @param next cursor of the next page, or null at the end
     */
    record Rows(List<Line> lines, @Nullable String next) {
        List<String> ids() {
            return lines.stream().map(Line::sessionId).toList();
        }
    }

    /**
     * Where the words stand.
     *
     * @param matches by session
     * @param caveats what the index does not know
     */
    record Hits(Map<String, List<Finder.Match>> matches, Finder.Caveats caveats) {}

    @Override
    public void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("sessions");
        for (var line : rows.lines) {
            if (hits == null) {
                JsonText.writeRaw(json, line.json);
            } else {
                json.writeStartObject();
                JsonText.writeMembers(json, line.json);
                writeMatches(json, hits.matches.getOrDefault(line.sessionId, List.of()));
                json.writeEndObject();
            }
        }
        json.writeEndArray();
        writePagination(json);
        writeFilters(json);
        if (hits != null) {
            json.writeObjectFieldStart("search");
            json.writeNumberField("sessions_with_cut_bodies", hits.caveats.cutSessions());
            json.writeNumberField("sessions_not_indexed_yet", hits.caveats.pendingSessions());
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    /** Writes the member {@code matches}. */
    static void writeMatches(JsonGenerator json, List<Finder.Match> matches) throws IOException {
        json.writeArrayFieldStart("matches");
        for (var match : matches) {
            json.writeStartObject();
            json.writeStringField("where", match.where());
            json.writeStringField("field", match.field());
            JsonText.write(json, "snippet", match.snippet());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void writePagination(JsonGenerator json) throws IOException {
        boolean estimate = counted > SessionListService.COUNTED;
        long total = estimate ? SessionListService.COUNTED : counted;
        json.writeObjectFieldStart("pagination");
        json.writeNumberField("page", query.page());
        json.writeNumberField("page_size", query.pageSize());
        json.writeNumberField("total_pages", (total + query.pageSize() - 1) / query.pageSize());
        json.writeNumberField("total_items", total);
        JsonText.write(json, "next_cursor", rows.next);
        if (estimate) {
            json.writeBooleanField("total_is_estimate", true);
        }
        json.writeEndObject();
    }

    private void writeFilters(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("filters_applied");
        for (var filter : query.filters().entrySet()) {
            JsonText.write(json, filter.getKey(), filter.getValue());
        }
        JsonText.writeGiven(json, "search", query.search());
        JsonText.writeGiven(json, "start_date_us", query.startUs());
        JsonText.writeGiven(json, "end_date_us", query.endUs());
        json.writeEndObject();
    }
}
