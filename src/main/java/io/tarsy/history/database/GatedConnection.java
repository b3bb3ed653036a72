package io.tarsy.history.database;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A connection that JPA has taken for one transaction, and gives back for certain. When a connection has died, JPA may
 * stumble over its rollback and forget to close it; a pool that has lost a place for each of these serves nobody in the
 * end.
 */
final class GatedConnection implements InvocationHandler {
    private static final Logger LOG = System.getLogger(GatedConnection.class.getName());

    private final Connection connection;
    private boolean closed;

    GatedConnection(Connection connection) {
        this.connection = connection;
    }

    Connection proxy() {
        return (Connection)
                Proxy.newProxyInstance(GatedConnection.class.getClassLoader(), new Class<?>[] {Connection.class}, this);
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        var name = method.getName();
        closed |= name.equals("close");
        try {
            return method.invoke(connection, arguments);
        } catch (InvocationTargetException failed) {
            var cause = failed.getCause() == null ? failed : failed.getCause();
            boolean begins = name.equals("setAutoCommit") && arguments != null && Boolean.FALSE.equals(arguments[0]);
            throw begins && cause instanceof SQLException refused ? new DatabaseFailure(refused) : cause;
        }
    }

    /** The transaction is over: what was not given back until now never will be. */
    void giveBack() {
        if (!closed) {
            closed = true;
            try {
                connection.close();
                LOG.log(Level.DEBUG, "A connection was left open by its transaction, and is given back");
            } catch (SQLException | RuntimeException gone) {
                LOG.log(Level.DEBUG, "A connection that was left open is gone", gone);
            }
        }
    }
}
