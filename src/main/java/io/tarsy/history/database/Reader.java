package io.tarsy.history.database;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Short reads outside of any transaction: a connection is held while rows are fetched and never while an answer is
 * written, so no read keeps a write-ahead log from being emptied or a pool from serving others.
 */
@ApplicationScoped
public class Reader {
    /** The connection of those reads of a thread that belong together. */
    private static final ThreadLocal<@Nullable Connection> SHARED = new ThreadLocal<>();

    @Inject
    Database database;

    /** Does something with the current row, such as writing it into a buffer. */
    @FunctionalInterface
    public interface Consumer {
        /** Reads the row. */
        void accept(Row row) throws IOException;
    }

    /**
     * Several reads of one short answer by one connection: a pool asks each that it gives away whether it is alive. What
     * is done between them must not wait for a client.
     */
    public <T> T together(Supplier<T> reads) {
        if (SHARED.get() != null) {
            return reads.get();
        }
        try (var connection = database.connection()) {
            SHARED.set(connection);
            return reads.get();
        } catch (SQLException failed) {
            throw new DatabaseFailure(failed);
        } finally {
            SHARED.remove();
        }
    }

    /** All rows; the query itself must bound their number. */
    public <T> List<T> list(String sql, Function<Row, T> mapper, Object... parameters) {
        List<T> found = new ArrayList<>();
        each(sql, row -> found.add(mapper.apply(row)), parameters);
        return found;
    }

    /** The first row, or null. */
    public <T> @Nullable T first(String sql, Function<Row, T> mapper, Object... parameters) {
        var found = list(sql, mapper, parameters);
        return found.isEmpty() ? null : found.get(0);
    }

    /** The first column of the first row as text. */
    String text(String sql) {
        try (var connection = database.connection();
                var statement = connection.prepareStatement(sql);
                var rows = statement.executeQuery()) {
            return rows.next() ? String.valueOf(rows.getString(1)) : "";
        } catch (SQLException failed) {
            throw new DatabaseFailure(failed);
        }
    }

    /** Each row, while the connection is held: the consumer must not write to a client. */
    public void each(String sql, Consumer consumer, Object... parameters) {
        try {
            var shared = SHARED.get();
            if (shared != null) {
                each(shared, 0, sql, consumer, parameters);
                return;
            }
            try (var connection = database.connection()) {
                each(connection, 0, sql, consumer, parameters);
            }
        } catch (SQLException failed) {
            throw new DatabaseFailure(failed);
        }
    }

    /** Each row of a query on this connection, so many fetched at a time; 0 for all at once. */
    static void each(Connection connection, int fetched, String sql, Consumer consumer, Object... parameters)
            throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            statement.setFetchSize(fetched);
            for (int at = 0; at < parameters.length; at++) {
                statement.setObject(at + 1, parameters[at]);
            }
            try (var rows = statement.executeQuery()) {
                var row = new Row(rows);
                while (rows.next()) {
                    consumer.accept(row);
                }
            }
        } catch (IOException impossible) {
            throw new IllegalStateException("Rows are written into memory.", impossible);
        }
    }
}
