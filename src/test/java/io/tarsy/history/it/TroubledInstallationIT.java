package io.tarsy.history.it;

import static io.tarsy.history.it.SystemIT.list;
import static io.tarsy.history.it.SystemIT.setting;
import static io.tarsy.history.it.SystemIT.status;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Installations with everything wrong that does not stop a start: the doctor finds it, and no secret is shown. */
@Tag("across")
@Execution(ExecutionMode.CONCURRENT)
class TroubledInstallationIT {

    private static final String CANARY = "c4nary-of-the-doctor";

    @TempDir
    private Path folder;

    @Test
    void onPostgresql() throws SQLException, IOException {
        var url = TestPostgresql.freshUrl();
        var owned = ownedByCanary(url) + "?pool_size=1&max_overflow=9000&pool_timeout=7";
        var secret = Files.writeString(folder.resolve("url"), owned + "\n");
        var settings = Map.of(
                "HISTORY_DATABASE_URL", "",
                "HISTORY_DATABASE_URL_FILE", secret.toString(),
                "DATABASE_URL", "postgresql://other:" + CANARY + "@elsewhere/db",
                "POSTGRES_POOL_SIZE", "3",
                "HISTORY_RETENTION_DAY", "4",
                "POSTGRES_SOCKET_TIMEOUT", "20",
                "ORPHANED_SESSION_TIMEOUT_MINUTES", "0");
        try (var server = TestServer.start("payara", url, settings);
                var beside = TestPostgresql.connect(url)) {
            execute(beside, "drop index ix_llm_interactions_stage");
            var config = read(server, "config");
            var checks = list(read(server, "checks").path("checks"));

            assertThat(value(config, "HISTORY_DATABASE_URL"))
                    .startsWith("postgresql://canary_")
                    .contains(":******@");
            assertThat(source(config, "HISTORY_DATABASE_URL")).isEqualTo("file via HISTORY_DATABASE_URL_FILE");
            assertThat(value(config, "DATABASE_URL")).isEqualTo("postgresql://other:******@elsewhere:5432/db");
            assertThat(source(config, "DATABASE_URL")).isEqualTo("environment DATABASE_URL");
            assertThat(value(config, "POSTGRES_POOL_SIZE")).isEqualTo("1");
            assertThat(source(config, "POSTGRES_POOL_SIZE")).isEqualTo("connection string HISTORY_DATABASE_URL_FILE");
            assertThat(value(config, "POSTGRES_POOL_TIMEOUT")).isEqualTo("7");
            assertThat(config.at("/unknown/0/name").asText()).isEqualTo("HISTORY_RETENTION_DAY");
            assertThat(config.at("/unknown/0/did_you_mean").asText()).isEqualTo("HISTORY_RETENTION_DAYS");
            assertThat(config.path("warnings").toString())
                    .contains(
                            "HISTORY_DATABASE_URL and DATABASE_URL",
                            "POSTGRES_SOCKET_TIMEOUT",
                            "HISTORY_RETENTION_DAY");

            assertThat(found(checks, "connections"))
                    .as("R13: pool limit times servers against max_connections")
                    .contains("\"fail\"", "R13", "9001");
            assertThat(found(checks, "indexes")).contains("\"fail\"", "ix_llm_interactions_stage");
            assertThat(status(checks, "settings_unknown")).isEqualTo("warn");
            assertThat(status(checks, "settings_warnings")).isEqualTo("warn");
            assertThat(status(checks, "timeouts")).isEqualTo("warn");
            assertThat(status(checks, "orphan_timeout")).isEqualTo("warn");
            assertThat(status(checks, "postgresql_role")).isEqualTo("ok");
            showsNoSecret(server, config);
        }
    }

    @Test
    void onSqlite() throws SQLException {
        var settings = Map.of(
                "HISTORY_DATABASE_URL", "",
                "DATABASE_URL", "sqlite:///data/kept.db",
                "DATABASE_PASSWORD", CANARY,
                "HISTORY_SQLITE_SYNCHRONOUS", "normal",
                "TARSY_JAVA_OPTS", "-Xmx200m -Dsome.password=" + CANARY);
        try (var server = TestServer.start("liberty", "", settings);
                var beside = DriverManager.getConnection(
                        "jdbc:sqlite:" + server.folder().resolve("data/kept.db"))) {
            execute(beside, "drop index ix_events_at");
            var config = read(server, "config");
            var checks = list(read(server, "checks").path("checks"));

            assertThat(value(config, "HISTORY_DATABASE_URL")).isEqualTo("sqlite:///data/kept.db");
            assertThat(source(config, "HISTORY_DATABASE_URL")).isEqualTo("environment DATABASE_URL");
            assertThat(value(config, "DATABASE_PASSWORD")).isEqualTo("******");
            assertThat(value(config, "HISTORY_SQLITE_SYNCHRONOUS")).isEqualTo("NORMAL");
            assertThat(value(config, "TARSY_JAVA_OPTS")).isEqualTo("-Xmx200m -Dsome.password=******");
            assertThat(config.path("warnings").toString()).contains("DATABASE_PASSWORD");

            assertThat(found(checks, "indexes")).contains("\"fail\"", "ix_events_at");
            assertThat(status(checks, "sqlite_synchronous")).isEqualTo("warn");
            assertThat(status(checks, "settings_warnings")).isEqualTo("warn");
            assertThat(status(checks, "java_heap")).isEqualTo("warn");
            assertThat(status(checks, "sqlite_integrity")).isEqualTo("ok");
            showsNoSecret(server, config);
        }
    }

    /** A role that owns the database and is known by its canary of a password alone. */
    private static String ownedByCanary(String url) throws SQLException {
        var database = url.substring(url.lastIndexOf('/') + 1);
        var role = "canary_" + database.substring("tarsy_it_".length());
        try (var beside = TestPostgresql.connect(url)) {
            execute(beside, "create role " + role + " login password '" + CANARY + "'");
            execute(beside, "alter database " + database + " owner to " + role);
        }
        return url.replaceFirst("//[^@]+@", "//" + role + ":" + CANARY + "@");
    }

    private static void showsNoSecret(TestServer server, JsonNode config) {
        assertThat(config.toString()).doesNotContain(CANARY);
        assertThat(read(server, "database").toString()).doesNotContain(CANARY);
        assertThat(read(server, "checks").toString()).doesNotContain(CANARY);
        assertThat(server.logged()).doesNotContain(CANARY);
    }

    private static JsonNode read(TestServer server, String what) {
        return server.client().get("api/v1/system/" + what).expect(200).json();
    }

    private static String value(JsonNode config, String key) {
        return setting(config, key).path("value").asText();
    }

    private static String source(JsonNode config, String key) {
        return setting(config, key).path("source").asText();
    }

    private static String found(List<JsonNode> checks, String name) {
        return checks.stream()
                .filter(check -> check.path("name").asText().equals(name))
                .map(JsonNode::toString)
                .findFirst()
                .orElse("absent");
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
