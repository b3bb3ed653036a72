package io.tarsy.history.it;

import static io.tarsy.history.it.SystemIT.list;
import static io.tarsy.history.it.SystemIT.status;
import static io.tarsy.history.it.TarsyClient.session;
import static io.tarsy.history.it.TarsyClient.sessions;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * From a schema of version 2 with what a program of that time had stored in it to the newest one. The rows and the
 * exports of that program are recorded in src/test/resources/upgrade.
 */
@Tag("across")
@Execution(ExecutionMode.CONCURRENT)
class UpgradeIT {
    private static final String OLD = "2";
    /** One of the sessions still runs; nobody may end it meanwhile. */
    private static final Map<String, String> UNCHANGED = Map.of("ORPHANED_SESSION_TIMEOUT_MINUTES", "0");

    private static final Path RECORDED = Path.of("src/test/resources/upgrade");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    /** A row as it was recorded. */
    private record Row(String table, JsonNode columns) {}

    @Test
    void aFileOfSqlite() throws Exception {
        var url = "jdbc:sqlite:" + folder.resolve("history.db");
        migrate(url);
        try (var connection = DriverManager.getConnection(url)) {
            store(connection, rows());
        }
        try (var server = TestServer.start("liberty", "sqlite:///" + folder.resolve("history.db"), UNCHANGED)) {
            isOfTheNewVersion(server.client());
            hasEverything(server.client());
        }
    }

    private static void isOfTheNewVersion(TarsyClient tarsy) {
        var checks = list(tarsy.get("api/v1/system/checks").expect(200).json().path("checks"));
        assertThat(status(checks, "schema")).isEqualTo("ok");
        assertThat(status(checks, "indexes")).isEqualTo("ok");
    }

    private static void hasEverything(TarsyClient tarsy) throws Exception {
        assertThat(exports(tarsy)).isEqualTo(recorded());
        await(() -> agrees(tarsy, "search") && agrees(tarsy, "statistics"));
        var found = tarsy.get(sessions() + "?search=crashloop*&page_size=50")
                .expect(200)
                .json();
        assertThat(found.at("/search/sessions_not_indexed_yet").asInt()).isZero();
        assertThat(found.path("sessions")).isNotEmpty();
        assertThat(tarsy.get("api/v1/history/statistics?bucket=week&start_date_us=1")
                        .expect(200)
                        .json()
                        .at("/totals/sessions")
                        .asInt())
                .isEqualTo(recorded().size());
    }

    private static boolean agrees(TarsyClient tarsy, String what) {
        var seen = tarsy.post("api/v1/system/" + what + "/check", "");
        return seen.status() == 200 && seen.json().path("agrees").asBoolean();
    }

    private static void await(BooleanSupplier done) throws InterruptedException {
        var end = Instant.now().plus(Duration.ofMinutes(1));
        while (!done.getAsBoolean()) {
            assertThat(Instant.now()).isBefore(end);
            Thread.sleep(250);
        }
    }

    private static Map<String, String> exports(TarsyClient tarsy) throws IOException {
        var exports = new LinkedHashMap<String, String>();
        for (var id : recorded().keySet()) {
            exports.put(
                    id,
                    tarsy.get(session(id) + "/export?format=ndjson").expect(200).text());
        }
        return exports;
    }

    /** What the old program exported, session by session. */
    private static Map<String, String> recorded() throws IOException {
        var exports = new LinkedHashMap<String, String>();
        var id = "";
        for (var line : lines("exports.ndjson.gz")) {
            var record = Json.parse(line);
            if (record.path("kind").asText().equals("session")) {
                id = record.path("session_id").asText();
            }
            exports.merge(id, line + "\n", String::concat);
        }
        return exports;
    }

    private static List<Row> rows() throws IOException {
        return lines("rows.ndjson.gz").stream()
                .map(Json::parse)
                .map(line -> new Row(line.path("table").asText(), line.path("row")))
                .toList();
    }

    private static List<String> lines(String file) throws IOException {
        try (var in = new GZIPInputStream(Files.newInputStream(RECORDED.resolve(file)))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    private static void migrate(String url) {
        Flyway.configure()
                .dataSource(url, "", "")
                .locations("filesystem:src/main/resources/db/migration/sqlite")
                .target(OLD)
                .load()
                .migrate();
    }

    private static void store(Connection connection, List<Row> rows) throws SQLException {
        connection.setAutoCommit(false);
        for (var row : rows) {
            var names = new ArrayList<String>();
            row.columns.fieldNames().forEachRemaining(names::add);
            var marks = IntStream.range(0, names.size()).mapToObj(at -> "?").collect(Collectors.joining(", "));
            try (var insert = connection.prepareStatement(
                    "insert into " + row.table + " (" + String.join(", ", names) + ") values (" + marks + ")")) {
                for (int at = 0; at < names.size(); at++) {
                    insert.setObject(at + 1, value(row.columns.path(names.get(at))));
                }
                insert.executeUpdate();
            }
        }
        connection.commit();
        connection.setAutoCommit(true);
    }

    private static @Nullable Object value(JsonNode value) {
        if (value.isNull()) {
            return null;
        }
        if (value.isBoolean()) {
            return value.asBoolean() ? 1 : 0;
        }
        if (value.isIntegralNumber()) {
            return value.longValue();
        }
        return value.isNumber() ? (Object) value.doubleValue() : (Object) value.asText();
    }
}
