package io.tarsy.history.session;

import io.tarsy.history.database.Row;
import io.tarsy.history.http.Problem;
import io.tarsy.history.http.Query;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions a list is to show, and in which order.
 *
 * @param filters exact values by column, any of which may match
 * @param search words to look for, or null
 * @param startUs earliest start, inclusive
 * @param endUs latest start, inclusive
 * @param sort by what
 * @param descending whether the greatest come first
 * @param page its number, from 1
 * @param pageSize rows of a page
 * @param after where the page begins, if a cursor was given
 */
public record SessionQuery(
        Map<String, List<String>> filters,
        @Nullable String search,
        @Nullable Long startUs,
        @Nullable Long endUs,
        Sort sort,
        boolean descending,
        int page,
        int pageSize,
        @Nullable Cursor after) {

    private static final List<String> FILTERS =
            List.of("status", "agent_type", "alert_type", "chain_id", "search", "start_date_us", "end_date_us");

    private static final List<String> ORDER = List.of("page", "page_size", "cursor", "sort_by", "sort_order");

    /** What a list can be sorted by. What is unknown counts as lower than anything known. */
    enum Sort {
        started_at_us("s.started_at_us", true),
        completed_at_us("coalesce(s.completed_at_us, -9223372036854775807)", true),
        status("s.status", false),
        alert_type("coalesce(s.alert_type, '')", false),
        agent_type("s.agent_type", false),
        duration_ms("coalesce(s.duration_ms, -9223372036854775807)", true),
        session_total_tokens("coalesce(t.session_total_tokens, -9223372036854775807)", true);

        /** As it stands in the index that serves it. */
        final String expression;

        final boolean numeric;

        Sort(String expression, boolean numeric) {
            this.expression = expression;
            this.numeric = numeric;
        }

        static List<String> words() {
            return Arrays.stream(values()).map(Enum::name).toList();
        }
    }

    /**
     * The last row of a page.
     *
     * @param key its value of what is sorted by
     * @param sessionId its id
     * @param page number of the page that follows it
     */
    record Cursor(String key, String sessionId, int page) {

        Object sortKey(Sort sort) {
            return sort.numeric ? (Object) Long.valueOf(key) : key;
        }

        String text(Sort sort, boolean descending) {
            var plain = sort + "\n" + descending + "\n" + page + "\n" + sessionId + "\n" + key;
            return Base64.getUrlEncoder().withoutPadding().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
        }

        static @Nullable Cursor of(String text, String sort, boolean descending) {
            try {
                var parts = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split("\n", 5);
                if (parts.length < 5 || !parts[0].equals(sort) || !parts[1].equals(String.valueOf(descending))) {
                    return null;
                }
                var cursor = new Cursor(parts[4], parts[3], Integer.parseInt(parts[2]));
                cursor.sortKey(Sort.valueOf(sort));
                return cursor.page < 2 ? null : cursor;
            } catch (IllegalArgumentException noCursor) {
                return null;
            }
        }
    }

    /**
     * Reads the parameters of a list.
     *
     * @throws io.tarsy.history.http.ProblemException 422 naming each wrong one, 400 for an empty range of dates
     */
    public static SessionQuery of(Map<String, List<String>> sent) {
        return of(sent, Stream.concat(FILTERS.stream(), ORDER.stream()));
    }

    /**
     * Reads those parameters of a list that say which sessions, and nothing of its order and pages.
     *
     * @throws io.tarsy.history.http.ProblemException 422 naming each wrong one, 400 for an empty range of dates
     */
    public static SessionQuery filters(Map<String, List<String>> sent) {
        return of(sent, FILTERS.stream());
    }

    private static SessionQuery of(Map<String, List<String>> sent, Stream<String> known) {
        var query = Query.of(sent, known.toArray(String[]::new));
        var filters = new LinkedHashMap<String, List<String>>();
        filters.put("status", query.words("status", Status.OF_SESSIONS));
        for (var column : List.of("agent_type", "alert_type", "chain_id")) {
            filters.put(column, query.texts(column));
        }
        filters.values().removeIf(List::isEmpty);
        var search = query.text("search");
        var start = query.number("start_date_us", 0, Long.MAX_VALUE);
        var end = query.number("end_date_us", 0, Long.MAX_VALUE);
        int page = query.number("page", 1, 1, Integer.MAX_VALUE);
        int pageSize = query.number("page_size", 20, 1, 250);
        var sort = query.word("sort_by", Sort.started_at_us.name(), Sort.words());
        boolean descending =
                query.word("sort_order", "desc", List.of("asc", "desc")).equals("desc");
        var after = query.read(
                "cursor", text -> Cursor.of(text, sort, descending), "is not a cursor of a list sorted this way");
        if (query.text("cursor") != null && query.text("page") != null) {
            query.wrong("page", "cannot be given together with cursor");
        }
        query.check();
        if (start != null && end != null && start >= end) {
            throw Problem.INVALID_RANGE.with("start_date_us must be before end_date_us");
        }
        return new SessionQuery(
                filters,
                search == null || search.isBlank() ? null : search,
                start,
                end,
                Sort.valueOf(sort),
                descending,
                after == null ? page : after.page,
                pageSize,
                after);
    }

    /** The same words and dates, whatever the columns hold. */
    SessionQuery unfiltered() {
        return new SessionQuery(Map.of(), search, startUs, endUs, sort, descending, page, pageSize, after);
    }

    /** The same list from somewhere else on. */
    SessionQuery from(@Nullable Cursor begin) {
        return new SessionQuery(filters, search, startUs, endUs, sort, descending, page, pageSize, begin);
    }

    /** Whether only the search narrows the list. */
    boolean onlySearches() {
        return filters.isEmpty() && startUs == null && endUs == null;
    }

    /** Whether nothing but words and the start of a session says whether and where it stands in the list. */
    boolean isByStart() {
        return filters.isEmpty() && sort == Sort.started_at_us;
    }

    /** A cursor as text, read again. */
    @Nullable
    Cursor cursor(String text) {
        return Cursor.of(text, sort.name(), descending);
    }

    /** The cursor behind this row. */
    String cursorAfter(Row row) {
        var key = String.valueOf(sort.numeric ? row.number("sort_key") : row.text("sort_key"));
        return new Cursor(key, row.needed("session_id"), page + 1).text(sort, descending);
    }
}
