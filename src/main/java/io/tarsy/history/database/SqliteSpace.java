package io.tarsy.history.database;

import java.sql.Connection;
import java.sql.SQLException;

/** The pages of a SQLite file that hold nothing any more. */
final class SqliteSpace {
    /** One step: while it lasts nobody writes. */
    private static final int PAGES = 128;

    private SqliteSpace() {}

    /** Gives some free pages back, and says whether more of them can be. */
    static boolean givesBack(SqlitePool pool) throws SQLException {
        long[] free = new long[2];
        pool.writer().alone(connection -> {
            free[0] = freePages(connection);
            if (free[0] > 0) {
                try (var statement = connection.createStatement()) {
                    // an update, since the driver steps through those to their end
                    statement.executeUpdate("pragma incremental_vacuum(" + PAGES + ")");
                }
            }
            free[1] = freePages(connection);
        });
        // a file that was laid out elsewhere may keep its pages whatever is asked
        return free[1] > 0 && free[1] < free[0];
    }

    private static long freePages(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("pragma freelist_count")) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
