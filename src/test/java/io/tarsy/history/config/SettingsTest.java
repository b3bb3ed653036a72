package io.tarsy.history.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    @TempDir
    private Path folder;

    @Test
    void nothingSetMeansDefaults() {
        var settings = read(Map.of());

        assertThat(settings.faults()).isEmpty();
        assertThat(settings.warnings()).isEmpty();
        assertThat(settings.required(ConfigKey.HISTORY_DATABASE_URL)).isEqualTo("sqlite:///history.db");
        assertThat(settings.number(ConfigKey.POSTGRES_POOL_SIZE)).isEqualTo(5);
        assertThat(settings.flag(ConfigKey.HISTORY_ENABLED)).isTrue();
        assertThat(settings.source(ConfigKey.HISTORY_ENABLED)).isEqualTo("default");
        assertThat(settings.text(ConfigKey.DATABASE_PASSWORD)).isNull();
    }

    @Test
    void theTestProfileKeepsHistoryInMemory() {
        assertThat(read(Map.of("mp.config.profile", "test")).required(ConfigKey.HISTORY_DATABASE_URL))
                .isEqualTo("sqlite:///:memory:");
    }

    @Test
    void anEmptyValueIsNoValue() {
        var settings = read(Map.of("HISTORY_RETENTION_DAYS", "", "DATABASE_PASSWORD", ""));

        assertThat(settings.number(ConfigKey.HISTORY_RETENTION_DAYS)).isEqualTo(90);
        assertThat(settings.isSet(ConfigKey.DATABASE_PASSWORD)).isFalse();
    }

    @Test
    void theDottedNameIsReadToo() {
        var settings = read(Map.of("postgres.pool.size", "7"));

        assertThat(settings.number(ConfigKey.POSTGRES_POOL_SIZE)).isEqualTo(7);
        assertThat(settings.source(ConfigKey.POSTGRES_POOL_SIZE)).isEqualTo("postgres.pool.size");
    }

    @Test
    void theEnvironmentNameWinsOverTheDottedOneAndSaysSo() {
        var settings = read(Map.of("POSTGRES_POOL_SIZE", "8", "postgres.pool.size", "7"));

        assertThat(settings.number(ConfigKey.POSTGRES_POOL_SIZE)).isEqualTo(8);
        assertThat(settings.warnings()).singleElement().asString().contains("POSTGRES_POOL_SIZE is used");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            HISTORY_RETENTION_DAYS           | -1      | at least 0
            HISTORY_RETENTION_INTERVAL_HOURS | 0       | at least 1
            HISTORY_RETENTION_DAYS           | a week  | not 'a week'
            HISTORY_RETENTION_DAYS           | 9999999999 | at least 0
            HISTORY_ENABLED                  | perhaps | true or false
            HISTORY_MIGRATION_MODE           | never   | auto, validate, print
            HISTORY_SQLITE_SYNCHRONOUS       | OFF     | FULL, NORMAL
            HISTORY_SQLITE_READERS           | 65      | from 1 to 64
            HISTORY_MAX_JSON_DEPTH           | 501     | from 1 to 500
            POSTGRES_POOL_RECYCLE            | 0       | or -1
            DATABASE_PORT                    | 65536   | from 1 to 65535
            """)
    void aValueOutsideOfItsRuleIsAFault(String name, String value, String part) {
        var settings = read(Map.of(name, value));

        assertThat(settings.faults()).singleElement().asString().contains(name, part);
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "True", "1", "yes", "ON", " true "})
    void truthHasSeveralSpellings(String text) {
        assertThat(read(Map.of("HISTORY_ENABLED", text)).flag(ConfigKey.HISTORY_ENABLED))
                .isTrue();
    }

    @Test
    void aChoiceIsReadInUpperAndLowerCase() {
        assertThat(read(Map.of("HISTORY_SQLITE_SYNCHRONOUS", "normal")).required(ConfigKey.HISTORY_SQLITE_SYNCHRONOUS))
                .isEqualTo("NORMAL");
    }

    @ParameterizedTest
    @CsvSource({"sever, server", "None, none", "NONE, none", "' ', server", ", none"})
    void signingInIsNotLeftOutByMistake(String value, String holds) {
        var settings = read(value == null ? Map.of() : Map.of("HISTORY_SIGN_IN", value));

        assertThat(settings.required(ConfigKey.HISTORY_SIGN_IN)).isEqualTo(holds);
    }

    @Test
    void allFaultsComeTogether() {
        var settings = read(Map.of("HISTORY_RETENTION_DAYS", "x", "POSTGRES_POOL_SIZE", "0", "DATABASE_PORT", "p"));

        assertThat(settings.faults()).hasSize(3);
    }

    @Test
    void r10ASecretIsReadFromAFileWithoutItsLastNewline() throws IOException {
        var file = Files.writeString(folder.resolve("password"), "p@ss \n\r\n");

        var settings = read(Map.of("DATABASE_PASSWORD_FILE", file.toString()));

        assertThat(settings.text(ConfigKey.DATABASE_PASSWORD)).isEqualTo("p@ss \n");
        assertThat(settings.source(ConfigKey.DATABASE_PASSWORD)).isEqualTo("DATABASE_PASSWORD_FILE");
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void aFileThatCannotBeReadIsAFaultThatDoesNotRepeatItsPath() {
        var settings = read(Map.of("HISTORY_DATABASE_URL_FILE", "postgresql://u:canary@h/db"));

        assertThat(settings.faults())
                .singleElement()
                .asString()
                .contains("HISTORY_DATABASE_URL_FILE")
                .doesNotContain("canary");
    }

    @Test
    void anEmptyFileIsAFault() throws IOException {
        var file = Files.writeString(folder.resolve("empty"), "\n");

        assertThat(read(Map.of("DATABASE_URL_FILE", file.toString())).faults()).hasSize(1);
    }

    @Test
    void aValueAndItsFileTogetherAreAFault() {
        var settings = read(Map.of("DATABASE_PASSWORD", "canary", "database.password.file", "x"));

        assertThat(settings.faults())
                .singleElement()
                .asString()
                .contains("DATABASE_PASSWORD", "database.password.file")
                .doesNotContain("canary");
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            HISTORY_DATABSE_URL,       HISTORY_DATABASE_URL
            POSTGRES_POOLSIZE,         POSTGRES_POOL_SIZE
            history.retention.day,     history.retention.days
            DATABASE_PASWORD_FILE,     DATABASE_PASSWORD_FILE
            TARSY_PORT,                -
            HISTORY_SOMETHING_ELSE_ENTIRELY, -
            """)
    void r8AMisspeltNameIsAWarning(String name, String meant) {
        var warning = assertThat(read(Map.of(name, "canary")).warnings())
                .singleElement()
                .asString()
                .contains(name)
                .doesNotContain("canary");
        if (meant != null) {
            warning.contains("Did you mean " + meant + "?");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PATH", "java.version", "HISTSIZE", "TARSY_POOL_MAX", "TEST_POSTGRESQL_URL"})
    void aNameOfSomebodyElseIsNotOurs(String name) {
        assertThat(read(Map.of(name, "x")).warnings()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(ConfigKey.class)
    void everyDefaultAndEveryExampleKeepsItsRule(ConfigKey key) {
        assertThat(key.rule().canonical(key.example())).isPresent();
        if (key.defaultText() != null) {
            assertThat(key.rule().canonical(key.defaultText())).contains(key.defaultText());
        }
    }

    @Test
    void aSettingWithoutAValueCannotBeRequired() {
        var settings = read(Map.of());

        assertThatThrownBy(() -> settings.required(ConfigKey.DATABASE_PASSWORD))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void theNearestNameIsFoundOrNone() {
        var known = List.of("page", "page_size", "sort");

        assertThat(Nearest.to("pagesize", known)).isEqualTo("page_size");
        assertThat(Nearest.to("PAGE", known)).isEqualTo("page");
        assertThat(Nearest.to("zebra", known)).isNull();
    }

    @Test
    void theProcessCanBeRead() {
        assertThat(Settings.fromProcess().required(ConfigKey.TARSY_HTTP_PORT)).isNotEmpty();
    }

    @Test
    void everyValueSaysWhereItCameFrom() throws IOException {
        var secret = Files.writeString(folder.resolve("canary"), "s3cret");
        var values = Map.of("postgres.pool.size", "7", "DATABASE_PASSWORD_FILE", secret.toString());
        var settings = Settings.read(values::get, values.keySet(), name -> "environment " + name);

        assertThat(settings.origin(ConfigKey.POSTGRES_POOL_SIZE)).isEqualTo("environment postgres.pool.size");
        assertThat(settings.origin(ConfigKey.DATABASE_PASSWORD)).isEqualTo("file via DATABASE_PASSWORD_FILE");
        assertThat(settings.origin(ConfigKey.HISTORY_ENABLED)).isEqualTo(Settings.DEFAULT);
        assertThat(settings.origin(ConfigKey.DATABASE_URL)).isEqualTo(Settings.DEFAULT);
    }

    @Test
    void aSystemPropertyIsToldFromAVariable() {
        var name = ConfigKey.HISTORY_MAX_MESSAGES.dotted();
        System.setProperty(name, "11");
        try {
            assertThat(Settings.fromProcess().origin(ConfigKey.HISTORY_MAX_MESSAGES))
                    .isEqualTo("system property " + name);
        } finally {
            System.clearProperty(name);
        }
    }

    @Test
    void unknownNamesAreListedWithTheOneThatWasMeant() {
        assertThat(read(Map.of("HISTORY_RETENTION_DAY", "4", "TARSY_ZEBRA_CROSSING", "x"))
                        .unknown())
                .containsExactly(
                        new UnknownName("HISTORY_RETENTION_DAY", "HISTORY_RETENTION_DAYS"),
                        new UnknownName("TARSY_ZEBRA_CROSSING", null));
    }

    @ParameterizedTest
    @CsvSource({
        "System Properties Config Source, system property",
        "SysPropConfigSource, system property",
        "Environment Variables Config Source, environment",
        "EnvConfigSource, environment",
        "'PropertiesConfigSource[source=wsjar:file:/x.war!/META-INF/microprofile-config.properties]',"
                + " microprofile-config.properties",
        "server.xml Variables Config Source, server variable",
        "Domain, Domain",
    })
    void theSourcesOfEveryServerHaveReadableNames(String source, String place) {
        assertThat(MicroProfileSource.place(source)).isEqualTo(place);
    }

    private static Settings read(Map<String, String> values) {
        return Settings.read(values::get, values.keySet());
    }
}
