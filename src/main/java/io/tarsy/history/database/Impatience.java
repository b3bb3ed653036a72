package io.tarsy.history.database;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps waits for a silent PostgreSQL from adding up. A pool that finds one connection silent tries the next, and then
 * a new one: once a first has been silent, the others are given up without asking for a moment.
 */
final class Impatience {
    private static final int VALIDATION_SECONDS = 2;
    private static final long MOMENT_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final String CANNOT_CONNECT = "08001";

    /** Until when the server counts as silent; starts in the past. */
    private static final AtomicLong SILENT_UNTIL = new AtomicLong(System.nanoTime());

    private Impatience() {}

    /**
     * Fails at once while the server counts as silent.
     *
     * @throws SQLException 08001
     */
    static void refuseIfSilent() throws SQLException {
        if (isSilent()) {
            throw new SQLException("PostgreSQL did not answer a moment ago.", CANNOT_CONNECT);
        }
    }

    private static boolean isSilent() {
        return SILENT_UNTIL.get() - System.nanoTime() > 0;
    }

    /** Notes a failure to connect; only a wait that ended counts, since a refusal costs no time. */
    static void failed(SQLException failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof SocketTimeoutException) {
                fellSilent();
                return;
            }
        }
        if (failure.getMessage() != null && failure.getMessage().contains("timed out")) {
            fellSilent();
        }
    }

    private static void fellSilent() {
        SILENT_UNTIL.set(System.nanoTime() + MOMENT_NANOS);
    }

    /** The connection, whose validation is short and remembers silence. */
    static Connection watched(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                Impatience.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "isValid" -> {
                            return isValid(connection, arguments == null ? 0 : (Integer) arguments[0]);
                        }
                        case "equals" -> {
                            return arguments != null && proxy == arguments[0];
                        }
                        case "hashCode" -> {
                            return System.identityHashCode(proxy);
                        }
                        default -> {
                            try {
                                return method.invoke(connection, arguments);
                            } catch (InvocationTargetException failed) {
                                throw failed.getCause() == null ? failed : failed.getCause();
                            }
                        }
                    }
                });
    }

    private static boolean isValid(Connection connection, int seconds) throws SQLException {
        if (connection.isClosed() || isSilent()) {
            return false;
        }
        int bound = seconds <= 0 ? VALIDATION_SECONDS : Math.min(seconds, VALIDATION_SECONDS);
        long begun = System.nanoTime();
        boolean valid = connection.isValid(bound);
        if (!valid && System.nanoTime() - begun >= TimeUnit.SECONDS.toNanos(bound) / 2) {
            fellSilent();
        }
        return valid;
    }
}
