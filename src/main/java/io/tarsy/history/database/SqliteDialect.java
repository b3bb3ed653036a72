package io.tarsy.history.database;

import io.tarsy.history.metrics.Metric;
import io.tarsy.history.metrics.Metrics;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteException;

/** One SQLite file of this server alone, or a database in memory that is gone when the server stops. */
final class SqliteDialect implements Dialect {
    private final @Nullable Path file;
    private final SqliteOptions options;
    private @Nullable FileChannel lockFile;
    private @Nullable SqlitePool pool;
    private volatile @Nullable Object opened;

    SqliteDialect(DatabaseSettings settings, SqliteOptions options) {
        this.file = settings.sqliteFile();
        this.options = options;
    }

    @Override
    public String name() {
        return "sqlite";
    }

    @Override
    public Migrations migrations() {
        return new Migrations("db/migration/sqlite");
    }

    @Override
    public DataSource direct() throws SQLException {
        if (file == null) {
            return pool();
        }
        claim(file);
        lay(file);
        return dataSource("jdbc:sqlite:" + file, options);
    }

    @Override
    public synchronized SqlitePool pool() throws SQLException {
        if (pool == null) {
            var url = file == null ? "jdbc:sqlite::memory:" : "jdbc:sqlite:" + file;
            pool = new SqlitePool(url, options, file, this::requireWhatWasOpened);
        }
        return pool;
    }

    @Override
    public void examine() throws SQLException {
        if (file != null) {
            claim(file);
            new SqliteFile(file).examine(options);
        }
    }

    @Override
    public void tidy() throws SQLException {
        var open = pool;
        if (open != null) {
            open.tidy();
        }
    }

    @Override
    public boolean canBeCopied() {
        return true;
    }

    @Override
    public void copyTo(Path copy) throws SQLException {
        try (var reader = pool().dedicated()) {
            SqliteFile.copy(reader, copy);
        }
    }

    @Override
    public Connection snapshot() throws SQLException {
        return pool().snapshot();
    }

    @Override
    public void remembers() throws SQLException {
        if (file != null) {
            pool();
            opened = new SqliteFile(file).key();
        }
    }

    @Override
    public boolean isWhatWasOpened() throws SQLException {
        var known = opened;
        return file == null || known == null || known.equals(new SqliteFile(file).key());
    }

    @Override
    public void letGo() throws SQLException {
        if (pool != null && file != null) {
            pool.letGo();
        }
    }

    /** Whoever has stored something asks before saying so: it must not be in a file that is gone. */
    private void requireWhatWasOpened() throws SQLException {
        if (!isWhatWasOpened()) {
            throw new SQLException("The file " + file + " was replaced while it was open.", "58030");
        }
    }

    @Override
    public boolean becomesProbe(Connection connection) {
        return file != null;
    }

    private static SQLiteDataSource dataSource(String url, SqliteOptions options) {
        var source = new SQLiteDataSource(options.pragmas());
        source.setUrl(url);
        return source;
    }

    /** A new file must know before its first table that it gives freed pages back; afterwards it is too late. */
    private static void lay(Path database) throws SQLException {
        if (database.toFile().length() > 0) {
            return;
        }
        var plain = new SQLiteDataSource();
        plain.setUrl("jdbc:sqlite:" + database);
        try (var connection = plain.getConnection();
                var statement = connection.createStatement()) {
            statement.execute("pragma auto_vacuum = incremental");
            statement.execute("pragma journal_mode = wal");
        }
    }

