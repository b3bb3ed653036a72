package io.tarsy.history.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the installation is, as operators ask it: the settings that hold, the database, and the doctor's checks. */
class SystemIT {

    private static final String SYSTEM = "api/v1/system/";

    private final TestServer server = TestServer.shared();
    private final TarsyClient tarsy = server.client();
    private final boolean sqlite = TestServer.databaseOfThisRun().equals("sqlite");

    @ParameterizedTest
    @ValueSource(strings = {"info", "config", "database", "checks"})
    void answersAreNeverKeptAndTakeNoParameters(String what) {
        assertThat(tarsy.get(SYSTEM + what).expect(200).header("Cache-Control")).isEqualTo("no-store");
        assertThat(tarsy.get(SYSTEM + what + "?unknown=1")
                        .problem(422)
                        .path("errors")
                        .path(0)
                        .path("field")
                        .asText())
                .isEqualTo("unknown");
    }

    @Test
    void everySettingSaysWhatHoldsAndWhereItCameFrom() {
        var config = tarsy.get(SYSTEM + "config").expect(200).json();

        assertThat(list(config.path("settings"))).hasSizeGreaterThan(40).allSatisfy(setting -> {
            assertThat(setting.fieldNames())
                    .toIterable()
                    .containsExactly(
                            "key",
                            "group",
                            "value",
                            "source",
                            "default",
                            "allowed",
                            "description",
                            "secret",
                            "restart_needed");
            assertThat(setting.path("description").asText()).isNotBlank();
            assertThat(setting.path("source").asText()).isNotBlank();
        });
        assertThat(setting(config, "TARSY_HTTP_PORT").path("value").asText())
                .isEqualTo(Integer.toString(server.root().getPort()));
        assertThat(setting(config, "TARSY_HTTP_PORT").path("source").asText()).isEqualTo("environment TARSY_HTTP_PORT");
        var interval = setting(config, "HISTORY_RETENTION_INTERVAL_HOURS");
        assertThat(List.of("value", "source", "default", "group"))
                .extracting(field -> interval.path(field).asText())
                .containsExactly("12", "default", "12", "history");
        assertThat(setting(config, "HISTORY_DATABASE_URL").path("value").asText())
                .isEqualTo(
                        sqlite ? "sqlite:///history.db" : server.databaseUrl().replaceFirst(":[^:@/]+@", ":******@"));
        assertThat(setting(config, "DATABASE_PASSWORD").path("secret").asBoolean())
                .isTrue();
        assertThat(config.path("unknown").isArray()).isTrue();
        assertThat(config.path("warnings").isArray()).isTrue();
    }

    @Test
    void r11TheStartUpLineSaysWhichDatabaseWhereHowLargeAndWhichSchema() {
        var said = server.logged()
                .lines()
                .filter(line -> line.contains("Ready: "))
                .findFirst()
                .orElseThrow();

        var place = sqlite ? "SQLite " + server.folder().resolve("history.db") : "PostgreSQL ";
        assertThat(said).contains(place).containsPattern("server version \\d+").containsPattern("schema version \\d+");
        assertThat(said).containsPattern("[1-9]\\d* bytes").doesNotContain("postgres:postgres");
    }

    @Test
    void theDatabaseTellsOfItself() {
        tarsy.createsSession(Sample.session());

        var database = tarsy.get(SYSTEM + "database").expect(200).json();

        assertThat(database.path("state").asText()).isEqualTo("ready");
        assertThat(database.path("answers").asBoolean()).isTrue();
        assertThat(database.path("problem").isNull()).isTrue();
        assertThat(database.path("type").asText()).isEqualTo(TestServer.databaseOfThisRun());
        assertThat(database.path("location").asText())
                .isEqualTo(
                        sqlite
                                ? server.folder().resolve("history.db").toString()
                                : server.databaseUrl().replaceFirst(".*@", ""));
        assertThat(database.path("server_version").asText()).matches("\\d+\\.\\d+.*");
        var schema = database.path("schema");
        assertThat(schema.path("version").asText()).matches("\\d+");
        assertThat(schema.path("migration_mode").asText()).isEqualTo("auto");
        assertThat(List.of(schema.path("pending"), schema.path("failed"), schema.path("unknown")))
                .allMatch(JsonNode::isEmpty);
        var size = database.path("size");
        assertThat(size.path("bytes").asLong()).isPositive();
        assertThat(size.path("free_bytes").isNull()).isEqualTo(!sqlite);
        assertThat(size.path("dead_rows").isNull()).isEqualTo(sqlite);
        assertThat(list(size.path("tables")))
                .extracting(table -> table.path("name").asText())
                .contains("alert_sessions", "llm_interactions", "servers");
        assertThat(list(size.path("tables"))).allSatisfy(table -> {
            assertThat(table.path("bytes").asLong()).isNotNegative();
            assertThat(table.path("rows_estimate").asLong()).isNotNegative();
        });
        assertThat(database.has("pool")).isTrue();
        assertThat(database.path("write_queue").isNull()).isEqualTo(!sqlite);
        if (sqlite) {
            assertThat(database.at("/write_queue/depth").asInt()).isNotNegative();
            assertThat(database.at("/write_queue/limit").asInt()).isEqualTo(1000);
        }
        assertThat(database.path("connections").isNull()).isEqualTo(sqlite);
        if (!sqlite) {
            assertThat(database.at("/connections/max").asInt()).isGreaterThan(10);
            assertThat(database.at("/connections/used").asInt()).isPositive();
        }
        assertThat(database.at("/spool/enabled").isBoolean()).isTrue();
    }

