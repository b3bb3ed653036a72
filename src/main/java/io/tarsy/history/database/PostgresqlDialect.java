package io.tarsy.history.database;

import io.tarsy.history.metrics.Metrics;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** PostgreSQL through the pool that the application server keeps under {@code jdbc/tarsyHistory}. */
final class PostgresqlDialect implements Dialect {
    private static final String POOL = "jdbc/tarsyHistory";

    private static final int PROBE_TIMEOUT_MS = 3_000;

    /** The numbers of a JSON list, the parameter. */
    private static final String ARRAY =
            "array(select cast(value as bigint) from json_array_elements_text(cast(? as json)))";

    private final HistoryDataSource direct;

    PostgresqlDialect(DatabaseSettings settings) {
        this.direct = HistoryDataSource.patient(settings);
    }

    @Override
    public String name() {
        return "postgresql";
    }

    @Override
    public Migrations migrations() {
        return new Migrations("db/migration/postgresql");
    }

    @Override
    public DataSource direct() {
        return direct;
    }

    @Override
    @SuppressWarnings("BanJNDI") // the name is ours
    public DataSource pool() throws SQLException {
        try {
            return InitialContext.doLookup(POOL);
        } catch (NamingException missing) {
            throw new SQLException(
                    "The server has no data source " + POOL
                            + "; server-config/ holds the commands that make it on each server.",
                    missing);
        }
    }

    /** The server keeps its own files in order. */
    @Override
    public void examine() {}

    @Override
    public void tidy() {}

    @Override
    public boolean canBeCopied() {
        return false;
    }

    @Override
    public void copyTo(Path file) throws SQLException {
        throw new SQLException("A PostgreSQL database is copied by pg_dump.");
    }

    @Override
    public Connection snapshot() throws SQLException {
        var reader = direct.getConnection();
        try {
            reader.setReadOnly(true);
            reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            reader.setAutoCommit(false);
            return reader;
        } catch (SQLException failed) {
            reader.close();
            throw failed;
        }
    }

    /** Nothing to remember: whatever answers at the address is the database. */
    @Override
    public void remembers() {}

    @Override
    public boolean isWhatWasOpened() {
        return true;
    }

    @Override
    public void letGo() {}

    @Override
    public boolean becomesProbe(Connection connection) throws SQLException {
        connection.setNetworkTimeout(Runnable::run, PROBE_TIMEOUT_MS);
        try (var statement = connection.createStatement()) {
            statement.execute("set application_name = 'tarsy-probe'");
        }
        return true;
    }

    @Override
    public boolean numbersInCommitOrder() {
        return false;
    }

    @Override
    public boolean hasOtherServers() {
        return true;
    }

    @Override
    public void listens(Connection connection) throws SQLException {
        connection.setNetworkTimeout(Runnable::run, PROBE_TIMEOUT_MS);
        try (var statement = connection.createStatement()) {
            statement.execute("set application_name = 'tarsy-events'");
            statement.execute("listen tarsy_events");
        }
    }

    /** By name, since the driver's own types cannot be compiled against; see {@link HistoryDataSource}. */
    @Override
    public boolean heard(Connection connection, int waitMs) throws SQLException {
        try {
            var type = Class.forName("org.postgresql.PGConnection");
            var found = type.getMethod("getNotifications", int.class).invoke(connection.unwrap(type), waitMs);
            return found != null && Array.getLength(found) > 0;
        } catch (InvocationTargetException failed) {
            throw failed.getCause() instanceof SQLException known ? known : new SQLException(failed.getCause());
        } catch (ReflectiveOperationException missing) {
            throw new SQLException("The PostgreSQL driver is missing.", missing);
        }
    }

    @Override
    public Failure classify(SQLException failed) {
        var state = failed.getSQLState();
        if (state == null) {
            return Failure.UNAVAILABLE; // the pool's own failures carry no state
        }
        return switch (state) {
            case "23505" -> Failure.DUPLICATE;
            case "23503" -> Failure.MISSING_PARENT;
            case "40001", "40P01" -> Failure.RETRY;
            case "25006", "57014", "55P03" -> Failure.UNAVAILABLE; // read-only standby, statement or lock timeout
            default ->
                switch (state.substring(0, Math.min(2, state.length()))) {
                    case "08", "53", "57", "58", "28", "3D" -> Failure.UNAVAILABLE;
                    default -> Failure.OTHER;
                };
        };
    }

    @Override
    public String sizeQuery() {
        return "select pg_database_size(current_database())";
    }

    /** What is dead is freed by the next vacuum; what is free already is not told without reading every page. */
    @Override
    public String freeQuery() {
        return "select cast(coalesce(sum(cast(pg_table_size(relid) as double precision) * n_dead_tup"
                + " / greatest(n_live_tup + n_dead_tup, 1)), 0) as bigint) from pg_stat_user_tables";
    }

