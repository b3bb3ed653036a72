package io.tarsy.history.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;

/**
 * What a program of schema version 2 left behind, recorded in src/test/resources/upgrade: the rows it had stored and the
 * exports it gave of them; then the statements it sent to PostgreSQL for some more writes, transaction by transaction,
 * and its exports after these.
 */
final class OldHistory {
    private static final String VERSION = "2";
    private static final Path RECORDED = Path.of("src/test/resources/upgrade");
    private static final String MIGRATIONS = "filesystem:src/main/resources/db/migration/";

    private OldHistory() {}

    /** Tables of version 2, and in them what that program had stored. */
    static void make(Database database) throws SQLException, IOException {
        migrate(database, VERSION, MIGRATIONS + database.folder());
        try (var connection = database.connect()) {
            store(connection);
        }
    }

    /** Tables that are newer than this program. */
    static void outgrow(Database database) {
        migrate(database, "latest", MIGRATIONS + database.folder(), "filesystem:" + RECORDED.resolve("newer"));
    }

    /** What the old program exported, session by session. */
    static Map<String, String> exports() throws IOException {
        return exports("exports.ndjson.gz");
    }

    /** The same after it had written once more. */
    static Map<String, String> exportsAfterwards() throws IOException {
        return exports("exports-afterwards.ndjson.gz");
    }

    /** Writes once more, as the old program did. */
    static void writesOnceMore(Connection connection) throws SQLException, IOException {
        connection.setAutoCommit(false);
        for (var transaction : lines("writes.ndjson.gz")) {
            for (var sent : Json.parse(transaction)) {
                try (var statement =
                        connection.prepareStatement(sent.path("sql").asText())) {
                    var parameters = sent.path("parameters");
                    for (int at = 0; at < parameters.size(); at++) {
                        var value = parameters.path(at);
                        // as text of no type: the server takes each for what it stands for
                        statement.setObject(at + 1, value.isNull() ? null : value.asText(), Types.OTHER);
                    }
                    statement.execute();
                }
            }
            connection.commit();
        }
        connection.setAutoCommit(true);
    }

    /** A database as tools reach it, without the product. */
    record Database(String folder, String url, String user, String password) {

        static Database sqlite(Path file) {
            return new Database("sqlite", "jdbc:sqlite:" + file, "", "");
        }

        Connection connect() throws SQLException {
            return DriverManager.getConnection(url, user, password);
        }
    }

    private static void migrate(Database database, String target, String... locations) {
        Flyway.configure()
                .dataSource(database.url, database.user, database.password)
                .locations(locations)
                .target(target)
                .load()
                .migrate();
    }

    private static void store(Connection connection) throws SQLException, IOException {
        connection.setAutoCommit(false);
        for (var line : lines("rows.ndjson.gz")) {
            var row = Json.parse(line);
            var columns = row.path("row");
            var names = new ArrayList<String>();
            columns.fieldNames().forEachRemaining(names::add);
            var marks = IntStream.range(0, names.size()).mapToObj(at -> "?").collect(Collectors.joining(", "));
            try (var insert = connection.prepareStatement("insert into "
                    + row.path("table").asText() + " (" + String.join(", ", names) + ") values (" + marks + ")")) {
                for (int at = 0; at < names.size(); at++) {
                    insert.setObject(at + 1, value(columns.path(names.get(at))));
                }
                insert.executeUpdate();
            }
        }
        connection.commit();
    }

    private static @Nullable Object value(JsonNode value) {
        if (value.isNull()) {
            return null;
        }
        if (value.isBoolean()) {
            return value.asBoolean();
        }
        if (value.isIntegralNumber()) {
            return value.longValue();
        }
        return value.isNumber() ? (Object) value.doubleValue() : (Object) value.asText();
    }

    private static Map<String, String> exports(String file) throws IOException {
        var exports = new LinkedHashMap<String, String>();
        var id = "";
        for (var line : lines(file)) {
            var record = Json.parse(line);
            if (record.path("kind").asText().equals("session")) {
                id = record.path("session_id").asText();
            }
            exports.merge(id, line + "\n", String::concat);
        }
        return exports;
    }

    private static List<String> lines(String file) throws IOException {
        try (var in = new GZIPInputStream(Files.newInputStream(RECORDED.resolve(file)))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }
}
