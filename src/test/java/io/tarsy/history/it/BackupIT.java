package io.tarsy.history.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.DriverManager;
import org.junit.jupiter.api.Test;

/** A backup is a whole database of its own, made while agents write; PostgreSQL says who makes its backups. */
class BackupIT {
    private final TestServer server = TestServer.shared();
    private final TarsyClient tarsy = server.client();

    @Test
    void aBackupHoldsEverythingThatWasAcknowledged() throws Exception {
        if (!TestServer.databaseOfThisRun().equals("sqlite")) {
            var refused = tarsy.post("api/v1/system/backups", "").expect(409);
            assertThat(refused.text()).contains("pg_dump");
            tarsy.get("api/v1/system/backups").expect(409);
            return;
        }
        var id = tarsy.createsSession(Sample.session());
        var made = tarsy.post("api/v1/system/backups", "").expect(201).json();

        var list = tarsy.get("api/v1/system/backups").expect(200).json();
        assertThat(list.path("backups").findValuesAsText("name"))
                .contains(made.path("name").asText());
        var file = Path.of(list.path("directory").asText(), made.path("name").asText());
        assertThat(file.toFile().length()).isEqualTo(made.path("bytes").longValue());
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.prepareStatement("select 1 from alert_sessions where session_id = ?")) {
            statement.setString(1, id);
            assertThat(statement.executeQuery().next()).isTrue();
        }
    }
}