    @Test
    void thisServerIsAmongThoseThatUseTheDatabase() throws InterruptedException {
        List<JsonNode> own = List.of();
        for (int tenths = 0; own.isEmpty() && tenths < 600; tenths++) {
            own = list(tarsy.get(SYSTEM + "database").expect(200).json().path("servers")).stream()
                    .filter(one -> one.path("this").asBoolean())
                    .toList();
            Thread.sleep(own.isEmpty() ? 100 : 0);
        }

        assertThat(own).singleElement().satisfies(one -> {
            assertThat(one.path("present").asBoolean()).isTrue();
            assertThat(one.path("product").asText()).containsIgnoringCase(TestServer.serverOfThisRun());
            assertThat(one.path("pool_limit").asInt()).isPositive();
            assertThat(Math.abs(one.path("clock_ahead_us").asLong())).isLessThan(60_000_000);
        });
    }

    @Test
    void theDoctorMakesManyChecksAndAFreshInstallationIsWell() {
        var report = tarsy.get(SYSTEM + "checks").expect(200).json();

        var checks = list(report.path("checks"));
        assertThat(checks).hasSizeGreaterThan(25).allSatisfy(check -> {
            assertThat(check.fieldNames())
                    .toIterable()
                    .containsExactly("name", "status", "title", "detail", "meaning", "action");
            assertThat(check).allSatisfy(field -> assertThat(field.asText()).isNotBlank());
            assertThat(check.path("status").asText()).as(check.toString()).isIn("ok", "warn", "skipped");
            assertThat(check.path("detail").asText()).as(check.toString()).doesNotStartWith("It could not be asked");
        });
        assertThat(checks).extracting(check -> check.path("name").asText()).doesNotHaveDuplicates();
        assertThat(checks)
                .extracting(check -> check.path("name").asText())
                .contains(
                        "application_server",
                        "backup",
                        "clock_skew_database",
                        "clock_skew_servers",
                        "connections",
                        "database_answers",
                        "database_version",
                        "disk_temp",
                        "file_descriptors",
                        "indexes",
                        "java_heap",
                        "listen_address",
                        "orphan_timeout",
                        "retention_last_run",
                        "retention_overdue",
                        "schema",
                        "server_versions",
                        "settings_unknown",
                        "settings_warnings",
                        "spool",
                        "timeouts")
                .contains(sqlite ? "sqlite_integrity" : "postgresql_durability");
        assertThat(status(checks, "connections")).isEqualTo(sqlite ? "skipped" : "ok");
        assertThat(List.of("database_answers", "schema", "indexes", "database_version", "clock_skew_database"))
                .allSatisfy(name -> assertThat(status(checks, name)).as(name).isEqualTo("ok"));
        var counts = report.path("counts");
        for (var status : List.of("ok", "warn", "fail", "skipped")) {
            assertThat(counts.path(status).asLong())
                    .as(status)
                    .isEqualTo(checks.stream()
                            .filter(check -> check.path("status").asText().equals(status))
                            .count());
        }
        assertThat(report.path("status").asText()).isEqualTo(counts.path("warn").asInt() > 0 ? "warn" : "ok");
        assertThat(report.path("took_ms").asLong()).isLessThan(10_000);
    }

    @Test
    void everyCheckIsExplainedOnItsPage() throws IOException {
        var page = Files.readString(Path.of("docs", "operations.md"));

        assertThat(list(tarsy.get(SYSTEM + "checks").expect(200).json().path("checks")))
                .isNotEmpty()
                .allSatisfy(check ->
                        assertThat(page).contains("`" + check.path("name").asText() + "`"));
    }

    static JsonNode setting(JsonNode config, String key) {
        return list(config.path("settings")).stream()
                .filter(setting -> setting.path("key").asText().equals(key))
                .findFirst()
                .orElseThrow();
    }

    static String status(List<JsonNode> checks, String name) {
        return checks.stream()
                .filter(check -> check.path("name").asText().equals(name))
                .map(check -> check.path("status").asText())
                .findFirst()
                .orElse("absent");
    }

    static List<JsonNode> list(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }
}
