package io.tarsy.history.database;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Supplier;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Connections of a pool while the database answers; while it is away nobody waits for one.
 *
 * <p>Failures are unchecked on purpose: JPA takes a failed connection for something to wait and try again for, five
 * seconds at a time, and no request may wait that long.
 *
 * @param pool where they come from
 * @param refusal why there are none now, or null
 */
record GatedDataSource(DataSource pool, Supplier<@Nullable String> refusal) implements DataSource {
    private static final String CANNOT_CONNECT = "08001";

    @Override
    public Connection getConnection() {
        var why = refusal.get();
        if (why != null) {
            throw new DatabaseFailure(new SQLException(why, CANNOT_CONNECT));
        }
        if (TransactionalEntityManager.hasConnection()) {
            // JPA connects anew when a connection has died, but what the transaction did before is lost with it
            throw new DatabaseFailure(new SQLException("The connection of the transaction has died.", CANNOT_CONNECT));
        }
        try {
            var connection = new GatedConnection(pool.getConnection());
            TransactionalEntityManager.remember(connection);
            return connection.proxy();
        } catch (SQLException failed) {
            throw new DatabaseFailure(failed);
        }
    }

    @Override
    public Connection getConnection(String user, String password) {
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
    public Logger getParentLogger() {
        return Logger.getLogger(GatedDataSource.class.getName());
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return pool.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return pool.isWrapperFor(type);
    }
}
