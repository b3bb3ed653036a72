package io.tarsy.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarsy.history.it.Skipped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** What can be said of the image and the compose files without an engine that runs them. */
class ContainersTest {

    private static final Set<String> INSTRUCTIONS = Set.of(
            "ARG",
            "FROM",
            "WORKDIR",
            "COPY",
            "RUN",
            "LABEL",
            "ENV",
            "USER",
            "VOLUME",
            "EXPOSE",
            "HEALTHCHECK",
            "CMD",
            "ENTRYPOINT");
    private static final Set<String> OF_A_SERVICE = Set.of(
            "build",
            "cap_drop",
            "depends_on",
            "environment",
            "extends",
            "healthcheck",
            "image",
            "mem_limit",
            "ports",
            "read_only",
            "restart",
            "secrets",
            "security_opt",
            "shm_size",
            "stop_grace_period",
            "tmpfs",
            "user",
            "volumes");
    private static final List<String> TARGETS = List.of(
            "run",
            "test",
            "bench",
            "faults",
            "import",
            "export",
            "compare",
            "deploy",
            "deploy-postgres",
            "container-build",
            "container-logs",
            "container-logs-postgres",
            "container-status",
            "container-stop",
            "clean-containers",
            "psql",
            "check-prereqs");
    private static final Pattern SECRET = Pattern.compile("(?i)password|secret|token");

    @TempDir
    Path folder;

    /** An instruction of the Containerfile. */
    private record Step(String instruction, String rest) {}

    private static List<Step> steps() throws IOException {
        var lines = Files.readAllLines(Path.of("Containerfile")).stream()
                .filter(line -> !line.isBlank() && !line.strip().startsWith("#"))
                .toList();
        var text = String.join("\n", lines).replaceAll("\\\\\n\\s*", " ");
        return text.lines()
                .map(line -> line.split(" ", 2))
                .map(parts -> new Step(parts[0], parts[1]))
                .toList();
    }

    private static Stream<String> all(String instruction) throws IOException {
        return steps().stream()
                .filter(step -> step.instruction.equals(instruction))
                .map(Step::rest);
    }

    @Test
    void theContainerfileConsistsOfKnownInstructions() throws IOException {
        assertThat(INSTRUCTIONS)
                .containsAll(steps().stream().map(Step::instruction).toList());
    }

    @Test
    void bothTargetsAreThereAndLibertyIsTheLast() throws IOException {
        var stages = all("FROM").map(rest -> rest.replaceFirst(".* AS ", "")).toList();

        assertThat(stages).doesNotHaveDuplicates().contains("payara-micro").endsWith("liberty");
    }

    @Test
    void everythingThatIsCopiedIsThere() throws IOException {
        var stages = all("FROM").map(rest -> rest.replaceFirst(".* AS ", "")).toList();
        var ignored = Files.readAllLines(Path.of(".dockerignore"));
        for (var rest : all("COPY").toList()) {
            var words = new ArrayList<>(List.of(rest.split(" ", -1)));
            words.remove(words.size() - 1);
            if (words.get(0).startsWith("--from=")) {
                assertThat(stages).contains(words.get(0).substring("--from=".length()));
                assertThat(words.subList(1, words.size())).allMatch(path -> path.startsWith("/build/target/"));
            } else {
                assertThat(words).allMatch(path -> Files.exists(Path.of(path))).doesNotContainAnyElementsOf(ignored);
            }
        }
    }

    @Test
    void dependenciesComeBeforeSources() throws IOException {
        var build =
                steps().stream().map(step -> step.instruction + " " + step.rest).toList();
        var text = String.join("\n", build);

        assertThat(text.indexOf("class Placeholder")).isBetween(0, text.indexOf("COPY src/main src/main"));
    }

    @Test
    void itRunsAsAnyUserAndWritesToItsVolumesOnly() throws IOException {
        assertThat(all("USER")).containsExactly("10001:0");
        assertThat(all("VOLUME")).containsExactly("[\"/data\", \"/tmp\"]");
    }

    @Test
    void signalsReachTheStartScriptAndTheHealthCheckEndsInTime() throws IOException {
        assertThat(all("ENTRYPOINT")).containsExactly("[\"/opt/tarsy-history/server-config/run\"]");
        assertThat(all("CMD")).containsExactly("[\"payara\"]", "[\"liberty\"]");
        assertThat(all("HEALTHCHECK"))
                .singleElement()
                .asString()
                .contains("--timeout=6s", "[\"timeout\", \"5\", \"/opt/tarsy-history/server-config/run\", \"check\"]");
    }

    @Test
    void noSecretIsInALayer() throws IOException {
        assertThat(Stream.of(all("ENV"), all("ARG"), all("RUN"), all("LABEL")).flatMap(all -> all))
                .noneMatch(rest -> SECRET.matcher(rest).find());
        assertThat(Files.readAllLines(Path.of(".dockerignore"))).contains(".env", "secrets", ".git");
        assertThat(Files.readAllLines(Path.of(".gitignore"))).contains(".env", "secrets/");
    }

