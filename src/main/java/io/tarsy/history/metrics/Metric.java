package io.tarsy.history.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Everything that is measured, once. A constant's name in lower case is the metric's, with {@code tarsy_} before it. */
public enum Metric {
    REQUESTS(
            Type.TIMER,
            "Requests to /api/v1 by route, method and status, and how long they took to the last byte of the answer;"
                    + " a stream of events counts once it is open. Route \"none\" is an address or a method that is not"
                    + " there.",
            List.of("route", "method", "status")),
    WRITES(
            Type.COUNTER,
            "Records that were sent, by kind and what became of them, counted once that is durable; rejected are those"
                    + " that contradict or miss what is recorded.",
            List.of("kind", "outcome"),
            writes()),
    WRITE_QUEUE_DEPTH(Type.GAUGE, "Writes that wait for the one SQLite writer; 0 on PostgreSQL."),
    WRITE_WAIT(Type.TIMER, "How long a write waited for its turn at SQLite; none on PostgreSQL."),
    COMMIT_GROUPS(Type.COUNTER, "Commits of SQLite; none are counted on PostgreSQL."),
    COMMIT_GROUP_WRITES(Type.COUNTER, "Writes in those commits: divided by them, the size of a group."),
    POOL_IN_USE(Type.GAUGE, "Connections that serve a request now; on SQLite those that read."),
    POOL_IDLE(
            Type.GAUGE,
            "Connections that wait for work; on PostgreSQL sampled, and one number for all servers of one machine."),
    POOL_WAITING(Type.GAUGE, "Requests that wait for a connection."),
    POOL_LIMIT(Type.GAUGE, "Most connections."),
    POOL_TIMEOUTS(Type.COUNTER, "Requests that got no connection because all were in use."),
    WAL_BYTES(Type.GAUGE, "Size of the write-ahead log of SQLite, sampled; 0 on PostgreSQL, which does not tell."),
    DATABASE_BYTES(Type.GAUGE, "Size of the database, sampled."),
    DATABASE_FREE_BYTES(
            Type.GAUGE,
            "Space in it that is free for reuse, sampled: exact on SQLite, on PostgreSQL the estimated share of dead"
                    + " rows, which the next vacuum frees."),
    DATABASE_UP(Type.GAUGE, "1 while the database answers, else 0."),
    DATABASE_RECONNECTS(Type.COUNTER, "Times that the database came back after it did not answer."),
    SLOW_STATEMENTS(Type.COUNTER, "Statements that took longer than HISTORY_SLOW_STATEMENT_MS."),
    RETENTION_RUNS(
            Type.COUNTER,
            "Runs of retention by how they ended.",
            List.of("state"),
            crossed(List.of("completed", "paused", "failed"))),
    RETENTION_SESSIONS(Type.COUNTER, "Sessions that retention deleted."),
    RETENTION_ROWS(Type.COUNTER, "Rows that retention deleted."),
    ORPHANED_SESSIONS(Type.COUNTER, "Sessions that became timed_out because their agent went silent."),
    EVENTS_DELIVERED(Type.COUNTER, "Events handed to clients."),
    EVENTS_DROPPED_CLIENTS(Type.COUNTER, "Clients that were too slow and were dropped."),
    EVENT_CLIENTS(Type.GAUGE, "Clients that listen now.", List.of("protocol"), crossed(List.of("sse", "websocket"))),
    SPOOL_DEPTH(Type.GAUGE, "Writes in the spool that are not applied yet."),
    SPOOL_BYTES(Type.GAUGE, "Size of the spool's file."),
    BACKUPS(Type.COUNTER, "Backups by how they ended.", List.of("outcome"), crossed(List.of("completed", "failed")));

    /** How a metric behaves. */
    public enum Type {
        /** It only grows. */
        COUNTER,
        /** It is what it is when it is asked for. */
        GAUGE,
        /** How often, and how long, as a histogram. */
        TIMER
    }

    private final Type type;
    private final String description;

    @SuppressWarnings("ImmutableEnumChecker") // a copy that cannot change
    private final List<String> tags;

    @SuppressWarnings("ImmutableEnumChecker") // a copy that cannot change
    private final List<List<String>> known;

    Metric(Type type, String description) {
        this(type, description, List.of(), List.of(List.of()));
    }

    Metric(Type type, String description, List<String> tags) {
        this(type, description, tags, List.of());
    }

    Metric(Type type, String description, List<String> tags, List<List<String>> known) {
        this.type = type;
        this.description = description;
        this.tags = tags;
        this.known = known;
    }

    /** How it behaves. */
    public Type type() {
        return type;
    }

    /** What it says. */
    public String description() {
        return description;
    }

    /** The names of its tags, in the order in which their values are given. */
    public List<String> tags() {
        return tags;
    }

    /** The values of its tags that are known before anything happened: these are shown from the start, with 0. */
    public List<List<String>> known() {
        return known;
    }

    /** Its name in the registry. */
    public String text() {
        return "tarsy_" + name().toLowerCase(Locale.ROOT);
    }

    /** The names under which it is shown. */
    public List<String> shown() {
        return switch (type) {
            case COUNTER -> List.of(text() + "_total");
            case GAUGE -> List.of(text());
            case TIMER -> List.of(text() + "_seconds_bucket", text() + "_seconds_count", text() + "_seconds_sum");
        };
    }

    private static List<List<String>> writes() {
        var list = new ArrayList<List<String>>();
        list.addAll(crossed(
                List.of("session", "stage", "llm_interaction", "mcp_communication"),
                "created",
                "unchanged",
                "rejected"));
        list.addAll(crossed(List.of("session_patch", "stage_patch"), "updated", "unchanged", "rejected"));
        list.addAll(crossed(List.of("session_delete"), "deleted", "rejected"));
        return List.copyOf(list);
    }

    /** Each value of the first tag alone, or with each of the second. */
    private static List<List<String>> crossed(List<String> first, String... second) {
        return first.stream()
                .flatMap(one -> second.length == 0
                        ? Stream.of(List.of(one))
                        : Arrays.stream(second).map(other -> List.of(one, other)))
                .toList();
    }
}
