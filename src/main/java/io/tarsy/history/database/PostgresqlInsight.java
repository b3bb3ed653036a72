package io.tarsy.history.database;

import io.tarsy.history.database.Check.Finding;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** What PostgreSQL tells of itself. */
final class PostgresqlInsight implements Insight {
    private static final int OLDEST_SUPPORTED = 15;
    private static final int NUMBERS_OF_A_VERSION = 10_000;
    private static final int SILENT_MS = 3_000;
    private static final int LONG_MINUTES = 5;
    private static final long WRAPAROUND = 2_000_000_000;
    private static final long MANY_DEAD_ROWS = 10_000;
    private static final int PERCENT = 100;
    private static final int DEAD_PERCENT = 20;

    private final DataSource direct;

    PostgresqlInsight(DataSource direct) {
        this.direct = direct;
    }

    @Override
    public Connection connect() throws SQLException {
        var connection = direct.getConnection();
        connection.setNetworkTimeout(Runnable::run, SILENT_MS);
        try (var statement = connection.createStatement()) {
            statement.execute("set application_name = 'tarsy-inspector'");
            statement.execute("set statement_timeout = '2s'");
            statement.execute("set lock_timeout = '1s'");
            return connection;
        } catch (SQLException failed) {
            connection.close();
            throw failed;
        }
    }

    @Override
    public Sizes sizes(Inspector database) {
        var tables = database.list(
                "select c.relname as name, pg_total_relation_size(c.oid) as bytes,"
                        + " case when c.reltuples < 0 then coalesce(s.n_live_tup, 0)"
                        + " else cast(c.reltuples as bigint) end as row_count, coalesce(s.n_dead_tup, 0) as dead_rows"
                        + " from pg_class c left join pg_stat_user_tables s on s.relid = c.oid"
                        + " where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace"
                        + " order by 2 desc limit 100",
                row -> new Sizes.Table(
                        row.needed("name"), row.count("bytes"), row.count("row_count"), row.count("dead_rows")));
        long dead = tables.stream()
                .mapToLong(table -> table.deadRows() == null ? 0 : table.deadRows())
                .sum();
        return new Sizes(
                database.number("select pg_database_size(current_database()) as answer"),
                null,
                dead,
                wal(database),
                tables);
    }

    /** Only some users may look. */
    private static Sizes.@Nullable Wal wal(Inspector database) {
        boolean allowed = database.number("select case when has_function_privilege('pg_ls_waldir()', 'execute')"
                        + " then 1 else 0 end as answer")
                == 1;
        return allowed
                ? new Sizes.Wal(
                        database.number("select cast(coalesce(sum(size), 0) as bigint) as answer from pg_ls_waldir()"),
                        null)
                : null;
    }

    /** The narrowest of the limits of the server, the database and the user; -1 is none. */
    @Override
    public Connections connections(Inspector database) {
        var found = database.first(
                "select current_setting('max_connections')::bigint as max, least(current_setting('max_connections')::bigint - r.reserved,"
                        + " nullif(d.datconnlimit, -1), nullif(u.rolconnlimit, -1)) as most, r.reserved as reserved,"
                        + " (select count(*) from pg_stat_activity where backend_type = 'client backend') as used"
                        + " from (select current_setting('superuser_reserved_connections')::bigint"
                        + " + coalesce(current_setting('reserved_connections', true)::bigint, 0) as reserved) r,"
                        + " pg_database d, pg_roles u"
                        + " where d.datname = current_database() and u.rolname = current_user",
                row -> new Connections(row.count("max"), row.count("reserved"), row.count("most"), row.count("used")));
        return found == null ? new Connections(0, 0, 0, 0) : found;
    }

    @Override
    public @Nullable WriteQueue writeQueue() {
        return null;
    }

    @Override
    public String indexNames() {
        return "select indexname as name from pg_indexes where schemaname = current_schema() limit 1000";
    }

    @Override
    public String tableNames() {
        return "select tablename as name from pg_tables where schemaname = current_schema() limit 100";
    }

