package io.tarsy.history.database;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.lang.reflect.UndeclaredThrowableException;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** A connection whose statements are measured, and whose end is told. Everything else goes through as it is. */
final class ObservedConnection implements InvocationHandler {
    private final Connection observed;
    private final SlowStatements slow;
    private final Runnable closed;
    private boolean open = true;

    ObservedConnection(Connection observed, SlowStatements slow, Runnable closed) {
        this.observed = observed;
        this.slow = slow;
        this.closed = closed;
    }

    Connection connection() {
        return proxy(Connection.class, this);
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        return switch (method.getName()) {
            case "createStatement" -> statement(Statement.class, proxy, call(observed, method, arguments), null);
            case "prepareStatement" ->
                statement(PreparedStatement.class, proxy, call(observed, method, arguments), first(arguments));
            case "prepareCall" ->
                statement(CallableStatement.class, proxy, call(observed, method, arguments), first(arguments));
            case "close" -> {
                try {
                    yield call(observed, method, arguments);
                } finally {
                    if (open) {
                        open = false;
                        closed.run();
                    }
                }
            }
            case "equals" -> proxy == first(arguments);
            case "hashCode" -> System.identityHashCode(proxy);
            default -> call(observed, method, arguments);
        };
    }

    private @Nullable Object statement(
            Class<? extends Statement> type, Object connection, @Nullable Object made, @Nullable Object sql) {
        return made == null || !slow.wanted()
                ? made
                : proxy(type, new ObservedStatement(connection, made, sql instanceof String text ? text : null, slow));
    }

    /** A statement that tells how long it took. */
    private record ObservedStatement(
            Object connection, Object observed, @Nullable String sql, SlowStatements slow)
            implements InvocationHandler {
        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
            var name = method.getName();
            if (name.startsWith("execute")) {
                long begun = System.nanoTime();
                try {
                    return call(observed, method, arguments);
                } finally {
                    slow.ended(first(arguments) instanceof String text ? text : sql, begun);
                }
            }
            return switch (name) {
                case "getConnection" -> connection;
                case "equals" -> proxy == first(arguments);
                case "hashCode" -> System.identityHashCode(proxy);
                default -> call(observed, method, arguments);
            };
        }
    }

    private static @Nullable Object first(Object @Nullable [] arguments) {
        return arguments == null || arguments.length == 0 ? null : arguments[0];
    }

    private static @Nullable Object call(Object target, Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException failed) {
            throw declared(failed.getCause() == null ? failed : failed.getCause());
        }
    }

    /** Payara hides what the driver says in exceptions that nobody has declared. */
    private static Throwable declared(Throwable failed) {
        if (failed instanceof UndeclaredThrowableException) {
            for (var at = failed.getCause(); at != null; at = at.getCause()) {
                if (at instanceof SQLException hidden) {
                    return hidden;
                }
            }
        }
        return failed;
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(ObservedConnection.class.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