    /** Makes the folder, and makes sure that no other server has the file. */
    private synchronized void claim(Path database) throws SQLException {
        if (lockFile != null) {
            return;
        }
        var folder = database.toAbsolutePath().getParent();
        try {
            if (folder != null) {
                Files.createDirectories(folder);
            }
        } catch (IOException refused) {
            throw new SQLException("The folder " + folder + " cannot be made: " + refused.getMessage(), refused);
        }
        if (Files.isDirectory(database)) {
            throw new SQLException(database + " is a folder; HISTORY_DATABASE_URL must name a file.");
        }
        if (Files.exists(database) && !Files.isWritable(database)) {
            throw new SQLException("The file " + database + " cannot be written to by this user.");
        }
        var lockPath = database.resolveSibling(database.getFileName() + ".lock");
        try {
            var opened = FileChannel.open(lockPath, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            var lock = lock(opened);
            if (lock == null) {
                opened.close();
                throw new SQLException("Another server uses " + database
                        + ". SQLite serves one server; for more, set HISTORY_DATABASE_URL to a PostgreSQL database.");
            }
            lockFile = opened;
        } catch (IOException refused) {
            throw new SQLException(
                    "The folder " + folder + " cannot be written to by this user: " + refused.getMessage(), refused);
        }
    }

    private static @Nullable FileLock lock(FileChannel opened) throws IOException {
        try {
            return opened.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            return null;
        }
    }

    /** One writer numbers and commits. */
    @Override
    public boolean numbersInCommitOrder() {
        return true;
    }

    @Override
    public boolean hasOtherServers() {
        return false;
    }

    @Override
    public void listens(Connection connection) {
        throw new IllegalStateException("Nobody else uses a SQLite file.");
    }

    @Override
    public boolean heard(Connection connection, int waitMs) {
        return false;
    }

    @Override
    public Failure classify(SQLException failed) {
        if (failed instanceof SqlitePool.QueueFullException) {
            return Failure.TOO_BUSY;
        }
        if (!(failed instanceof SQLiteException sqlite)) {
            // the pool's own: what it opened is gone
            return "08001".equals(failed.getSQLState()) || "58030".equals(failed.getSQLState())
                    ? Failure.UNAVAILABLE
                    : Failure.OTHER;
        }
        return switch (sqlite.getResultCode()) {
            case SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE -> Failure.DUPLICATE;
            case SQLITE_CONSTRAINT_FOREIGNKEY -> Failure.MISSING_PARENT;
            case SQLITE_ERROR,
                    SQLITE_CONSTRAINT,
                    SQLITE_CONSTRAINT_CHECK,
                    SQLITE_CONSTRAINT_NOTNULL,
                    SQLITE_CONSTRAINT_TRIGGER,
                    SQLITE_CONSTRAINT_DATATYPE,
                    SQLITE_MISMATCH,
                    SQLITE_MISUSE,
                    SQLITE_RANGE,
                    SQLITE_TOOBIG -> Failure.OTHER;
            default -> Failure.UNAVAILABLE;
        };
    }

    @Override
    public String sizeQuery() {
        return "select page_count * page_size from pragma_page_count(), pragma_page_size()";
    }

    @Override
    public String freeQuery() {
        return "select freelist_count * page_size from pragma_freelist_count(), pragma_page_size()";
    }

    @Override
    public String pooledQuery() {
        throw new IllegalStateException("The pool knows it.");
    }

    @Override
    public synchronized long walBytes() {
        return pool == null ? 0 : pool.walBytes();
    }

    @Override
    public synchronized @Nullable PoolFigures figures() {
        return pool;
    }

    @Override
    public synchronized void measure(Metrics metrics) {
        if (pool != null) {
            var writer = pool.writer();
            writer.meter().begin(metrics);
            metrics.gauge(Metric.WRITE_QUEUE_DEPTH, () -> writer.queue().depth());
        }
    }

    /** Whoever writes is alone. */
    @Override
    public String lockingUnlessLocked() {
        return "";
    }

    @Override
    public boolean givesBack() throws SQLException {
        return SqliteSpace.givesBack(pool());
    }

    @Override
    public String nowUs() {
        return "cast(unixepoch('subsec') * 1000000 as integer)";
    }

    @Override
    public String versionQuery() {
        return "select sqlite_version()";
    }

    @Override
    public Insight insight() {
        return new SqliteInsight(file, options, this::pool);
    }

    /** What FTS5 is asked: every word quoted, so that no word of its language is one here. */
    @Override
    public String textQuestion(TextQuery query) {
        var none = query.none().stream().map(SqliteDialect::conjunction).collect(Collectors.joining(" OR "));
        if (query.all().isEmpty()) {
            return none;
        }
        var all = conjunction(query.all());
        return none.isEmpty() ? all : "(" + all + ") NOT (" + none + ")";
    }

    private static String conjunction(List<TextQuery.Lexeme> lexemes) {
        return lexemes.stream()
                .map(one -> '"' + one.words() + '"' + (one.prefix() ? " *" : ""))
                .collect(Collectors.joining(" AND ", "(", ")"));
    }

    @Override
    public String textMatches() {
        return "select rowid as session_no from search_index where search_index match ? limit ?";
    }

    @Override
    public String textMatchesBetween() {
        return "select rowid as session_no from search_index where rowid between ? and ? and search_index match ?";
    }

    @Override
    public @Nullable String textMatchesAmong() {
        return null;
    }

    @Override
    public String textMatchesRow(String alias) {
        return "exists (select 1 from search_index i where i.search_index match ? and i.rowid = " + alias
                + ".session_no)";
    }

    @Override
    public String holds(String column) {
        return "instr(" + column + ", ?) > 0";
    }

    @Override
    public String strings() {
        return "select value from json_each(?)";
    }

    @Override
    public String isNumbered(String column) {
        return column + " in (" + strings() + ")";
    }

    @Override
    public String textMatchingSessions() {
        return "select x.session_id from search_order x where x.session_no in (select m.session_no from ("
                + textMatches() + ") m)";
    }

    @Override
    public String isAmongMany(String column, String query) {
        return "+" + column + " in (" + query + ")"; // the plus keeps the planner from looking up each that is found
    }

    @Override
    public @Nullable String textFrequencies() {
        return null;
    }

    @Override
    public boolean keepsOrder() {
        return true;
    }

    @Override
    public String lexemesAsText() {
        return "lexemes";
    }

    @Override
    public String lexemesOf(String parameter) {
        return parameter;
    }

    @Override
    public @Nullable String textSortsIn() {
        return null;
    }

    @Override
    public synchronized void close() {
        if (pool != null) {
            pool.close();
        }
        if (lockFile != null) {
            try {
                lockFile.close();
            } catch (IOException alreadyGone) {
                System.getLogger(SqliteDialect.class.getName())
                        .log(System.Logger.Level.DEBUG, "The lock file was gone", alreadyGone);
            }
        }
    }
}
