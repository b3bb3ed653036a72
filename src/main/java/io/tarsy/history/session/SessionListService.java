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
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Lists of sessions: one indexed query for a page, nothing is added up, no entity is built. */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class SessionListService {
    /** Up to here matches are counted; beyond, there are at least as many. */
    public static final int COUNTED = 10_000;

    private static final int FILTER_VALUES = 1_000;
    private static final int ACTIVE_AT_ONCE = 500;
    private static final int IDS_AT_ONCE = 250;
    /** What the conditions of a list speak of. */
    static final String FROM = " from alert_sessions s join session_totals t on t.session_id = s.session_id";

    @Inject
    Reader reader;

    @Inject
    Instance<Finder> finders;

    /** One page of sessions, as in the contract's {@code sessions-page.json}. */
    public Answer.Writer page(SessionQuery query) {
        return reader.together(() -> counted(query));
    }

    private Answer.Writer counted(SessionQuery query) {
        var search = query.search();
        if (search == null) {
            var where = Where.of(query);
            return new SessionPage(query, count(where), rows(query, where), null);
        }
        return searched(query, search).page();
    }

    private SearchedList searched(SessionQuery query, String search) {
        if (!finders.isResolvable()) {
            throw new IllegalStateException("The program lacks its search.");
        }
        return new SearchedList(
                this, query, finders.get().question("search", search).ask());
    }

    /**
     * Which values the newest sessions have that match words and dates, and how many have each. They are grouped by the
     * database, so that what is counted is never in memory.
     */
    public Answer.Writer facets(SessionQuery query) {
        return reader.together(() -> grouped(query));
    }

    private Answer.Writer grouped(SessionQuery query) {
        var all = query.unfiltered();
        var search = query.search();
        if (search != null) {
            return searched(all, search).facets(query.filters());
        }
        var where = Where.of(all);
        return new Facets(query.filters(), alike(where), count(where) > COUNTED);
    }

    /** The newest of some sessions, grouped by their values. */
    List<Facets.Alike> alike(Where where) {
        var columns = String.join(", ", Facets.COLUMNS);
        return reader.list(
                "select " + columns + ", count(*) as n from (select s." + String.join(", s.", Facets.COLUMNS)
                        + " from alert_sessions s" + where.sql()
                        + " order by s.started_at_us desc, s.session_id desc limit " + COUNTED + ") f group by "
                        + columns,
                row -> new Facets.Alike(Facets.valuesOf(row), row.count("n")),
                where.parameters().toArray());
    }

    /**
     * A session of a list.
     *
     * @param at where it stands
     * @param values of the columns a list can be filtered by
     */
    record Valued(Candidate at, Map<String, String> values) {}

    /** Sessions of a list with their values. */
    List<Valued> valued(SessionQuery query, Where where, SessionQuery.@Nullable Cursor after, int most) {
        return listed(
                query,
                "s." + String.join(", s.", Facets.COLUMNS) + ", ",
                where,
                after,
                most,
                row -> new Valued(Candidate.of(query, row), Facets.valuesOf(row)));
    }

    /** The rows of a page and one more if there are more. */
    SessionPage.Rows rows(SessionQuery query, Where where) {
        var rows = new ArrayList<SessionPage.Line>();
        var parameters = new ArrayList<>(where.parameters());
        reader.each(
                select(query, where.sql(), parameters),
                row -> rows.add(new SessionPage.Line(
                        row.needed("session_id"), Answer.text(json -> writeRow(json, row)), query.cursorAfter(row))),
                parameters.toArray());
        boolean more = rows.size() > query.pageSize();
        var shown = more ? rows.subList(0, query.pageSize()) : rows;
        return new SessionPage.Rows(shown, more ? shown.get(shown.size() - 1).cursor() : null);
    }

    /** A session of a list, with the cursor of what follows it. */
    record Candidate(String sessionId, String cursor) {
        static Candidate of(SessionQuery query, Row row) {
            return new Candidate(row.needed("session_id"), query.cursorAfter(row));
        }
    }

    /** Sessions of a list, sorted by as little as can be. */
    List<Candidate> listed(SessionQuery query, Where where, SessionQuery.@Nullable Cursor after, int most) {
        return listed(query, "", where, after, most, row -> Candidate.of(query, row));
    }

    private <T> List<T> listed(
            SessionQuery query,
            String columns,
            Where where,
            SessionQuery.@Nullable Cursor after,
            int most,
            Function<Row, T> mapper) {
        var from = query.from(after);
        var parameters = new ArrayList<>(where.parameters());
        var sql = new StringBuilder("select s.session_id, ")
                .append(columns)
                .append(query.sort().expression)
                .append(" as sort_key")
                .append(query.sort() == SessionQuery.Sort.session_total_tokens ? FROM : " from alert_sessions s")
                .append(where.sql());
        order(from, where.sql(), sql, parameters);
        sql.append(" limit ").append(most);
        return reader.list(sql.toString(), mapper, parameters.toArray());
    }

    /**
     * Some sessions of a list.
     *
     * @param ids in the order of the list
     * @param next the list from where it goes on, or null at the end
     */
    public record Ids(List<String> ids, @Nullable SessionQuery next) {}

    /** The next sessions of a list, of any length: every call costs the same. */
    public Ids ids(SessionQuery query) {
        var search = query.search();
        if (search != null) {
            return searched(query, search).ids(IDS_AT_ONCE);
        }
        var some = listed(query, Where.of(query), query.after(), IDS_AT_ONCE + 1);
        boolean more = some.size() > IDS_AT_ONCE;
        var shown = more ? some.subList(0, IDS_AT_ONCE) : some;
        return new Ids(
                shown.stream().map(Candidate::sessionId).toList(),
                more ? query.from(query.cursor(shown.get(IDS_AT_ONCE - 1).cursor)) : null);
    }

    /**
     * Makes sure that there are all these sessions.
     *
     * @throws io.tarsy.history.http.ProblemException 404 naming the first that is not there
     */
    public void requireAll(List<String> ids) {
        var marks = "?, ".repeat(ids.size() - 1) + "?";
        var known = new HashSet<>(reader.list(
                "select session_id from alert_sessions where session_id in (" + marks + ")",
                row -> row.needed("session_id"),
                ids.toArray()));
        for (var id : ids) {
            if (!known.contains(id)) {
                throw SessionService.unknown(id);
            }
        }
    }

    /** All sessions, counted to one more than {@link #COUNTED}. */
    public long countAll() {
        return count(Where.ALL);
    }

    /** The sessions that match, counted to one more than {@link #COUNTED}. */
    long count(Where where) {
        var counted = reader.first(
                "select count(*) as n from (select 1 from alert_sessions s" + where.sql() + " limit " + (COUNTED + 1)
                        + ") x",
                row -> row.count("n"),
                where.parameters().toArray());
        return counted == null ? 0 : counted;
    }

    private static String select(SessionQuery query, String where, List<Object> parameters) {
        var sort = query.sort();
        var sql = new StringBuilder("select s.session_id, s.alert_id, s.alert_type, s.agent_type, s.status,"
                        + " s.started_at_us, s.completed_at_us, s.error_message, s.chain_id, s.current_stage_index,"
                        + " s.duration_ms, s.author, s.retention_hold, t.llm_interaction_count, t.mcp_communication_count,"
                        + " t.session_input_tokens, t.session_output_tokens, t.session_total_tokens, t.total_stages,"
                        + " t.completed_stages, t.failed_stages, " + Headline.COLUMNS + ", ")
                .append(sort.expression)
                .append(" as sort_key")
                .append(FROM)
                .append(Headline.JOIN)
                .append(where);
        order(query, where, sql, parameters);
        sql.append(" limit ").append(query.pageSize() + 1);
        if (query.after() == null) {
            sql.append(" offset ").append((query.page() - 1L) * query.pageSize());
        }
        return sql.toString();
    }

    /** The order of the list, from where its cursor says. */
    static void order(SessionQuery query, String where, StringBuilder sql, List<Object> parameters) {
        var sort = query.sort();
        var id = sort == SessionQuery.Sort.session_total_tokens ? "t.session_id" : "s.session_id";
        var direction = query.descending() ? " desc" : " asc";
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
    }

    private static void writeRow(JsonGenerator json, Row row) throws IOException {
        json.writeStartObject();
        for (var name : List.of("session_id", "alert_id", "alert_type", "agent_type", "status")) {
            JsonText.write(json, name, row.text(name));
        }
        JsonText.write(json, "alert_headline", Headline.of(row));
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

    /** The sessions that have not ended, newest first, as many as are written at once. */
    public List<ActiveSession> active(@Nullable ActiveSession after) {
        if (after == null) {
            return reader.list(ActiveSession.select("", ACTIVE_AT_ONCE), ActiveSession::of);
        }
        return reader.list(
                ActiveSession.select(" and (s.started_at_us, s.session_id) < (?, ?)", ACTIVE_AT_ONCE),
                ActiveSession::of,
                after.startedAtUs(),
                after.sessionId());
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
