package io.tarsy.history.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarsy.history.config.Settings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerSettingsTest {

    private static final String POSTGRES = "postgresql://u:canary@db/tarsy?pool_size=3&max_overflow=4";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path folder;

    private Path file = Path.of("");

    @BeforeEach
    void chooseTheFile() {
        file = folder.resolve("written");
    }

    @Test
    void payaraGetsCommandsThatMakeThePool() throws IOException {
        assertThat(run("payara", Map.of("DATABASE_URL", POSTGRES))).isZero();

        assertThat(Files.readAllLines(file))
                .containsExactly(
                        "create-jdbc-connection-pool"
                                + " --datasourceclassname=io.tarsy.history.database.HistoryDataSource"
                                + " --restype=javax.sql.DataSource --steadypoolsize=3 --maxpoolsize=7 --maxwait=30000"
                                + " --idletimeout=300 --nontransactionalconnections=true --isconnectvalidatereq=true"
                                + " --validationmethod=custom-validation --validationclassname="
                                + "org.glassfish.api.jdbc.validation.JDBC40ConnectionValidation tarsyHistoryPool",
                        "create-jdbc-resource --connectionpoolid=tarsyHistoryPool jdbc/tarsyHistory");
        assertThat(out).hasToString("database: PostgreSQL db:5432/tarsy, pool 3 to 7 (from DATABASE_URL)\n");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void payaraIsToldOfAShortRecycleAndOfNoPing() throws IOException {
        run("payara", Map.of("DATABASE_URL", POSTGRES, "POSTGRES_POOL_RECYCLE", "60", "POSTGRES_POOL_PRE_PING", "no"));

        assertThat(Files.readString(file)).contains("--idletimeout=60 ", "--isconnectvalidatereq=false ");
    }

    @Test
    void payaraGetsNothingForSqlite() throws IOException {
        assertThat(run("payara", Map.of())).isZero();

        assertThat(file).isEmptyFile();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith("database: SQLite /")
                .endsWith("(from default)\n");
    }

    @Test
    void libertyGetsVariables() throws IOException {
        assertThat(run("liberty", Map.of("DATABASE_URL", POSTGRES))).isZero();

        assertThat(Files.readString(file)).isEqualTo("""
                <server>
                  <variable name="TARSY_POOL_MIN" value="3"/>
                  <variable name="TARSY_POOL_MAX" value="7"/>
                  <variable name="TARSY_POOL_TIMEOUT" value="30s"/>
                  <variable name="TARSY_POOL_AGE" value="3600s"/>
                  <variable name="TARSY_POOL_VALIDATE" value="5s"/>
                </server>
                """);
    }

    @Test
    void libertyIsToldOfNoRecycleAndOfNoPing() throws IOException {
        run("liberty", Map.of("POSTGRES_POOL_RECYCLE", "-1", "POSTGRES_POOL_PRE_PING", "false"));

        assertThat(Files.readString(file))
                .contains("\"TARSY_POOL_AGE\" value=\"-1\"", "\"TARSY_POOL_VALIDATE\" value=\"-1\"");
    }

    @Test
    void faultsAreAllListedAndNothingIsWritten() {
        int code = run("payara", Map.of("DATABASE_URL", "postgresql://u:canary@h", "HISTORY_ENABLED", "x"));

        assertThat(code).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8).lines()).hasSize(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).doesNotContain("canary");
        assertThat(file).doesNotExist();
    }

    @Test
    void warningsAreMarkedAsSuch() {
        run("liberty", Map.of("HISTORY_ENABLD", "false"));

        assertThat(err)
                .hasToString(
                        "warning: HISTORY_ENABLD is set and is not a setting." + " Did you mean HISTORY_ENABLED?\n");
    }

    @Test
    void warningsAreShownBesideFaultsToo() {
        run("liberty", Map.of("HISTORY_ENABLD", "false", "HISTORY_RETENTION_DAYS", "-1"));

        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .hasSize(2)
                .first()
                .asString()
                .startsWith("warning: ");
    }

    @Test
    void anUnknownServerIsWrongUse() {
        assertThat(run("tomcat", Map.of())).isEqualTo(64);
    }

    @Test
    void aFileThatCannotBeWrittenIsSaid() {
        file = folder.resolve("missing").resolve("file");

        assertThat(run("payara", Map.of())).isEqualTo(1);
    }

    private int run(String server, Map<String, String> values) {
        return ServerSettings.run(
                List.of(server, file.toString()),
                Settings.read(values::get, values.keySet()),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }
}
