package io.tarsy.history.config;

import static io.tarsy.history.config.ConfigKey.Group.DATABASE;
import static io.tarsy.history.config.ConfigKey.Group.HISTORY;
import static io.tarsy.history.config.ConfigKey.Group.LIMITS;
import static io.tarsy.history.config.ConfigKey.Group.POSTGRESQL;
import static io.tarsy.history.config.ConfigKey.Group.SQLITE;
import static io.tarsy.history.config.ConfigKey.Group.START;
import static io.tarsy.history.config.ConfigKey.Secret.IN_URL;
import static io.tarsy.history.config.ConfigKey.Secret.NO;
import static io.tarsy.history.config.ConfigKey.Secret.WHOLE;
import static io.tarsy.history.config.ValueRule.atLeast;
import static io.tarsy.history.config.ValueRule.between;
import static io.tarsy.history.config.ValueRule.flag;
import static io.tarsy.history.config.ValueRule.oneOf;
import static io.tarsy.history.config.ValueRule.text;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Every setting the product understands, once. A constant's name is its environment variable; {@code
 * docs/configuration.md} is made from this list.
 */
public enum ConfigKey {
    HISTORY_DATABASE_URL(
            DATABASE,
            text(),
            "sqlite:///history.db",
            IN_URL,
            "postgresql://tarsy:secret@db:5432/tarsy",
            "Where history is kept; the scheme alone chooses SQLite or PostgreSQL."
                    + " Under the test profile the default is `sqlite:///:memory:`."),
    DATABASE_URL(
            DATABASE,
            text(),
            null,
            IN_URL,
            "postgresql://tarsy:secret@db:5432/tarsy",
            "Another name for HISTORY_DATABASE_URL, which wins when both are set."),
    DATABASE_HOST(
            DATABASE,
            text(),
            "localhost",
            NO,
            "db",
            "PostgreSQL host. The five DATABASE_ parts are used when no URL is set and DATABASE_PASSWORD is;"
                    + " nothing in them needs percent codes."),
    DATABASE_PORT(DATABASE, between(1, 65_535), "5432", NO, "5433", "PostgreSQL port."),
    DATABASE_USER(DATABASE, text(), "tarsy", NO, "tarsy", "PostgreSQL user."),
    DATABASE_PASSWORD(DATABASE, text(), null, WHOLE, "p@ss/w:rd", "PostgreSQL password, written as it is."),
    DATABASE_NAME(DATABASE, text(), "tarsy", NO, "tarsy", "Name of the PostgreSQL database."),
    HISTORY_DATABASE_WAIT_RETRIES(
            DATABASE,
            atLeast(1),
            "30",
            NO,
            "60",
            "Tries at start before the application reports itself failed; it keeps trying in the background."),
    HISTORY_MIGRATION_MODE(
            DATABASE,
            oneOf("auto", "validate", "print"),
            "auto",
            NO,
            "validate",
            "What the start does about the schema: bring it up to date, only check it, or only print the SQL."),

    HISTORY_REQUEST_TIMEOUT_SECONDS(
            DATABASE,
            between(1, 300),
            "5",
            NO,
            "10",
            "Seconds that a request may wait for a database that does not answer before it is answered 503."),
    HISTORY_SLOW_STATEMENT_MS(
            DATABASE,
            atLeast(0),
            "1000",
            NO,
            "200",
            "Statements that take longer are logged with their request's correlation id, never with values;"
                    + " 0 logs none."),