    @Override
    public List<Check> checks() {
        return List.of(
                Check.ofDatabase(
                        "database_version",
                        "Version of the database",
                        "The program is tested with PostgreSQL 15 and newer.",
                        database -> version(
                                database.number("select current_setting('server_version_num')::bigint as answer"),
                                database.text("select current_setting('server_version') as answer"))),
                Check.ofDatabase(
                        "postgresql_primary",
                        "The server can be written to",
                        "A standby or a server that is set to read only takes no writes.",
                        PostgresqlInsight::primary),
                Check.ofDatabase(
                        "postgresql_durability",
                        "Writes survive a power cut",
                        "With these settings off, what was acknowledged can be lost, or the whole database damaged.",
                        database -> durability(
                                setting(database, "fsync"),
                                setting(database, "full_page_writes"),
                                setting(database, "synchronous_commit"))),
                Check.ofDatabase(
                        "postgresql_encoding",
                        "Any text can be stored",
                        "Other encodings than UTF8 refuse some of what agents write; sessions run in UTC.",
                        database -> encoding(setting(database, "server_encoding"), setting(database, "TimeZone"))),
                Check.ofDatabase(
                        "postgresql_role",
                        "The user is not a superuser",
                        "History needs its own tables only; a superuser can read and change everything else too.",
                        database -> Finding.okIf(
                                database.number("select case when rolsuper then 1 else 0 end as answer from pg_roles"
                                                + " where rolname = current_user")
                                        == 0,
                                "The user is " + database.text("select current_user as answer") + ".",
                                "Give the history a user of its own, which owns its database and nothing else.")),
                Check.ofDatabase(
                        "postgresql_ssl",
                        "The way to the server is encrypted",
                        "What agents did travels to the database; other machines on the way could read it.",
                        PostgresqlInsight::ssl),
                Check.ofDatabase(
                        "postgresql_indexes_valid",
                        "Every index is valid",
                        "An index whose making was broken off costs writes and serves no read.",
                        PostgresqlInsight::invalidIndexes),
                Check.ofDatabase(
                        "postgresql_autovacuum",
                        "Autovacuum is on",
                        "It cleans up what was deleted and changed; without it tables only grow.",
                        PostgresqlInsight::autovacuum),
                Check.ofDatabase(
                        "postgresql_dead_rows",
                        "Dead rows are few",
                        "Rows that were deleted or changed take space and time until they are cleaned up.",
                        PostgresqlInsight::deadRows),
                Check.ofDatabase(
                        "postgresql_transaction_age",
                        "Transaction numbers do not run out",
                        "PostgreSQL stops to take writes when the oldest transaction is two thousand million old.",
                        database -> transactionAge(
                                database.number("select age(datfrozenxid) as answer from pg_database"
                                        + " where datname = current_database()"),
                                database.number(
                                        "select current_setting('autovacuum_freeze_max_age')::bigint as answer"))),
                Check.ofDatabase(
                        "postgresql_long_transactions",
                        "No transaction is left open",
                        "While one is open, nothing that was deleted since can be cleaned up, and locks may be held.",
                        PostgresqlInsight::longTransactions));
    }

    private static String setting(Inspector database, String name) {
        return database.text("select current_setting(?) as answer", name);
    }

    static Finding version(long number, String text) {
        var detail = "PostgreSQL " + text + ".";
        return number / NUMBERS_OF_A_VERSION >= OLDEST_SUPPORTED
                ? Finding.ok(detail)
                : Finding.fail(detail, "Upgrade PostgreSQL to " + OLDEST_SUPPORTED + " or newer.");
    }

    private static Finding primary(Inspector database) {
        boolean standby = database.number("select case when pg_is_in_recovery() then 1 else 0 end as answer") == 1;
        boolean readOnly = setting(database, "transaction_read_only").equals("on");
        var detail = standby
                ? "The server is a standby."
                : readOnly ? "Transactions are read only." : "The server is a primary and takes writes.";
        return standby || readOnly
                ? Finding.fail(
                        detail,
                        "Name the primary in HISTORY_DATABASE_URL, or all hosts with target_session_attrs=read-write.")
                : Finding.ok(detail);
    }

    static Finding durability(String fsync, String fullPages, String commit) {
        var detail =
                "fsync is %s, full_page_writes is %s, synchronous_commit is %s.".formatted(fsync, fullPages, commit);
        if (!fsync.equals("on") || !fullPages.equals("on")) {
            return Finding.fail(detail, "Set fsync and full_page_writes to on in postgresql.conf.");
        }
        return Finding.okIf(
                !commit.equals("off"),
                detail,
                "Set synchronous_commit to on, unless the last writes before a crash may be lost.");
    }

    static Finding encoding(String encoding, String zone) {
        return Finding.okIf(
                encoding.equals("UTF8") && zone.equals("UTC"),
                "The database is encoded in %s, sessions run in %s.".formatted(encoding, zone),
                "Create the database with the encoding UTF8, and leave TimeZone out of the options in the"
                        + " connection string.");
    }