    @Test
    void theLabelSaysWhichVersionItIs() throws IOException {
        var version = all("ARG")
                .filter(rest -> rest.startsWith("VERSION="))
                .map(rest -> rest.substring("VERSION=".length()))
                .toList();
        assertThat(version)
                .singleElement()
                .satisfies(one -> assertThat(Files.readString(Path.of("pom.xml")))
                        .contains("<artifactId>tarsy-history</artifactId>\n  <version>" + one + "</version>"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"compose.base.yml", "compose.yml", "compose.postgres.yml", "compose.two.yml"})
    void composeFilesHaveOnlyKeysThatEveryComposeKnows(String file) throws IOException {
        var all = compose(file);

        assertThat(Set.of("services", "volumes", "secrets")).containsAll(all.keySet());
        map(all.get("services"))
                .forEach((name, service) -> assertThat(OF_A_SERVICE)
                        .as(name)
                        .containsAll(map(service).keySet()));
        // the oldest podman-compose leaves an empty default as it stands
        assertThat(Files.readString(Path.of(file))).doesNotContain(":-}");
    }

    @Test
    void theDatabaseIsWaitedForAndItsPasswordIsAFile() throws IOException {
        for (var file : List.of("compose.postgres.yml", "compose.two.yml")) {
            map(compose(file).get("services")).forEach((name, service) -> {
                if (name.startsWith("tarsy-history")) {
                    assertThat(map(service).get("depends_on"))
                            .isEqualTo(Map.of("postgres", Map.of("condition", "service_healthy")));
                    assertThat(map(map(service).get("environment")))
                            .containsEntry("DATABASE_PASSWORD_FILE", "/run/secrets/postgres_password");
                }
            });
            assertThat(Files.readString(Path.of(file))).doesNotContainPattern("(?i)password: ");
        }
        var postgres = map(map(compose("compose.postgres.yml").get("services")).get("postgres"));
        assertThat(String.valueOf(postgres.get("healthcheck"))).contains("pg_isready");
        assertThat(String.valueOf(postgres.get("image"))).contains("postgres:${PG_MAJOR:-15}-alpine");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "compose.yml",
                "compose.yml compose.postgres.yml",
                "compose.yml compose.postgres.yml compose.two.yml"
            })
    void aComposeThatIsHereFindsNoFault(String files) throws Exception {
        Skipped.unless(
                run(Map.of(), "", "sh", "-c", "command -v docker-compose").status() == 0,
                files,
                "docker-compose is not here to hold the files against its schema");
        var command = new ArrayList<>(List.of("docker-compose"));
        for (var file : files.split(" ", -1)) {
            command.addAll(List.of("-f", file));
        }
        command.addAll(List.of("config", "-q"));

        assertThat(run(Map.of(), "", command.toArray(new String[0]))).isEqualTo(new Ended(0, ""));
    }

    @Test
    void makeHelpNamesEveryTarget() throws Exception {
        var help = run(Map.of(), "", "make", "help").said();

        assertThat(TARGETS).allMatch(target -> help.contains("make " + target + " "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "containers", "payara-server/deploy"})
    void scriptsCanBeReadAndExecuted(String script) throws Exception {
        var file = Path.of("server-config", script);

        assertThat(file).isExecutable();
        assertThat(run(Map.of(), "", "bash", "-n", file.toString()).status()).isZero();
    }

    @Test
    void nothingIsRemovedUnlessYesIsSaid() throws Exception {
        var refused = containers("", "clean");
        var agreed = containers("yes\n", "clean");

        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.said()).contains("nothing was removed").doesNotContain("called");
        assertThat(agreed.said())
                .contains(
                        "called podman-compose -p tarsy-history -f compose.yml -f compose.postgres.yml -f compose.two.yml down -t 40 -v");
    }

    @Test
    void theImageIsBuiltWithItsVersionAndForHealthChecks() throws Exception {
        var built = containers("", "build");

        assertThat(built.said())
                .contains(
                        "called podman build -f Containerfile --target liberty -t tarsy-history --build-arg VERSION=0.1.0 --build-arg REVISION=",
                        "format docker");
    }

    @Test
    void anEngineThatIsNoneIsRefused() throws Exception {
        assertThat(run(Map.of("CONTAINER_ENGINE", "lxc"), "", "bash", "server-config/containers", "status"))
                .isEqualTo(new Ended(2, "TARSY History: CONTAINER_ENGINE is podman or docker, not \"lxc\"\n"));
    }

    /** The script with an engine that only says how it was called. */
    private Ended containers(String input, String command) throws Exception {
        for (var name : List.of("podman", "podman-compose")) {
            var stub = folder.resolve(name);
            Files.writeString(
                    stub, "#!/bin/sh\necho \"called $(basename \"$0\") $*\"\necho \"format $BUILDAH_FORMAT\"\n");
            assertThat(stub.toFile().setExecutable(true)).isTrue();
        }
        return run(
                Map.of("CONTAINER_ENGINE", "podman", "PATH", folder + ":" + System.getenv("PATH")),
                input,
                "bash",
                "server-config/containers",
                command);
    }

    /** How a command ended, and what it said. */
    private record Ended(int status, String said) {}

    private Ended run(Map<String, String> environment, String input, String... command) throws Exception {
        var said = folder.resolve("said");
        var start = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
        start.environment().keySet().removeIf(name -> name.matches("COMPOSE_.*|IMAGE.*|CONTAINER_.*|MAKE.*|MFLAGS"));
        start.environment().putAll(environment);
        var process = start.start();
        try (var in = process.outputWriter()) {
            in.write(input);
        } catch (IOException notRead) {
            assertThat(input).isNotNull(); // it ended without asking
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), Files.readString(said));
    }

    private static Map<String, Object> compose(String file) throws IOException {
        return map(new Yaml().load(Files.readString(Path.of(file))));
    }

    private static Map<String, Object> map(@Nullable Object any) {
        var map = new TreeMap<String, Object>();
        if (any instanceof Map<?, ?> given) {
            given.forEach((key, value) -> map.put(String.valueOf(key), value));
        }
        return map;
    }
}
