package io.tarsy.history.bench;

import io.tarsy.history.it.TestPostgresql;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.sqlite.SQLiteConfig;

/**
 * A database of its own for one part of the measurement.
 *
 * @param kind sqlite or postgresql
 * @param url its connection string as the product takes it
 */
record Place(String kind, String url) {

    /** An empty one. */
    static Place fresh(String kind, Path folder) {
        return kind.equals("sqlite")
                ? new Place(kind, "sqlite:///" + folder.resolve("bench-" + System.nanoTime() + ".db"))
                : new Place(kind, TestPostgresql.freshUrl());
    }

    /** The one that {@code BENCH_DATABASE} names, to measure it again or to keep it; else an empty one. */
    static Place keptOrFresh(String kind, Path folder) {
        var kept = System.getenv("BENCH_DATABASE");
        return kept != null && kept.startsWith(kind) ? new Place(kind, kept) : fresh(kind, folder);
    }

    /** A plain connection, as durable as the product's. */
    Connection connect() throws SQLException {
        if (kind.equals("sqlite")) {
            var config = new SQLiteConfig();
            config.setJournalMode(SQLiteConfig.JournalMode.WAL);
            config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
            config.setBusyTimeout(60_000);
            config.enforceForeignKeys(true);
            config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
            return config.createConnection("jdbc:sqlite:" + url.substring("sqlite:///".length()));
        }
        var parsed = URI.create(url);
        var user = parsed.getUserInfo().split(":", 2);
        return DriverManager.getConnection(
                "jdbc:postgresql://" + parsed.getHost() + ":" + parsed.getPort() + parsed.getPath(), user[0], user[1]);
    }

    /** A database that forgets its newest commits in a power cut would be compared with one that does not. */
    void insistOnDurability() throws SQLException {
        if (kind.equals("postgresql")) {
            for (var setting : new String[] {"fsync", "synchronous_commit"}) {
                try (var connection = connect();
                        var statement = connection.createStatement();
                        var rows = statement.executeQuery("show " + setting)) {
                    rows.next();
                    if (!rows.getString(1).equals("on")) {
                        throw new SQLException("PostgreSQL runs with " + setting + " " + rows.getString(1));
                    }
                }
            }
        }
    }

    /** Makes the product's tables, for a database that the product does not open itself. */
    void layTables() throws SQLException, IOException {
        var folder = Path.of("src/main/resources/db/migration", kind);
        try (var connection = connect();
                var statement = connection.createStatement();
                var files = Files.list(folder)) {
            for (var file : files.sorted().toList()) {
                statement.executeUpdate(Files.readString(file));
            }
        }
    }
}