    HISTORY_ENABLED(
            HISTORY,
            flag(),
            "true",
            NO,
            "false",
            "False: no database is touched and the history API answers 503; readiness stays up."),
    HISTORY_SIGN_IN(
            HISTORY,
            oneOf("none", "server"),
            "none",
            NO,
            "server",
            "Who must say who they are. `server`: everyone, by the means of the application server"
                    + " (docs/servers.md); what it cannot tell is refused."),
    HISTORY_RETENTION_DAYS(
            HISTORY,
            atLeast(0),
            "90",
            NO,
            "365",
            "Age in days, since its completion, at which a finished session is deleted; 0 keeps it for ever."
                    + " Sessions that run or are held are never deleted."),
    HISTORY_RETENTION_INTERVAL_HOURS(
            HISTORY, atLeast(1), "12", NO, "24", "Hours between two runs of retention; one server makes them."),
    HISTORY_RETENTION_MAX_SESSIONS(
            HISTORY,
            atLeast(0),
            "0",
            NO,
            "1000000",
            "Most sessions that are kept: beyond it the finished ones that ended first are deleted; 0 is no limit."),
    HISTORY_RETENTION_MAX_MEGABYTES(
            HISTORY,
            atLeast(0),
            "0",
            NO,
            "50000",
            "Most MiB of bodies that are kept, as they were sent and without indexes: beyond it the finished"
                    + " sessions that ended first are deleted; 0 is no limit."),
    HISTORY_RETENTION_CHUNK_ROWS(
            HISTORY, between(10, 500), "200", NO, "500", "Most rows that one transaction of retention deletes."),
    HISTORY_RETENTION_PAUSE_MS(
            HISTORY, between(0, 60_000), "50", NO, "200", "Milliseconds between two such transactions."),
    HISTORY_RETENTION_BUDGET_SECONDS(
            HISTORY,
            atLeast(1),
            "1800",
            NO,
            "600",
            "Seconds after which a run of retention pauses; the next one goes on where it stopped."),
    HISTORY_RETENTION_ARCHIVE_DIRECTORY(
            HISTORY,
            text(),
            null,
            NO,
            "/var/lib/tarsy/archive",
            "Folder for what retention deletes: each run writes the sessions there as NDJSON, with a manifest,"
                    + " before it deletes them. Without it nothing is archived."),
    ORPHANED_SESSION_TIMEOUT_MINUTES(
            HISTORY,
            atLeast(0),
            "30",
            NO,
            "120",
            "Minutes without a write or heartbeat after which a running session and its stages become timed_out;"
                    + " 0 is never."),
    HISTORY_EVENTS_KEEP_HOURS(
            HISTORY, between(1, 720), "24", NO, "48", "Hours for which a client can catch up on missed events."),
    HISTORY_SEARCH_BODY_CHARACTERS(
            HISTORY,
            between(1_000, 16_000_000),
            "4194304",
            NO,
            "262144",
            "Characters of one record's texts that search looks at; the rest is cut, and answers say so. A rebuild of"
                    + " the index applies it to what is there."),
    HISTORY_LIVE_CLIENTS(
            HISTORY, atLeast(1), "2000", NO, "500", "Most clients that may listen for events; more are answered 503."),
    HISTORY_SPOOL_ENABLED(
            HISTORY,
            flag(),
            "false",
            NO,
            "true",
            "True: writes that arrive while the database is away are answered 202, kept in a file and applied in"
                    + " order when it is back."),
    HISTORY_SPOOL_DIRECTORY(
            HISTORY,
            text(),
            null,
            NO,
            "/var/lib/tarsy/spool",
            "Folder of that file, for this server alone. Without it: `history-spool` in the working directory."),
    HISTORY_SPOOL_MAX_MEGABYTES(
            HISTORY,
            between(1, 1_000_000),
            "256",
            NO,
            "1024",
            "Largest size of that file in MiB; beyond it writes are answered 503."),

    POSTGRES_POOL_SIZE(POSTGRESQL, between(1, 10_000), "5", NO, "10", "Connections the pool keeps."),
    POSTGRES_MAX_OVERFLOW(
            POSTGRESQL,
            between(0, 10_000),
            "10",
            NO,
            "20",
            "Connections more than that under load; the limit is the sum of both."),
    POSTGRES_POOL_TIMEOUT(POSTGRESQL, between(1, 86_400), "30", NO, "5", "Seconds to wait for a free connection."),
    POSTGRES_POOL_RECYCLE(
            POSTGRESQL,
            atLeast(1).orMinusOne(),
            "3600",
            NO,
            "600",
            "Seconds after which a connection is replaced; -1 is never."
                    + " Payara's pool knows only idle time: there it is the longest a connection may lie idle,"
                    + " at most 300 seconds."),
    POSTGRES_POOL_PRE_PING(POSTGRESQL, flag(), "true", NO, "false", "Check a connection before it is handed out."),
    POSTGRES_CONNECT_TIMEOUT(POSTGRESQL, between(1, 3_600), "10", NO, "3", "Seconds to wait for a new connection."),
    POSTGRES_STATEMENT_TIMEOUT(
            POSTGRESQL, between(1, 86_400), "30", NO, "60", "Seconds after which PostgreSQL cancels a statement."),
    POSTGRES_SOCKET_TIMEOUT(
            POSTGRESQL,
            between(1, 86_400),
            "60",
            NO,
            "120",
            "Seconds of silence after which a connection is given up; keep it above the statement timeout."),

