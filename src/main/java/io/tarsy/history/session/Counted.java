package io.tarsy.history.session;

import io.tarsy.history.database.PortableText;
import io.tarsy.history.session.Interactions.Exchange;
import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a row counts for in statistics; fired inside the transaction that writes or deletes the row, where it is deleted
 * with negative numbers.
 *
 * @param measure what is counted
 * @param atUs when it counts: the start of a session, the time of an interaction
 * @param name status, alert type (empty where there is none), duration in ms, model or tool server
 * @param detail the tool
 * @param number of them
 * @param errors among them
 * @param inputTokens of a model
 * @param outputTokens of a model
 * @param totalTokens of a model
 */
public record Counted(
        Measure measure,
        long atUs,
        String name,
        String detail,
        long number,
        long errors,
        long inputTokens,
        long outputTokens,
        long totalTokens) {
    /** An hour in microseconds. */
    public static final long HOUR_US = 3_600_000_000L;

    /** What can be counted. */
    public enum Measure {
        STATUS,
        ALERT_TYPE,
        DURATION,
        MODEL,
        TOOL
    }

    static List<Counted> of(AlertSession session) {
        var status = session.status();
        return ofSession(session.startedAtUs, status, session.alertType, session.durationMs, 1);
    }

    private static List<Counted> ofSession(
            long startedAtUs, Status status, @Nullable String alertType, @Nullable Long durationMs, long number) {
        var counted = new ArrayList<Counted>(3);
        counted.add(plain(Measure.STATUS, startedAtUs, status.word(), "", number, 0));
        long failed = status == Status.FAILED || status == Status.TIMED_OUT ? number : 0;
        counted.add(plain(Measure.ALERT_TYPE, startedAtUs, alertType == null ? "" : alertType, "", number, failed));
        if (durationMs != null) {
            counted.add(plain(Measure.DURATION, startedAtUs, String.valueOf(durationMs), "", number, 0));
        }
        return counted;
    }

    private static Counted plain(Measure measure, long atUs, String name, String detail, long number, long errors) {
        return new Counted(measure, atUs, name, detail, number, errors, 0, 0, 0);
    }

    static Counted of(LlmInteraction one) {
        return new Counted(
                Measure.MODEL,
                one.timestampUs,
                one.modelName,
                "",
                1,
                one.isError() ? 1 : 0,
                tokens(one.inputTokens),
                tokens(one.outputTokens),
                tokens(one.totalTokens));
    }

    private static long tokens(@Nullable Long known) {
        return known == null ? 0 : known;
    }

    /** A call of a tool, or null: looking which tools there are counts for nothing. */
    static @Nullable Counted of(McpCommunication one) {
        return one.communicationType.equals("tool_call")
                ? plain(Measure.TOOL, one.timestampUs, one.serverName, one.toolName, 1, one.isError() ? 1 : 0)
                : null;
    }

    /** The opposite. */
    Counted negative() {
        return new Counted(measure, atUs, name, detail, -number, -errors, -inputTokens, -outputTokens, -totalTokens);
    }

    /** What is lost with sessions that are about to be deleted, with everything in them. */
    static List<Counted> lostWith(EntityManager entities, List<String> sessionIds) {
        var lost = new ArrayList<Counted>();
        for (var row : rows(
                entities,
                "select started_at_us, status, alert_type, duration_ms from alert_sessions where session_id in (",
                sessionIds,
                ")")) {
            var duration = (Number) row[3];
            lost.addAll(ofSession(
                    number(row[0]),
                    Status.of((String) row[1]),
                    PortableText.decode((String) row[2]),
                    duration == null ? null : (Long) duration.longValue(),
                    -1));
        }
        for (var type : Exchange.values()) {
            lost.addAll(lostWith(entities, type, "session_id", sessionIds));
        }
        return lost;
    }

    /** What is lost with interactions that are about to be deleted: those whose column has one of these values. */
    static List<Counted> lostWith(EntityManager entities, Exchange type, String column, List<String> values) {
        var hour = "timestamp_us - timestamp_us % " + HOUR_US;
        boolean llm = type == Exchange.LLM;
        var names = llm ? "model_name" : "server_name, tool_name";
        return rows(
                        entities,
                        "select " + hour + ", count(*), sum(" + ERRORS + "), "
                                + (llm ? summed("input_tokens") : "0") + ", "
                                + (llm ? summed("output_tokens") : "0") + ", "
                                + (llm ? summed("total_tokens") : "0") + ", " + names + " from " + type.table
                                + " where "
                                + (llm ? "" : "communication_type = 'tool_call' and ") + column + " in (",
                        values,
                        ") group by " + hour + ", " + names)
                .stream()
                .map(row -> new Counted(
                        llm ? Measure.MODEL : Measure.TOOL,
                        number(row[0]),
                        text(row[6]),
                        llm ? "" : text(row[7]),
                        -number(row[1]),
                        -number(row[2]),
                        -number(row[3]),
                        -number(row[4]),
                        -number(row[5])))
                .toList();
    }

    /** Whether an interaction is one of the errors, as 1 or 0 in SQL. */
    public static final String ERRORS = "case when not success or error_message is not null then 1 else 0 end";

    /** The sum of a column of tokens as it counts, in SQL. */
    public static String summed(String tokens) {
        return "sum(coalesce(" + tokens + ", 0))";
    }

    private static long number(Object column) {
        return ((Number) column).longValue();
    }

    private static String text(Object column) {
        return String.valueOf(PortableText.decode((String) column));
    }

    @SuppressWarnings("unchecked") // a native query of several columns has arrays for rows
    private static List<Object[]> rows(EntityManager entities, String before, List<String> values, String behind) {
        var marks =
                IntStream.rangeClosed(1, values.size()).mapToObj(at -> "?" + at).collect(Collectors.joining(", "));
        var query = entities.createNativeQuery(before + marks + behind);
        for (int at = 0; at < values.size(); at++) {
            query.setParameter(at + 1, values.get(at));
        }
        return query.getResultList();
    }
}
