package io.tarsy.history.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarsy.history.config.ConfigKey;
import io.tarsy.history.config.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is shown of the settings is what holds, and nothing of it is secret. */
class EffectiveSettingTest {

    private static final String URL = "postgresql://u:canary@db/tarsy";

    @Test
    void theConnectionStringOverrulesAndSaysSo() {
        var settings = Map.of("HISTORY_DATABASE_URL", URL + "?pool_size=7", "POSTGRES_POOL_SIZE", "3");

        assertThat(of(ConfigKey.POSTGRES_POOL_SIZE, settings))
                .isEqualTo(new EffectiveSetting(
                        ConfigKey.POSTGRES_POOL_SIZE, "7", "connection string HISTORY_DATABASE_URL"));
        assertThat(of(ConfigKey.POSTGRES_MAX_OVERFLOW, settings))
                .isEqualTo(new EffectiveSetting(ConfigKey.POSTGRES_MAX_OVERFLOW, "10", "default"));
    }

    @Test
    void aUrlKeepsEverythingButItsPassword() {
        var shown = of(
                ConfigKey.HISTORY_DATABASE_URL,
                Map.of("HISTORY_DATABASE_URL", "postgresql://u:canary@a:1,b:2/tarsy?sslmode=require&pool_size=7"));

        assertThat(shown.value()).isEqualTo("postgresql://u:******@a:1,b:2/tarsy?pool_size=7&sslmode=require");
        assertThat(shown.source()).isEqualTo("setting HISTORY_DATABASE_URL");
    }

    @Test
    void anAliasThatIsUsedIsTheSource() {
        var shown = of(ConfigKey.HISTORY_DATABASE_URL, Map.of("DATABASE_URL", URL));

        assertThat(shown.value()).isEqualTo("postgresql://u:******@db:5432/tarsy");
        assertThat(shown.source()).isEqualTo("setting DATABASE_URL");
    }

    @Test
    void anAddressMadeOfPartsSaysSo() {
        var settings = Map.of("DATABASE_PASSWORD", "canary", "DATABASE_HOST", "db");

        assertThat(of(ConfigKey.HISTORY_DATABASE_URL, settings))
                .isEqualTo(new EffectiveSetting(
                        ConfigKey.HISTORY_DATABASE_URL,
                        "postgresql://tarsy:******@db:5432/tarsy",
                        "DATABASE_ parts, setting DATABASE_PASSWORD"));
        assertThat(of(ConfigKey.DATABASE_PASSWORD, settings).value()).isEqualTo("******");
    }

    @Test
    void anAliasThatIsNotUsedHidesWhatCannotBeRead() {
        var settings = Map.of("HISTORY_DATABASE_URL", "sqlite:///x.db", "DATABASE_URL", "u:canary@db");

        assertThat(of(ConfigKey.DATABASE_URL, settings).value()).isEqualTo("******");
        assertThat(of(ConfigKey.HISTORY_DATABASE_URL, settings).value()).isEqualTo("sqlite:///x.db");
    }

    @Test
    void nothingSetIsTheDefault() {
        assertThat(of(ConfigKey.HISTORY_DATABASE_URL, Map.of()))
                .isEqualTo(new EffectiveSetting(ConfigKey.HISTORY_DATABASE_URL, "sqlite:///history.db", "default"));
        assertThat(of(ConfigKey.DATABASE_PASSWORD, Map.of()).value()).isNull();
    }

    @Test
    void optionsOfJavaHideWhatSoundsSecret() {
        var shown = of(
                ConfigKey.TARSY_JAVA_OPTS,
                Map.of("TARSY_JAVA_OPTS", "-Xmx1g -Djavax.net.ssl.trustStorePassword=canary -Dx=1"));

        assertThat(shown.value()).isEqualTo("-Xmx1g -Djavax.net.ssl.trustStorePassword=****** -Dx=1");
    }

    private static EffectiveSetting of(ConfigKey key, Map<String, String> values) {
        var settings = Settings.read(values::get, values.keySet());
        var all = EffectiveSetting.all(settings, DatabaseSettings.from(settings));
        assertThat(all)
                .hasSize(ConfigKey.values().length)
                .noneMatch(one -> String.valueOf(one.value()).contains("canary"));
        return all.stream().filter(one -> one.key() == key).findFirst().orElseThrow();
    }
}