    @Override
    public String pooledQuery() {
        return "select count(*) from pg_stat_activity where datname = current_database() and usename = current_user"
                + " and application_name = current_setting('application_name')"
                + " and client_addr is not distinct from inet_client_addr()";
    }

    @Override
    public long walBytes() {
        return 0;
    }

    @Override
    public @Nullable PoolFigures figures() {
        return null; // the pool is the server's
    }

    @Override
    public void measure(Metrics metrics) {
        // nothing is queued here
    }

    @Override
    public String lockingUnlessLocked() {
        return " for update skip locked";
    }

    /** Autovacuum makes room for new rows. */
    @Override
    public boolean givesBack() {
        return false;
    }

    @Override
    public String nowUs() {
        return "cast(extract(epoch from clock_timestamp()) * 1000000 as bigint)";
    }

    @Override
    public String versionQuery() {
        return "select current_setting('server_version')";
    }

    @Override
    public Insight insight() {
        return new PostgresqlInsight(direct);
    }

    /** A tsquery in its own notation: every lexeme quoted, so that nothing in it is an operator. */
    @Override
    public String textQuestion(TextQuery query) {
        var parts = new ArrayList<String>();
        if (!query.all().isEmpty()) {
            parts.add(conjunction(query.all()));
        }
        if (!query.none().isEmpty()) {
            var none = query.none().stream().map(PostgresqlDialect::conjunction).collect(Collectors.joining(" | "));
            parts.add(query.all().isEmpty() ? none : "!(" + none + ")");
        }
        return String.join(" & ", parts);
    }

    private static String conjunction(List<TextQuery.Lexeme> lexemes) {
        return lexemes.stream()
                .map(one -> "'" + one.text() + "'" + (one.prefix() ? ":*" : ""))
                .collect(Collectors.joining(" & ", "(", ")"));
    }

    @Override
    public String textMatches() {
        return "select found as session_no from search_matches(cast(? as tsquery), ?) as found";
    }

    @Override
    public String textMatchesBetween() {
        return "select found as session_no from search_matches_between(?, ?, cast(? as tsquery)) as found";
    }

    @Override
    public String textMatchesAmong() {
        return "select found as session_no from search_matches_among(" + ARRAY + ", cast(? as tsquery)) as found";
    }

    @Override
    public String textMatchesRow(String alias) {
        return alias + ".lexemes @@ cast(? as tsquery)";
    }

    @Override
    public String holds(String column) {
        return "strpos(" + column + ", ?) > 0";
    }

    @Override
    public String strings() {
        return "select json_array_elements_text(cast(? as json))";
    }

    @Override
    public String isNumbered(String column) {
        // an array, so that rows are read in the order of an index, and not looked up by a join one by one
        return column + " = any(" + ARRAY + ")";
    }

    @Override
    public String textMatchingSessions() {
        return "select x.session_id from search_matching(cast(? as tsquery), ?) as x(session_id) where x.session_id is"
                + " not null";
    }

    /** An alternative that never holds keeps the planner from a join, for which it would look up each row found. */
    @Override
    public String isAmongMany(String column, String query) {
        return "(" + column + " in (" + query + ") or " + column + " is null)";
    }

    /** What ANALYZE tells of a sample, which autovacuum repeats whenever a tenth has changed. */
    @Override
    public String textFrequencies() {
        return "select e.lexeme, cast(e.frequency * r.n as bigint) as entries, cast(r.n as bigint) as total"
                + " from pg_class c join pg_namespace n on n.oid = c.relnamespace"
                + " join pg_stats s on s.schemaname = n.nspname and s.tablename = c.relname and s.attname = 'lexemes'"
                + " cross join lateral (select c.reltuples * (1 - s.null_frac) as n) r"
                + " cross join lateral unnest(cast(cast(s.most_common_elems as text) as text[]),"
                + " s.most_common_elem_freqs) as e(lexeme, frequency)"
                + " where c.oid = cast('search_sessions' as regclass) and e.lexeme is not null";
    }

    /** A tsvector forgets positions beyond the 16,383rd, and of a word beyond the 256th. */
    @Override
    public boolean keepsOrder() {
        return false;
    }

    @Override
    public String lexemesAsText() {
        return "' ' || array_to_string(tsvector_to_array(lexemes), ' ') || ' '";
    }

    @Override
    public String lexemesOf(String parameter) {
        return "array_to_tsvector(string_to_array(btrim(" + parameter + "), ' '))";
    }

    @Override
    public String textSortsIn() {
        return "select search_sort_in()";
    }

    @Override
    public void close() {
        // the pool is the server's
    }
}
