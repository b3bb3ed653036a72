package io.tarsy.history.metrics;

import java.util.List;

/** Everything that is measured, once. A constant's name in lower case is the metric's, with {@code tarsy_} before it. */
public enum Metric {
    REQUESTS(Type.TIMER, "Requests by route and status, and how long they took.", "route", "method", "status"),
    WRITES(Type.COUNTER, "Records that were written, by kind and what became of them.", "kind", "outcome"),
    WRITE_QUEUE_DEPTH(Type.GAUGE, "Writes that wait for the one SQLite writer."),
    WRITE_WAIT(Type.TIMER, "How long a write waited for its turn at SQLite."),
    COMMIT_GROUPS(Type.COUNTER, "Commits of SQLite."),
    COMMIT_GROUP_WRITES(Type.COUNTER, "Writes in those commits: divided by them, the size of a group."),
    POOL_IN_USE(Type.GAUGE, "Connections that serve a request now."),
    POOL_IDLE(Type.GAUGE, "Connections that wait for work."),
    POOL_WAITING(Type.GAUGE, "Requests that wait for a connection."),
    POOL_LIMIT(Type.GAUGE, "Most connections."),
    POOL_TIMEOUTS(Type.COUNTER, "Requests that got no connection in time."),
    WAL_BYTES(Type.GAUGE, "Size of the write-ahead log; 0 where the database does not tell."),
    DATABASE_BYTES(Type.GAUGE, "Size of the database."),
    DATABASE_FREE_BYTES(Type.GAUGE, "Space in it that is free for reuse."),
    DATABASE_UP(Type.GAUGE, "1 while the database answers, else 0."),
    DATABASE_RECONNECTS(Type.COUNTER, "Times that the database came back after it did not answer."),
    SLOW_STATEMENTS(Type.COUNTER, "Statements that took longer than the setting."),
    RETENTION_RUNS(Type.COUNTER, "Runs of retention by how they ended.", "state"),
    RETENTION_SESSIONS(Type.COUNTER, "Sessions that retention deleted."),
    RETENTION_ROWS(Type.COUNTER, "Rows that retention deleted."),
    ORPHANED_SESSIONS(Type.COUNTER, "Sessions that became timed_out because their agent went silent."),
    EVENTS_DELIVERED(Type.COUNTER, "Events handed to clients."),
    EVENTS_DROPPED_CLIENTS(Type.COUNTER, "Clients that were too slow and were dropped."),
    EVENT_CLIENTS(Type.GAUGE, "Clients that listen now.", "protocol"),
    SPOOL_DEPTH(Type.GAUGE, "Writes in the spool that are not applied yet."),
    SPOOL_BYTES(Type.GAUGE, "Size of the spool's file."),
    BACKUPS(Type.COUNTER, "Backups by how they ended.", "outcome");

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

    Metric(Type type, String description, String... tags) {
        this.type = type;
        this.description = description;
        this.tags = List.of(tags);
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

    /** Its name in the registry. */
    public String text() {
        return "tarsy_" + name().toLowerCase(java.util.Locale.ROOT);
    }
}
