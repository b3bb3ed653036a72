package io.tarsy.history.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.tuple;

import io.tarsy.history.database.Check.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteDataSource;

/** SQLite tells of itself without being disturbed: nothing is made and nothing is changed. */
class SqliteInsightTest {

    @TempDir
    Path folder;

    @Test
    void aFileAsThisProgramMakesItIsWell() throws SQLException {
        var file = folder.resolve("history.db");
        make(file, "pragma auto_vacuum = incremental", "pragma journal_mode = wal", "create table t (x text) strict");

        assertThat(statuses(insight(file, "FULL")))
                .isNotEmpty()
                .allSatisfy((name, status) -> assertThat(status).isEqualTo(Status.OK));
    }

    @Test
    void aFileThatWasMadeOtherwiseIsTold() throws SQLException {
        var file = folder.resolve("history.db");
        make(file, "pragma journal_mode = wal", "create table t (x text) strict");

        assertThat(statuses(insight(file, "NORMAL")))
                .containsEntry("sqlite_auto_vacuum", Status.WARN)
                .containsEntry("sqlite_synchronous", Status.WARN)
                .containsEntry("sqlite_integrity", Status.OK);
    }

    @Test
    void tablesAreMeasuredAndTheirRowsEstimated() throws SQLException {
        var file = folder.resolve("history.db");
        make(
                file,
                "pragma journal_mode = wal",
                "create table small (x text) strict",
                "create table large (x text) strict",
                "create index ix_large on large (x)",
                "with recursive n(i) as (select 1 union all select i + 1 from n where i < 1000)"
                        + " insert into large select hex(randomblob(100)) from n",
                "delete from large where rowid <= 100");
        var insight = insight(file, "FULL");
        try (var inspector = inspector(insight)) {
            var sizes = insight.sizes(inspector);

            assertThat(sizes.tables())
                    .extracting(Sizes.Table::name, Sizes.Table::rows)
                    .containsExactly(tuple("large", 900L), tuple("small", 0L));
            assertThat(sizes.tables().get(0).bytes()).isGreaterThan(200_000);
            assertThat(sizes.totalBytes()).isGreaterThan(400_000);
            assertThat(sizes.freeBytes()).isNotNegative();
            assertThat(sizes.wal()).isNotNull();
            assertThat(inspector.hasTable("small")).isTrue();
            assertThat(inspector.hasTable("flyway_schema_history")).isFalse();
        }
    }

    @Test
    void aFileThatIsGoneIsNotMadeAnew() {
        var file = folder.resolve("gone.db");

        assertThat(catchThrowable(() -> insight(file, "FULL").connect())).isInstanceOf(SQLException.class);
        assertThat(Files.exists(file)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"insert into t values ('x')", "create table other (x text)"})
    void theInspectorCannotWrite(String sql) throws SQLException {
        var file = folder.resolve("history.db");
        make(file, "pragma journal_mode = wal", "create table t (x text) strict");
        try (var connection = insight(file, "FULL").connect();
                var statement = connection.createStatement()) {
            assertThat(catchThrowable(() -> statement.execute(sql))).isInstanceOf(SQLException.class);
        }
    }

    @Test
    void memoryIsAskedThroughItsOneConnection() throws SQLException {
        var options = options("FULL");
        var pool = new SqlitePool("jdbc:sqlite::memory:", options, null, () -> {});
        try {
            var insight = new SqliteInsight(null, options, () -> pool);

            assertThat(statuses(insight))
                    .containsEntry("sqlite_in_memory", Status.WARN)
                    .containsEntry("sqlite_integrity", Status.OK);
            try (var inspector = inspector(insight)) {
                assertThat(insight.sizes(inspector).wal()).isNull();
            }
        } finally {
            pool.close();
        }
    }

    private static Map<String, Status> statuses(SqliteInsight insight) throws SQLException {
        var found = new LinkedHashMap<String, Status>();
        try (var inspector = inspector(insight)) {
            for (var check : insight.checks()) {
                var finding = check.question() instanceof Check.OfDatabase database
                        ? database.look(inspector)
                        : check.question() instanceof Check.OfMachine machine ? machine.look() : null;
                assertThat(finding).isNotNull();
                if (finding != null) {
                    found.put(check.name(), finding.status());
                }
            }
        }
        return found;
    }

    private static Inspector inspector(SqliteInsight insight) throws SQLException {
        return new Inspector(insight.connect(), insight.tableNames());
    }

    private static SqliteInsight insight(Path file, String synchronous) {
        return new SqliteInsight(file, options(synchronous), () -> {
            throw new SQLException("A file is asked beside its pool.");
        });
    }

    private static SqliteOptions options(String synchronous) {
        return new SqliteOptions(synchronous, 5_000, 4, 100, 5);
    }

    private static void make(Path file, String... statements) throws SQLException {
        var source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + file);
        try (var connection = source.getConnection();
                var statement = connection.createStatement()) {
            for (var sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