    HISTORY_SQLITE_SYNCHRONOUS(
            SQLITE,
            oneOf("FULL", "NORMAL"),
            "FULL",
            NO,
            "NORMAL",
            "FULL survives a power cut with every answered write; NORMAL is faster and may lose the last ones."),
    HISTORY_SQLITE_BUSY_TIMEOUT_MS(
            SQLITE, between(0, 600_000), "5000", NO, "10000", "Milliseconds to wait for a lock on the file."),
    HISTORY_SQLITE_READERS(SQLITE, between(1, 64), "8", NO, "16", "Connections that read at the same time."),
    HISTORY_WRITE_QUEUE_LIMIT(
            SQLITE,
            atLeast(1),
            "1000",
            NO,
            "5000",
            "Writes that may wait for the one SQLite writer; more are answered 429."),
    HISTORY_WRITE_WAIT_SECONDS(SQLITE, between(1, 3_600), "30", NO, "10", "Seconds a write may wait for the writer."),
    HISTORY_BACKUP_DIRECTORY(
            SQLITE,
            text(),
            null,
            NO,
            "/var/backups/tarsy",
            "Folder of the backups. Without it: `backups` beside the database file."),
    HISTORY_BACKUP_INTERVAL_HOURS(
            SQLITE, atLeast(0), "0", NO, "24", "Hours between two backups made by the server itself; 0 makes none."),
    HISTORY_BACKUP_KEEP(SQLITE, atLeast(1), "7", NO, "14", "Backups that are kept; older ones are deleted."),
    HISTORY_WORKING_DIRECTORY(
            SQLITE,
            text(),
            null,
            NO,
            "/var/lib/tarsy",
            "Folder that relative SQLite files start from. Without it: the working directory of the process."),

    HISTORY_MAX_BODY_BYTES(LIMITS, atLeast(1_024), "10485760", NO, "20971520", "Largest body of one request."),
    HISTORY_MAX_BATCH_BYTES(LIMITS, atLeast(1_024), "268435456", NO, "536870912", "Largest body of one batch."),
    HISTORY_MAX_JSON_DEPTH(LIMITS, between(1, 500), "100", NO, "200", "Deepest nesting of a JSON document."),
    HISTORY_MAX_MESSAGES(LIMITS, atLeast(1), "10000", NO, "20000", "Most messages in one conversation."),

    TARSY_HTTP_HOST(
            START,
            text(),
            "127.0.0.1",
            NO,
            "0.0.0.0",
            "Address the server listens on: this machine only by default. Read by the start script only."),
    TARSY_HTTP_PORT(
            START,
            between(1, 65_535),
            "8080",
            NO,
            "9090",
            "Port the server listens on. Read by the start script only."),
    TARSY_JAVA_OPTS(
            START,
            text(),
            "-Xmx512m",
            NO,
            "-Xmx1g",
            "Options of the server's Java virtual machine. Read by the start script only.");

    /** Settings that belong together; a table of the documentation each. */
    public enum Group {
        /** Which database, and how it is met at start. */
        DATABASE("Database"),
        /** Whether and how long history is kept. */
        HISTORY("History"),
        /** The connections to PostgreSQL. */
        POSTGRESQL("PostgreSQL"),
        /** The file of SQLite. */
        SQLITE("SQLite"),
        /** What one request may bring. */
        LIMITS("Limits"),
        /** What the start script hands to the server. */
        START("Start");

        private final String title;

        Group(String title) {
            this.title = title;
        }

        /** The heading of the group. */
        public String title() {
            return title;
        }
    }

    /** How much of a value must never be shown. */
    public enum Secret {
        /** Nothing of it is secret. */
        NO,
        /** All of it is. */
        WHOLE,
        /** It is a URL that may hold a password. */
        IN_URL
    }

    private final Group group;

    @SuppressWarnings("ImmutableEnumChecker") // its list is copied and cannot change
    private final ValueRule rule;

    private final @Nullable String defaultText;
    private final Secret secret;
    private final String example;
    private final String description;

    ConfigKey(
            Group group,
            ValueRule rule,
            @Nullable String defaultText,
            Secret secret,
            String example,
            String description) {
        this.group = group;
        this.rule = rule;
        this.defaultText = defaultText;
        this.secret = secret;
        this.example = example;
        this.description = description;
    }

    /** The settings it belongs to. */
    public Group group() {
        return group;
    }

    /** What its value may be. */
    public ValueRule rule() {
        return rule;
    }

    /** What holds when it is not set, or null for nothing. */
    public @Nullable String defaultText() {
        return defaultText;
    }

    /** How much of its value must never be shown. */
    public Secret secret() {
        return secret;
    }

    /** A value somebody might set. */
    public String example() {
        return example;
    }

    /** What it means, in sentences. */
    public String description() {
        return description;
    }

    /** The name in the dotted lower-case form of MicroProfile Config. */
    public String dotted() {
        return name().toLowerCase(Locale.ROOT).replace('_', '.');
    }

    /** Whether the value may come from a file that {@code <NAME>_FILE} names: so it is for the database keys. */
    public boolean allowsFile() {
        return name().startsWith("DATABASE_") || this == HISTORY_DATABASE_URL;
    }
}
