package io.tarsy.history.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettlingTest {
    @TempDir
    private Path folder;

    /** What is asked twice a second may go through what is due, and not through all that was ever written. */
    @Test
    void sqliteDoesNotGoThroughAllSessionsForThoseThatAreDue() throws SQLException {
        var url = "jdbc:sqlite:" + folder.resolve("history.db");
        Flyway.configure()
                .dataSource(url, null, null)
                .locations("filesystem:src/main/resources/db/migration/sqlite")
                .load()
                .migrate();

        assertThat(goneThrough(url, Settling.DUE)).containsExactly("SCAN search_recent", "SCAN r");
        assertThat(goneThrough(url, Settling.RENEWALS)).containsOnly("SCAN w");
    }

    private static List<String> goneThrough(String url, String query) throws SQLException {
        var tables = new ArrayList<String>();
        try (var connection = DriverManager.getConnection(url);
                var statement = connection.createStatement();
                var plan = statement.executeQuery("explain query plan " + query)) {
            while (plan.next()) {
                var step = plan.getString("detail");
                if (step.startsWith("SCAN")) {
                    tables.add(step.replaceAll(" USING .*", ""));
                }
            }
        }
        return tables;
    }
}
