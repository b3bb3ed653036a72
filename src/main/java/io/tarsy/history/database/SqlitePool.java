package io.tarsy.history.database;

import java.io.PrintWriter;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.ArrayDeque;
import java.util.Deque;
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
final class SqlitePool implements DataSource {
    private final String url;
    private final SqliteOptions options;
    private final SqliteWriter writer;
    private final Semaphore reading;
    private final Deque<Connection> idleReaders = new ArrayDeque<>();
    private final boolean single;
    private boolean closed;

    SqlitePool(String url, SqliteOptions options, boolean single) throws SQLException {
        this.url = url;
        this.options = options;
        this.single = single;
        this.reading = new Semaphore(options.readers(), true);
        this.writer = new SqliteWriter(url, options, !single);
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
        take(reading, options, "read");
        synchronized (idleReaders) {
            var idle = idleReaders.pollFirst();
            if (idle != null) {
                return idle;
            }
        }
        try {
            return options.reader(url);
        } catch (SQLException | RuntimeException failed) {
            reading.release();
            throw failed;
        }
    }

    void returnReader(Connection reader) throws SQLException {
        if (single) {
            writer.endTurn();
            return;
        }
        boolean keep;
        synchronized (idleReaders) {
            keep = !closed && !reader.isClosed();
            if (keep) {
                idleReaders.addFirst(reader);
            }
        }
        reading.release();
        if (!keep) {
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
