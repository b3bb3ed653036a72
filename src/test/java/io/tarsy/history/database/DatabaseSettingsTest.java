package io.tarsy.history.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tarsy.history.config.Settings;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseSettingsTest {

    private static final String POSTGRES = "postgresql://u:canary@db/tarsy";

    @Test
    void nothingSetIsAFileInTheWorkingDirectory() {
        var settings = from(Map.of());

        assertThat(settings.type()).isEqualTo(DatabaseType.SQLITE);
        assertThat(settings.sqliteFile()).isEqualTo(Path.of("history.db").toAbsolutePath());
        assertThat(settings.source()).isEqualTo("default");
        assertThat(settings.describe()).isEqualTo("SQLite " + settings.sqliteFile());
    }

    @Test
    void theWorkingDirectoryCanBeSet() {
        var settings = from(
                Map.of("HISTORY_DATABASE_URL", "sqlite:///./data/x.db", "HISTORY_WORKING_DIRECTORY", "/var/lib/tarsy"));

        assertThat(settings.sqliteFile()).isEqualTo(Path.of("/var/lib/tarsy/data/x.db"));
    }

    @Test
    void memoryHasNoFile() {
        var settings = from(Map.of("HISTORY_DATABASE_URL", "sqlite://"));

        assertThat(settings.sqliteFile()).isNull();
        assertThat(settings.describe()).isEqualTo("SQLite in memory");
    }

    @Test
    void theAliasIsAccepted() {
        var settings = from(Map.of("DATABASE_URL", POSTGRES));

        assertThat(settings.describe()).isEqualTo("PostgreSQL db:5432/tarsy, pool 5 to 15");
        assertThat(settings.source()).isEqualTo("DATABASE_URL");
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void theOwnNameWinsOverADifferentAliasAndSaysSo() {
        var settings = from(Map.of("DATABASE_URL", POSTGRES, "HISTORY_DATABASE_URL", "sqlite:///x.db"));

        assertThat(settings.type()).isEqualTo(DatabaseType.SQLITE);
        assertThat(settings.warnings()).singleElement().asString().doesNotContain("canary");
    }

    @Test
    void theSameUrlTwiceIsNoWarning() {
        assertThat(from(Map.of("DATABASE_URL", POSTGRES, "HISTORY_DATABASE_URL", POSTGRES))
                        .warnings())
                .isEmpty();
    }

    @Test
    void aPasswordAloneIsEnoughForPostgresql() {
        var settings = from(Map.of("DATABASE_PASSWORD", "c@n/a?r#y%"));

        assertThat(settings.url().password()).isEqualTo("c@n/a?r#y%");
        assertThat(settings.url()).hasToString("postgresql://tarsy:***@localhost:5432/tarsy");
        assertThat(settings.source()).isEqualTo("DATABASE_PASSWORD");
    }

    @Test
    void anAddressWithoutAPasswordTakesItFromItsOwnSetting() {
        var settings = from(Map.of(
                "HISTORY_DATABASE_URL", "postgresql://u@db/tarsy?pool_size=7", "DATABASE_PASSWORD", "c@n/a?r#y%"));

        assertThat(settings.url().password()).isEqualTo("c@n/a?r#y%");
        assertThat(settings.url()).hasToString("postgresql://u:***@db:5432/tarsy");
        assertThat(settings.poolSize()).isEqualTo(7);
        assertThat(settings.source()).isEqualTo("HISTORY_DATABASE_URL");
        assertThat(settings.warnings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {POSTGRES, "postgresql://db/tarsy", "sqlite:///x.db"})
    void noOtherAddressDoes(String url) {
        var settings = from(Map.of("HISTORY_DATABASE_URL", url, "DATABASE_PASSWORD", "other"));

        assertThat(settings.url().password()).isNotEqualTo("other");
        assertThat(settings.warnings()).singleElement().asString().contains("DATABASE_PASSWORD");
    }

    @Test
    void thePartsMakeTheAddress() {
        var settings = from(Map.of(
                "DATABASE_PASSWORD", "x", "DATABASE_HOST", "::1", "DATABASE_PORT", "6000", "DATABASE_NAME", "a/b"));

        assertThat(settings.url().location()).isEqualTo("[::1]:6000/a/b");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /var/run/postgresql | Unix sockets
            a,b                 | several hosts
            db:5432             | DATABASE_PORT
            d b                 | characters
            """)
    void aHostThatIsNoneIsAFault(String host, String part) {
        var failure = failureOf(Map.of("DATABASE_PASSWORD", "canary", "DATABASE_HOST", host));

        assertThat(failure.faults()).singleElement().asString().contains("DATABASE_HOST", part);
    }

    @Test
    void partsWithoutAPasswordAreNotUsedAndThatIsSaid() {
        var settings = from(Map.of("DATABASE_HOST", "db"));

        assertThat(settings.type()).isEqualTo(DatabaseType.SQLITE);
        assertThat(settings.warnings()).singleElement().asString().contains("DATABASE_HOST");
    }

    @Test
    void partsBesideAUrlAreNotUsedAndThatIsSaid() {
        var settings = from(Map.of("DATABASE_URL", POSTGRES, "DATABASE_PASSWORD", "canary"));

        assertThat(settings.warnings())
                .singleElement()
                .asString()
                .contains("DATABASE_PASSWORD")
                .doesNotContain("canary");
    }

    @Test
    void theUrlWinsOverThePoolSettings() {
        var settings = from(Map.of(
                "HISTORY_DATABASE_URL",
                POSTGRES + "?pool_size=1&max_overflow=2&pool_timeout=3&pool_recycle=4&pool_pre_ping=false"
                        + "&connect_timeout=5",
                "POSTGRES_POOL_SIZE",
                "50"));

        assertThat(settings.poolSize()).isEqualTo(1);
        assertThat(settings.poolLimit()).isEqualTo(3);
        assertThat(settings.poolTimeoutSeconds()).isEqualTo(3);
        assertThat(settings.poolRecycleSeconds()).isEqualTo(4);
        assertThat(settings.prePing()).isFalse();
        assertThat(settings.connectTimeoutSeconds()).isEqualTo(5);
    }

    @Test
    void thePoolSettingsAreUsedWhereTheUrlIsSilent() {
        var settings = from(Map.of("DATABASE_URL", POSTGRES, "POSTGRES_MAX_OVERFLOW", "0"));

        assertThat(settings.describe()).endsWith("pool 5 to 5");
    }

    @Test
    void faultsOfSettingsAndUrlComeTogether() {
        var failure = failureOf(
                Map.of("HISTORY_RETENTION_DAYS", "-3", "HISTORY_DATABASE_URL", "postgresql://u:canary@:x/?nope=1"));

        assertThat(failure.faults()).hasSize(5);
        assertThat(failure)
                .hasMessage(String.join("\n", failure.faults()))
                .hasMessageContaining("HISTORY_RETENTION_DAYS")
                .hasMessageContaining("HISTORY_DATABASE_URL: ")
                .message()
                .doesNotContain("canary");
    }

    @Test
    void aSocketTimeoutBelowTheStatementTimeoutIsAWarning() {
        var settings = from(Map.of("DATABASE_URL", POSTGRES, "POSTGRES_SOCKET_TIMEOUT", "30"));

        assertThat(settings.warnings()).singleElement().asString().contains("POSTGRES_SOCKET_TIMEOUT");
    }

    @Test
    void printingEverythingShowsNoPassword() {
        assertThat(from(Map.of("DATABASE_URL", POSTGRES)).toString()).doesNotContain("canary");
    }

    private static DatabaseSettings from(Map<String, String> values) {
        return DatabaseSettings.from(Settings.read(values::get, values.keySet()));
    }

    private static InvalidSettingsException failureOf(Map<String, String> values) {
        return catchThrowableOfType(InvalidSettingsException.class, () -> from(values));
    }
}
