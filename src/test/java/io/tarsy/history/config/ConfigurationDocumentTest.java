package io.tarsy.history.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConfigurationDocumentTest {

    private static final Path FILE = Path.of("docs", "configuration.md");

    @Test
    void thePageSaysWhatTheCodeSays() throws IOException {
        if (Boolean.getBoolean("update.docs")) {
            Files.writeString(FILE, ConfigurationDocument.render());
        }

        assertThat(Files.readString(FILE))
                .as("docs/configuration.md; write it anew with: mvn test -Dupdate.docs=true")
                .isEqualTo(ConfigurationDocument.render());
    }

    @ParameterizedTest
    @EnumSource(ConfigKey.class)
    void everySettingHasItsRow(ConfigKey key) {
        assertThat(ConfigurationDocument.render()).containsOnlyOnce("\n| `" + key + "` |");
    }
}
