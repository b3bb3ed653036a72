package io.tarsy.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarsy.history.config.ConfigKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/** Every variable that is named anywhere is one that is read, and every one that is read is where people look for it. */
class VariablesTest {

    private static final Pattern NAME =
            Pattern.compile("(?<![\\w.-])((?:HISTORY|DATABASE|POSTGRES|TARSY|ORPHANED)_[A-Z0-9_]*[A-Z0-9])(?![\\w*…])");

    private static final Set<String> KEYS =
            Arrays.stream(ConfigKey.values()).map(ConfigKey::name).collect(Collectors.toSet());

    /** Read by others than the settings, and by whom. */
    private static final Map<String, String> OTHERS = Map.of(
            "TARSY_SKIP_BUILD", "server-config/run",
            "POSTGRES_DB", "the image of PostgreSQL",
            "POSTGRES_USER", "the image of PostgreSQL",
            "POSTGRES_PASSWORD_FILE", "the image of PostgreSQL",
            "TARSY_POOL_MIN", "postgresql.xml of Open Liberty",
            "TARSY_POOL_MAX", "postgresql.xml of Open Liberty",
            "TARSY_POOL_TIMEOUT", "postgresql.xml of Open Liberty",
            "TARSY_POOL_AGE", "postgresql.xml of Open Liberty",
            "TARSY_POOL_VALIDATE", "postgresql.xml of Open Liberty",
            "HISTORY_RETENTION_DAY", "an example of a misspelt name in docs/operations.md");

    /** What an image decides, or only other composes need. */
    private static final Set<String> NOT_HANDED_ON =
            Set.of("HISTORY_WORKING_DIRECTORY", "TARSY_HTTP_HOST", "TARSY_HTTP_PORT", "HISTORY_DATABASE_URL");

    static List<Path> files() throws IOException {
        try (var top = Files.list(Path.of(""));
                var docs = Files.walk(Path.of("docs"));
                var servers = Files.walk(Path.of("server-config"));
                var liberty = Files.walk(Path.of("src/main/liberty"))) {
            return Stream.of(
                            top.filter(file -> file.toString()
                                    .matches("Containerfile|Makefile|compose.*\\.yml|\\.env\\.example|.*\\.md")),
                            docs.filter(file -> file.toString().endsWith(".md")),
                            servers,
                            liberty)
                    .flatMap(stream -> stream)
                    .filter(Files::isRegularFile)
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void namesOnlyVariablesThatAreRead(Path file) throws IOException {
        var unknown = NAME.matcher(Files.readString(file))
                .results()
                .map(found -> found.group(1))
                .filter(name -> !isRead(name))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(unknown).isEmpty();
    }

    private static boolean isRead(String name) {
        return KEYS.contains(name)
                || OTHERS.containsKey(name)
                || (name.endsWith("_FILE")
                        && Arrays.stream(ConfigKey.values())
                                .anyMatch(key -> key.allowsFile() && name.equals(key.name() + "_FILE")));
    }

    @Test
    void theExampleNamesEveryOneWithItsDefault() throws IOException {
        var lines = Files.readAllLines(Path.of(".env.example"));
        for (var key : ConfigKey.values()) {
            assertThat(lines.stream().filter(line -> line.startsWith("#" + key.name() + "=")))
                    .as(key.name())
                    .singleElement()
                    .asString()
                    .satisfies(line -> {
                        if (key.defaultText() != null && key != ConfigKey.HISTORY_DATABASE_URL) {
                            assertThat(line).endsWith("=" + key.defaultText());
                        }
                    });
        }
    }

    @Test
    void theExampleNamesEveryOneOfTheDeploymentItself() throws IOException {
        var example = Files.readString(Path.of(".env.example"));
        for (var compose : List.of("compose.base.yml", "compose.yml", "compose.postgres.yml", "compose.two.yml")) {
            Pattern.compile("\\$\\{([A-Z_]+)(?::-([^}]*))?}")
                    .matcher(Files.readString(Path.of(compose)))
                    .results()
                    .forEach(found -> assertThat(example)
                            .as(compose)
                            .contains("\n#" + found.group(1) + "=")
                            .satisfies(text -> {
                                if (!KEYS.contains(found.group(1))) {
                                    assertThat(text).contains("\n#" + found.group(1) + "=" + found.group(2) + "\n");
                                }
                            }));
        }
    }

    @Test
    void containersAreHandedEveryOneThatMakesSenseThere() throws IOException {
        Map<String, Map<String, Map<String, Map<String, Object>>>> file =
                new Yaml().load(Files.readString(Path.of("compose.base.yml")));
        var given = file.getOrDefault("services", Map.of())
                .getOrDefault("server", Map.of())
                .getOrDefault("environment", Map.of())
                .keySet();

        assertThat(given)
                .containsExactlyInAnyOrderElementsOf(KEYS.stream()
                        .filter(name -> !NOT_HANDED_ON.contains(name) && !name.startsWith("DATABASE_"))
                        .toList());
    }
}
