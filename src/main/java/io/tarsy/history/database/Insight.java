package io.tarsy.history.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a database tells of itself, each in its own words; part of its {@link Dialect}. */
sealed interface Insight permits SqliteInsight, PostgresqlInsight {
    /** A connection for such questions, beside those that serve requests; every one of its answers is bounded. */
    Connection connect() throws SQLException;

    /** How large it is. */
    Sizes sizes(Inspector database);

    /** How many connections it takes, or null where that is no question. */
    @Nullable
    Connections connections(Inspector database);

    /** The line of those who want to write, or null where many can at once. */
    @Nullable
    WriteQueue writeQueue() throws SQLException;

    /** A query for the names of all indexes, as {@code name}. */
    String indexNames();

    /** A query for the names of all tables, as {@code name}. */
    String tableNames();

    /** The checks that only this database has. */
    List<Check> checks();
}