    private static Finding ssl(Inspector database) {
        boolean encrypted = database.number("select case when ssl then 1 else 0 end as answer from pg_stat_ssl"
                        + " where pid = pg_backend_pid()")
                == 1;
        boolean local = database.number("select case when inet_server_addr() is null"
                        + " or inet_server_addr() = inet_client_addr() or inet_client_addr() << inet '127.0.0.0/8'"
                        + " or inet_client_addr() = inet '::1' then 1 else 0 end as answer")
                == 1;
        return Finding.okIf(
                encrypted || local,
                encrypted
                        ? "The connection is encrypted."
                        : local
                                ? "The server is on this machine."
                                : "The connection to another machine is not encrypted.",
                "Add sslmode=verify-full (or require) to the connection string.");
    }

    private static Finding invalidIndexes(Inspector database) {
        var invalid = database.list(
                "select c.relname as name from pg_index i join pg_class c on c.oid = i.indexrelid"
                        + " where not i.indisvalid and c.relnamespace = current_schema()::regnamespace"
                        + " order by 1 limit 20",
                row -> row.needed("name"));
        return invalid.isEmpty()
                ? Finding.ok("None is invalid.")
                : Finding.fail(
                        "Invalid: " + String.join(", ", invalid) + ".",
                        "Run `reindex index concurrently <name>` for each.");
    }

    private static Finding autovacuum(Inspector database) {
        boolean on = setting(database, "autovacuum").equals("on");
        boolean counts = setting(database, "track_counts").equals("on");
        var without = database.list(
                "select relname as name from pg_class where relkind = 'r'"
                        + " and relnamespace = current_schema()::regnamespace"
                        + " and 'autovacuum_enabled=false' = any(reloptions) order by 1 limit 20",
                row -> row.needed("name"));
        var detail = "autovacuum is %s, track_counts is %s%s."
                .formatted(
                        on ? "on" : "off",
                        counts ? "on" : "off",
                        without.isEmpty() ? "" : ", switched off for " + String.join(", ", without));
        return on && counts && without.isEmpty()
                ? Finding.ok(detail)
                : Finding.warn(
                        detail, "Switch autovacuum and track_counts on in postgresql.conf and for these tables.");
    }

    private static Finding deadRows(Inspector database) {
        var many = new ArrayList<String>();
        var total = new long[2];
        database.list(
                "select relname as name, n_live_tup, n_dead_tup from pg_stat_user_tables"
                        + " where schemaname = current_schema() order by n_dead_tup desc limit 100",
                row -> {
                    long live = row.count("n_live_tup");
                    long dead = row.count("n_dead_tup");
                    total[0] += live;
                    total[1] += dead;
                    if (isMuch(live, dead)) {
                        many.add(row.needed("name") + " (" + dead + " dead, " + live + " live)");
                    }
                    return dead;
                });
        return many.isEmpty()
                ? Finding.ok("%d rows are dead, %d live.".formatted(total[1], total[0]))
                : Finding.warn(
                        "Much is dead in " + String.join(", ", many) + ".",
                        "Look whether autovacuum runs (pg_stat_user_tables.last_autovacuum) and nothing holds it back;"
                                + " `vacuum analyze <table>` cleans up now.");
    }

    static boolean isMuch(long live, long dead) {
        return dead > MANY_DEAD_ROWS && dead * PERCENT > (live + dead) * DEAD_PERCENT;
    }

    static Finding transactionAge(long age, long freezeAge) {
        var detail = "The oldest transaction is %d old; at %d autovacuum freezes, at %d writes stop."
                .formatted(age, freezeAge, WRAPAROUND);
        var action = "Run `vacuum freeze` on this database, and look for what keeps autovacuum from it.";
        return age > WRAPAROUND / 2
                ? Finding.fail(detail, action)
                : Finding.okIf(age <= Math.max(freezeAge * 2, WRAPAROUND / 4), detail, action);
    }

    private static Finding longTransactions(Inspector database) {
        var open = database.list(
                "select pid, coalesce(nullif(application_name, ''), 'a nameless program') as name,"
                        + " cast(extract(epoch from now() - xact_start) as bigint) as seconds from pg_stat_activity"
                        + " where datname = current_database() and xact_start < now() - make_interval(mins => "
                        + LONG_MINUTES + ") and pid <> pg_backend_pid() order by xact_start limit 10",
                row -> "%s (pid %d, %d s)".formatted(row.needed("name"), row.count("pid"), row.count("seconds")));
        return open.isEmpty()
                ? Finding.ok("None is older than " + LONG_MINUTES + " minutes.")
                : Finding.warn(
                        "Open for longer than " + LONG_MINUTES + " minutes: " + String.join(", ", open) + ".",
                        "Find out what that program does; `select pg_terminate_backend(pid)` ends it.");
    }
}
