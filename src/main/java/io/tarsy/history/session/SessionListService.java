package io.tarsy.history.session;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tarsy.history.database.PortableText;
import io.tarsy.history.database.Reader;
import io.tarsy.history.database.Row;
import io.tarsy.history.http.Answer;
import io.tarsy.history.http.JsonText;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lists of sessions: one indexed query for a page, nothing is added up, no entity is built. */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class SessionListService {
    /** Up to here matches are counted; beyond, there are at least as many. */
    public static final int COUNTED = 10_000;

    private static final int FILTER_VALUES = 1_000;
    private static final int ACTIVE_AT_ONCE = 500;
    private static final String FROM = " from alert_sessions s join session_totals t on t.session_id = s.session_id";

    @Inject
    Reader reader;

    /** One page of sessions, as in the contract's {@code sessions-page.json}. */
    public Answer.Writer page(SessionQuery query) {
        var parameters = new ArrayList<Object>();
        var where = where(query, parameters);
        long total = count(where, parameters);
        var rows = new ArrayList<String>();
        var next = new String[1];
        reader.each(
                select(query, where, parameters),
                row -> {
                    if (rows.size() < query.pageSize()) {
                        rows.add(Answer.text(json -> writeRow(json, row)));
                        next[0] = query.cursorAfter(row);
                    } else {
                        rows.add("");
                    }
                },
                parameters.toArray());
        boolean more = rows.size() > query.pageSize();
        return json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("sessions");
            for (var row : more ? rows.subList(0, query.pageSize()) : rows) {
                JsonText.writeRaw(json, row);
            }
            json.writeEndArray();
            writePagination(json, query, total, more ? next[0] : null);
            writeFilters(json, query);
            json.writeEndObject();
        };
    }

    private static String where(SessionQuery query, List<Object> parameters) {
        var conditions = new ArrayList<String>();
        query.filters().forEach((column, values) -> {
            conditions.add("s." + column + " in (" + "?, ".repeat(values.size() - 1) + "?)");
            values.forEach(value -> parameters.add(PortableText.encode(value)));
        });
        if (query.startUs() != null) {
            conditions.add("s.started_at_us >= ?");
            parameters.add(query.startUs());
        }
        if (query.endUs() != null) {
            conditions.add("s.started_at_us <= ?");
            parameters.add(query.endUs());
        }
        return conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions);
    }

    /** All sessions, counted to one more than {@link #COUNTED}. */
    public long countAll() {
        return count("", List.of());
    }

    private long count(String where, List<Object> parameters) {
        var counted = reader.first(
                "select count(*) as n from (select 1 from alert_sessions s" + where + " limit " + (COUNTED + 1) + ") x",
                row -> row.count("n"),
                parameters.toArray());
        return counted == null ? 0 : counted;
    }

    private static String select(SessionQuery query, String where, List<Object> parameters) {
        var sort = query.sort();
        var id = sort == SessionQuery.Sort.session_total_tokens ? "t.session_id" : "s.session_id";
        var direction = query.descending() ? " desc" : " asc";
        var sql = new StringBuilder("select s.session_id, s.alert_id, s.alert_type, s.agent_type, s.status,"
                        + " s.started_at_us, s.completed_at_us, s.error_message, s.chain_id, s.current_stage_index,"
                        + " s.duration_ms, s.author, s.retention_hold, t.llm_interaction_count, t.mcp_communication_count,"
                        + " t.session_input_tokens, t.session_output_tokens, t.session_total_tokens, t.total_stages,"
                        + " t.completed_stages, t.failed_stages, ")
                .append(sort.expression)
                .append(" as sort_key")
                .append(FROM)
                .append(where);
        var after = query.after();
        if (after != null) {
            sql.append(where.isEmpty() ? " where (" : " and (")
                    .append(sort.expression)
                    .append(", ")
                    .append(id);
            sql.append(query.descending() ? ") < (?, ?)" : ") > (?, ?)");
            var key = after.sortKey(sort);
            parameters.add(key instanceof String text ? PortableText.encode(text) : key);
            parameters.add(after.sessionId());
        }
        sql.append(" order by ")
                .append(sort.expression)
                .append(direction)
                .append(", ")
                .append(id)
                .append(direction);
        sql.append(" limit ").append(query.pageSize() + 1);
        if (after == null) {
            sql.append(" offset ").append((query.page() - 1L) * query.pageSize());
        }
        return sql.toString();
    }

    private static void writeRow(JsonGenerator json, Row row) throws IOException {
        json.writeStartObject();
        for (var name : List.of("session_id", "alert_id", "alert_type", "agent_type", "status")) {
            JsonText.write(json, name, row.text(name));
        }
        JsonText.write(json, "started_at_us", row.number("started_at_us"));
        JsonText.write(json, "completed_at_us", row.number("completed_at_us"));
        JsonText.write(json, "error_message", row.text("error_message"));
        Totals.writeCounts(json, row);
        JsonText.write(json, "chain_id", row.text("chain_id"));
        for (var name :
                List.of("total_stages", "completed_stages", "failed_stages", "current_stage_index", "duration_ms")) {
            JsonText.write(json, name, row.number(name));
        }
        JsonText.write(json, "author", row.text("author"));
        json.writeBooleanField("retention_hold", row.flag("retention_hold"));
        json.writeEndObject();
    }

    private static void writePagination(JsonGenerator json, SessionQuery query, long counted, @Nullable String next)
            throws IOException {
        boolean estimate = counted > COUNTED;
        long total = estimate ? COUNTED : counted;
        json.writeObjectFieldStart("pagination");
        json.writeNumberField("page", query.page());
        json.writeNumberField("page_size", query.pageSize());
        json.writeNumberField("total_pages", (total + query.pageSize() - 1) / query.pageSize());
        json.writeNumberField("total_items", total);
        JsonText.write(json, "next_cursor", next);
        if (estimate) {
            json.writeBooleanField("total_is_estimate", true);
        }
        json.writeEndObject();
    }

    private static void writeFilters(JsonGenerator json, SessionQuery query) throws IOException {
        json.writeObjectFieldStart("filters_applied");
        for (var filter : query.filters().entrySet()) {
            JsonText.write(json, filter.getKey(), filter.getValue());
        }
        JsonText.writeGiven(json, "start_date_us", query.startUs());
        JsonText.writeGiven(json, "end_date_us", query.endUs());
        json.writeEndObject();
    }

    /** The sessions that have not ended, newest first, as many as are written at once. */
    public List<ActiveSession> active(@Nullable ActiveSession after) {
        var parameters = new ArrayList<Object>();
        var sql = new StringBuilder("select session_id, alert_id, agent_type, alert_type, status, started_at_us,"
                        + " error_message from alert_sessions where status in ('")
                .append(String.join("', '", Status.ACTIVE_SESSIONS))
                .append("')");
        if (after != null) {
            sql.append(" and (started_at_us, session_id) < (?, ?)");
            parameters.add(after.startedAtUs());
            parameters.add(after.sessionId());
        }
        sql.append(" order by started_at_us desc, session_id desc limit " + ACTIVE_AT_ONCE);
        return reader.list(sql.toString(), ActiveSession::of, parameters.toArray());
    }

    /** The values a list can be filtered by, as they are stored. */
    public Answer.Writer filterOptions() {
        var agents = values("agent_type");
        var alerts = values("alert_type");
        return json -> {
            json.writeStartObject();
            JsonText.write(json, "agent_types", agents);
            JsonText.write(json, "alert_types", alerts);
            JsonText.write(json, "status_options", Status.OF_SESSIONS);
            json.writeArrayFieldStart("time_ranges");
            for (var range : TimeRange.values()) {
                json.writeStartObject();
                json.writeStringField("label", range.label);
                json.writeStringField("value", range.value);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        };
    }

    /** Hops from one value of an index to the next, so that the cost is that of the values and not of the rows. */
    private List<String> values(String column) {
        return reader.list(
                ("with recursive hop(v) as (select min(c) from alert_sessions union all"
                                + " select (select min(c) from alert_sessions where c > hop.v) from hop"
                                + " where hop.v is not null) select v from hop where v is not null limit "
                                + FILTER_VALUES)
                        .replace("(c)", "(" + column + ")")
                        .replace(" c >", " " + column + " >"),
                row -> row.needed("v"));
    }

    private enum TimeRange {
        LAST_HOUR("Last Hour", "1h"),
        LAST_4_HOURS("Last 4 Hours", "4h"),
        TODAY("Today", "today"),
        THIS_WEEK("This Week", "week"),
        THIS_MONTH("This Month", "month");

        final String label;
        final String value;

        TimeRange(String label, String value) {
            this.label = label;
            this.value = value;
        }
    }
}
