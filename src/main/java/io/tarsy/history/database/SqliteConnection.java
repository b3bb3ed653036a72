package io.tarsy.history.database;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A connection that turns from reader into writer when a transaction begins, and gives back what it held. */
final class SqliteConnection implements InvocationHandler {
    private final SqlitePool pool;
    private @Nullable Connection reader;
    private @Nullable Connection writer;
    private boolean transactional;
    private boolean closed;

    SqliteConnection(SqlitePool pool) {
        this.pool = pool;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        switch (method.getName()) {
            case "setAutoCommit" -> {
                transactional = arguments != null && Boolean.FALSE.equals(arguments[0]);
                if (transactional) {
                    begin();
                } else {
                    end(true);
                }
                return null;
            }
            case "getAutoCommit" -> {
                return !transactional;
            }
            case "commit" -> {
                end(true);
                return null;
            }
            case "rollback" -> {
                if (arguments != null) {
                    return call(method, arguments); // to a savepoint
                }
                end(false);
                return null;
            }
            case "close" -> {
                transactional = false;
                end(false);
                releaseReader();
                closed = true;
                return null;
            }
            case "isClosed" -> {
                return closed;
            }
            case "isValid" -> {
                return !closed;
            }
            case "setReadOnly", "setTransactionIsolation", "clearWarnings" -> {
                return null; // the same for every connection here
            }
            case "equals" -> {
                return arguments != null && proxy == arguments[0];
            }
            case "hashCode" -> {
                return System.identityHashCode(proxy);
            }
            case "toString" -> {
                return "SQLite connection";
            }
            default -> {
                return call(method, arguments);
            }
        }
    }

    private @Nullable Object call(Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(current(), arguments);
        } catch (InvocationTargetException failed) {
            throw failed.getCause() == null ? failed : failed.getCause();
        }
    }

    private Connection current() throws SQLException {
        if (closed) {
            throw new SQLException("The connection is closed.", "08003");
        }
        if (transactional && writer == null) {
            begin();
        }
        if (writer != null) {
            return writer;
        }
        if (reader == null) {
            reader = pool.borrowReader();
        }
        return reader;
    }

    private void begin() throws SQLException {
        if (writer == null) {
            releaseReader();
            writer = pool.writer().begin();
        }
    }

    /** Ends a transaction that may still be open: JDBC commits it, a closed connection rolls it back. */
    private void end(boolean commit) throws SQLException {
        if (writer != null) {
            writer = null;
            pool.writer().end(commit);
        }
    }

    private void releaseReader() throws SQLException {
        var held = reader;
        reader = null;
        if (held != null) {
            pool.returnReader(held);
        }
    }
}
