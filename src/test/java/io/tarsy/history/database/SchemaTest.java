package io.tarsy.history.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarsy.history.config.Settings;
import io.tarsy.history.it.TestPostgresql;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteDataSource;

/** The tables are brought to this version by one server at a time, or not touched at all. */
class SchemaTest {
    private static final String NEWEST =
            String.valueOf(Migrations.FILES.size()); // each file is a version, from 1 on without a gap

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"sqlite", "postgresql"})
    void r12MigrationsAreCheckedAndTheErrorNamesWhatToDo(String type) throws SQLException {
        var database = database(type);

        assertThatThrownBy(() -> schema("validate").update(database, migrations(type)))
                .hasMessageContaining("lacks 1 ")
                .hasMessageContaining("HISTORY_MIGRATION_MODE=auto");

        assertThat(tables(database)).isZero();
        schema("auto").update(database, migrations(type));
        var validating = schema("validate");
        validating.update(database, migrations(type));
        assertThat(validating.version()).isEqualTo(NEWEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqlite", "postgresql"})
    void r12MigrationsArePrintedFirst(String type) throws SQLException {
        var database = database(type);
        var printed = new ArrayList<String>();
        var log = Logger.getLogger(Schema.class.getName());
        var listener = listener(printed);
        log.addHandler(listener);
        try {
            assertThatThrownBy(() -> schema("print").update(database, migrations(type)))
                    .hasMessageContaining("HISTORY_MIGRATION_MODE=auto");
        } finally {
            log.removeHandler(listener);
        }

        assertThat(printed).hasSize(Migrations.FILES.size());
        assertThat(printed.get(0)).containsIgnoringCase("create table alert_sessions");
        assertThat(tables(database)).isZero();
    }

    /** On SQLite there is only one server: see r14 of its pool. */
    @Test
    void r12ServersThatStartTogetherMigrateOneAfterTheOther() throws Exception {
        var type = "postgresql";
        var database = database(type);
        var servers = new ArrayList<Callable<String>>();
        for (int i = 0; i < 4; i++) {
            servers.add(() -> {
                var schema = schema("auto");
                schema.update(database, migrations(type));
                return schema.version();
            });
        }
        var threads = Executors.newFixedThreadPool(servers.size());
        try {
            for (var one : threads.invokeAll(servers)) {
                assertThat(one.get()).isEqualTo(NEWEST);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(number(database, "select count(*) from flyway_schema_history where version is not null"))
                .isEqualTo(Migrations.FILES.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqlite", "postgresql"})
    void r12ASchemaThatIsNewerIsRefused(String type) throws SQLException {
        var database = database(type);
        schema("auto").update(database, migrations(type));
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.execute("update flyway_schema_history set version = '99', script = 'V99__later.sql'"
                    + " where version = '" + NEWEST + "'");
        }

        for (var mode : List.of("auto", "validate", "print")) {
            assertThatThrownBy(() -> schema(mode).update(database, migrations(type)))
                    .as(mode)
                    .hasMessageContaining("version 99")
                    .hasMessageContaining("newer than this program");
        }
    }

    private static Schema schema(String mode) {
        var schema = new Schema();
        var values = Map.of("HISTORY_MIGRATION_MODE", mode);
        schema.settings = Settings.read(values::get, values.keySet());
        return schema;
    }

    private static Migrations migrations(String type) {
        return new Migrations("db/migration/" + type);
    }

    private DataSource database(String type) throws SQLException {
        if (type.equals("sqlite")) {
            var file = new SQLiteDataSource();
            file.setUrl("jdbc:sqlite:" + folder.resolve("schema.db") + "?journal_mode=WAL&busy_timeout=20000");
            DriverManager.getConnection(file.getUrl()).close();
            return file;
        }
        var values = Map.of("HISTORY_DATABASE_URL", TestPostgresql.freshUrl());
        return new HistoryDataSource(DatabaseSettings.from(Settings.read(values::get, values.keySet())));
    }

    private static long tables(DataSource database) throws SQLException {
        try (var connection = database.getConnection();
                var found = connection.getMetaData().getTables(null, null, "alert_sessions", null)) {
            return found.next() ? 1 : 0;
        }
    }

    private static long number(DataSource database, String sql) throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static Handler listener(List<String> printed) {
        return new Handler() {
            @Override
            public void publish(LogRecord record) {
                if (record.getMessage().startsWith("Pending migration")) {
                    printed.add(record.getMessage());
                }
            }

            @Override
            public void flush() {
                // nothing is kept back
            }

            @Override
            public void close() {
                // nothing is open
            }
        };
    }
}
