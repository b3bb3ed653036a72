package io.tarsy.history.database;

import java.io.PrintWriter;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * One writer and many readers for one SQLite database.
 *
 * <p>A connection reads through any reader until {@code setAutoCommit(false)} asks for a transaction: then it waits in
 * the line of the one {@link SqliteWriter}. In memory there is a single connection for both, since nothing else can see it.
 */
final class SqlitePool implements DataSource, PoolFigures {
    private static final long WAL_LIMIT_BYTES = 32L * 1024 * 1024;
    private static final long LONGEST_READ_SECONDS = 10;

    private final String url;
    private final SqliteOptions options;
    private final @Nullable Path file;
    private final Guard guard;
    private final SqliteWriter writer;
    private final Semaphore reading;
    private final Deque<Connection> idleReaders = new ArrayDeque<>();
    private final boolean single;
    private boolean closed;

    /** Grows when everything that was opened is let go; a reader of an older one is closed when it comes back. */
    private int generation;

    private final Map<Connection, Integer> generations = new HashMap<>();

    /** Looks whether what was opened is still there. */
    @FunctionalInterface
    interface Guard {
        /** Fails if it is not. */
        void check() throws SQLException;
    }

    /**
     * A pool that opens its writer at once.
     *
     * @param file of the database, or null for one in memory
     * @param guard is asked after each commit, before anybody hears of it
     */
    SqlitePool(String url, SqliteOptions options, @Nullable Path file, Guard guard) throws SQLException {
        this.url = url;
        this.options = options;
        this.file = file;
        this.guard = guard;
        this.single = file == null;
        this.reading = new Semaphore(options.readers(), true);
        this.writer = new SqliteWriter(url, options, !single, guard);
    }

    /** A connection of its own for long work beside the others; the caller closes it. */
    Connection dedicated() throws SQLException {
        if (single) {
            return getConnection();
        }
        guard.check();
        return opened(options.pragmas().createConnection(url));
    }

    /** A reader of its own that sees one moment until it is closed; large sorts go to the disk. */
    Connection snapshot() throws SQLException {
        if (single) {
            return getConnection();
        }
        guard.check();
        var reader = opened(options.reader(url));
        try (var statement = reader.createStatement()) {
            statement.execute("pragma temp_store = file");
            statement.execute("begin deferred");
            return reader;
        } catch (SQLException failed) {
            quietly(reader);
            throw failed;
        }
    }

    /**
     * Keeps the write-ahead log within its limit although somebody always reads: what can be moved into the database
     * beside the writers is, and only the rest while they wait.
     */
    void tidy() throws SQLException {
        if (file == null || walBytes() < WAL_LIMIT_BYTES) {
            return;
        }
        try (var beside = options.pragmas().createConnection(url)) {
            checkpoint(beside, "passive");
        }
        writer.alone(connection -> checkpoint(connection, "truncate"));
    }

    /** Size of the write-ahead log. */
    long walBytes() {
        return file == null
                ? 0
                : file.resolveSibling(file.getFileName() + "-wal").toFile().length();
    }

    private static void checkpoint(Connection connection, String mode) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("pragma busy_timeout = 100");
            statement.execute("pragma wal_checkpoint(" + mode + ")");
        }
    }

    /** Closes whatever is open or comes back, so that the next who asks opens what is there then. */
    void letGo() throws SQLException {
        boolean alone = awaitReaders();
        try {
            letGoOfAll();
        } finally {
            if (alone) {
                reading.release(options.readers());
            }
        }
    }

    private boolean awaitReaders() throws SQLException {
        try {
            return reading.tryAcquire(options.readers(), LONGEST_READ_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new SQLException("Interrupted while reads ended.", stopped);
        }
    }

    private void letGoOfAll() throws SQLException {
        synchronized (idleReaders) {
            generation++;
            idleReaders.forEach(SqlitePool::quietly);
            idleReaders.forEach(generations::remove);
            idleReaders.clear();
        }
        writer.letGo(file);
    }

    @Override
    public Connection getConnection() throws SQLException {
        var handler = new SqliteConnection(this);
        return (Connection)
                Proxy.newProxyInstance(SqlitePool.class.getClassLoader(), new Class<?>[] {Connection.class}, handler);
    }

    /** The line of those who write. */
    SqliteWriter writer() {
        return writer;
    }

    Connection borrowReader() throws SQLException {
        if (single) {
            writer.awaitTurn();
            return writer.connection();
        }
        try {
            take(reading, options, "read");
        } catch (QueueFullException late) {
            writer.meter().timedOut();
            throw late;
        }
        synchronized (idleReaders) {
            var idle = idleReaders.pollFirst();
            if (idle != null) {
                return idle;
            }
        }
        try {
            guard.check();
            return remembered(opened(options.reader(url)));
        } catch (SQLException | RuntimeException failed) {
            reading.release();
            throw failed;
        }
    }

    /**
     * A file that has come in place of another still has that one's log beside it: whoever opened it now would read
     * what was never in it.
     */
    private Connection opened(Connection fresh) throws SQLException {
        try {
            guard.check();
            return fresh;
        } catch (SQLException another) {
            quietly(fresh);
            throw another;
        }
    }

    private Connection remembered(Connection reader) {
        synchronized (idleReaders) {
            generations.put(reader, generation);
        }
        return reader;
    }

    private void forget(Connection reader) {
        synchronized (idleReaders) {
            generations.remove(reader);
        }
    }

    void returnReader(Connection reader) throws SQLException {
        if (single) {
            writer.endTurn();
            return;
        }
        boolean keep;
        synchronized (idleReaders) {
            keep = !closed && !reader.isClosed() && Objects.equals(generations.get(reader), generation);
            if (keep) {
                idleReaders.addFirst(reader);
            }
        }
        reading.release();
        if (!keep) {
            forget(reader);
            reader.close();
        }
    }

    static void take(Semaphore turn, SqliteOptions options, String what) throws SQLException {
        try {
            if (!turn.tryAcquire(options.waitSeconds(), TimeUnit.SECONDS)) {
                throw new QueueFullException("Waited " + options.waitSeconds() + " s for a turn to " + what + ".");
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new SQLException("Interrupted while waiting for a turn to " + what + ".", stopped);
        }
    }

    @Override
    public int inUse() {
        return options.readers() - reading.availablePermits();
    }

    @Override
    public int idle() {
        synchronized (idleReaders) {
            return idleReaders.size();
        }
    }

    @Override
    public int waiting() {
        return single ? writer.queue().depth() : reading.getQueueLength();
    }

    @Override
    public int limit() {
        return single ? 1 : options.readers();
    }

    @Override
    public long timeouts() {
        return writer.meter().timeouts();
    }

    /** Lets running work end, for a bounded time, and closes everything. */
    void close() {
        writer.close();
        synchronized (idleReaders) {
            closed = true;
            idleReaders.forEach(SqlitePool::quietly);
            idleReaders.clear();
        }
    }

    static void quietly(Connection connection) {
        try {
            connection.close();
        } catch (SQLException failed) {
            System.getLogger(SqlitePool.class.getName())
                    .log(System.Logger.Level.WARNING, "SQLite did not close cleanly", failed);
        }
    }

    /** A turn did not come: the line is full, or the wait was over. */
    static final class QueueFullException extends SQLException {
        private static final long serialVersionUID = 1L;

        QueueFullException(String message) {
            super(message, "HYT00");
        }
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return getConnection();
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLException("Nothing is wrapped here.");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
