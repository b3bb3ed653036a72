package io.tarsy.history.database;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The current row of a query, read by the names of its columns. It means nothing once the next row is read.
 *
 * @param columns the row as JDBC has it
 */
public record Row(ResultSet columns) {

    /** A text that can be missing. */
    public @Nullable String text(String column) {
        return PortableText.decode(get(column, ResultSet::getString));
    }

    /** A text that cannot be missing. */
    public String needed(String column) {
        var value = text(column);
        if (value == null) {
            throw new IllegalStateException("The query must not leave " + column + " empty.");
        }
        return value;
    }

    /** JSON text that can be missing; it is stored as it came. */
    public @Nullable String raw(String column) {
        return get(column, ResultSet::getString);
    }

    /** A whole number, or null. */
    public @Nullable Long number(String column) {
        return get(column, (row, name) -> {
            long value = row.getLong(name);
            return row.wasNull() ? null : (Long) value;
        });
    }

    /** A whole number; nothing counts as 0. */
    public long count(String column) {
        var value = number(column);
        return value == null ? 0 : value;
    }

    /** A number with a fraction, or null. */
    public @Nullable Double decimal(String column) {
        return get(column, (row, name) -> {
            double value = row.getDouble(name);
            return row.wasNull() ? null : (Double) value;
        });
    }

    /** Whether it is true. */
    public boolean flag(String column) {
        return Boolean.TRUE.equals(get(column, ResultSet::getBoolean));
    }

    private interface Getter<T> {
        @Nullable
        T get(ResultSet row, String column) throws SQLException;
    }

    private <T> @Nullable T get(String column, Getter<T> getter) {
        try {
            return getter.get(columns, column);
        } catch (SQLException failed) {
            throw new DatabaseFailure(failed);
        }
    }
}
