package io.tarsy.history.database;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A pool that is watched from outside: who holds a connection, who waits for one, and which statements are slow. The
 * servers' pools tell such things each in its own way, or not at all.
 */
final class ObservedDataSource implements DataSource, PoolFigures {
    private final DataSource pool;
    private final SlowStatements slow;
    private final int limit;
    private final AtomicInteger inUse = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final PoolMeter meter = new PoolMeter();
    private volatile int pooled;

    ObservedDataSource(DataSource pool, SlowStatements slow, int limit) {
        this.pool = pool;
        this.slow = slow;
        this.limit = limit;
    }

    @Override
    public Connection getConnection() throws SQLException {
        waiting.incrementAndGet();
        Connection got;
        try {
            got = pool.getConnection();
        } catch (SQLException failed) {
            // the servers word it differently; but that all were in use is why one waited in vain
            if (inUse.get() >= limit) {
                meter.timedOut();
            }
            throw failed;
        } finally {
            waiting.decrementAndGet();
        }
        inUse.incrementAndGet();
        return new ObservedConnection(got, slow, inUse::decrementAndGet).connection();
    }

    /** What is counted here. */
    PoolMeter meter() {
        return meter;
    }

    /** Says how many connections the pool holds, used or not: only the database can tell. */
    void sampled(int connections) {
        pooled = connections;
    }

    @Override
    public int inUse() {
        return inUse.get();
    }

    @Override
    public int idle() {
        return Math.max(0, pooled - inUse.get());
    }

    @Override
    public int waiting() {
        return waiting.get();
    }

    @Override
    public int limit() {
        return limit;
    }

    @Override
    public long timeouts() {
        return meter.timeouts();
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return getConnection();
    }

    @Override
    public @Nullable PrintWriter getLogWriter() throws SQLException {
        return pool.getLogWriter();
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) throws SQLException {
        pool.setLogWriter(out);
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        pool.setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return pool.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        return pool.getParentLogger();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return type.isInstance(this) ? type.cast(this) : pool.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return type.isInstance(this) || pool.isWrapperFor(type);
    }
}
