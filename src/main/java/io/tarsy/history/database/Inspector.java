package io.tarsy.history.database;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks the database about itself, on a connection beside the pool: a full pool is a reason to ask, not a reason to get
 * no answer. For one thread; failures are {@link DatabaseFailure}.
 */
public final class Inspector implements AutoCloseable {
    private final Connection connection;
    private final String tableNames;

    Inspector(Connection connection, String tableNames) {
        this.connection = connection;
        this.tableNames = tableNames;
    }

    /** Whether there is such a table; before the first start there is none. */
    public boolean hasTable(String name) {
        return list(tableNames, row -> row.needed("name")).contains(name);
    }

    /** All rows; the query itself must bound their number. */
    public <T> List<T> list(String sql, Function<Row, T> mapper, Object... parameters) {
        try (var statement = connection.prepareStatement(sql)) {
            for (int at = 0; at < parameters.length; at++) {
                statement.setObject(at + 1, parameters[at]);
            }
            List<T> found = new ArrayList<>();
            try (var rows = statement.executeQuery()) {
                var row = new Row(rows);
                while (rows.next()) {
                    found.add(mapper.apply(row));
                }
            }
            return found;
        } catch (SQLException failed) {
            throw new DatabaseFailure(failed);
        }
    }

    /** The first row, or null. */
    public <T> @Nullable T first(String sql, Function<Row, T> mapper, Object... parameters) {
        var found = list(sql, mapper, parameters);
        return found.isEmpty() ? null : found.get(0);
    }

    /** The column {@code answer} of the first row as text, or nothing. */
    public String text(String sql, Object... parameters) {
        var found = first(sql, row -> String.valueOf(row.raw("answer")), parameters);
        return found == null ? "" : found;
    }

    /** The column {@code answer} of the first row as a whole number; nothing is 0. */
    public long number(String sql, Object... parameters) {
        var found = first(sql, row -> row.count("answer"), parameters);
        return found == null ? 0 : found;
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException gone) {
            Logger log = System.getLogger(Inspector.class.getName());
            log.log(Level.DEBUG, "The connection of an inspection was gone", gone);
        }
    }
}
