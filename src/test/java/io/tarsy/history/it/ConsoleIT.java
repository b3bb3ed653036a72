package io.tarsy.history.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The console in a real Chromium, against servers of its own: the tests of {@code src/test/console}. What they need comes
 * by {@code src/test/console/prepare}; where it has not come they are skipped, except where {@code CI} is true.
 */
@Tag("across")
@Execution(ExecutionMode.CONCURRENT)
class ConsoleIT {

    private static final Path FOLDER = Path.of("src", "test", "console");
    private static final int PATIENCE_MINUTES = 15;

    @Test
    @Execution(ExecutionMode.SAME_THREAD) // beside other classes, but one browser at a time
    void functionsOfItsModulesDoWhatTheySay() throws Exception {
        insistOn(missing(program("node")));
        List<String> files;
        try (var found = Files.list(FOLDER.resolve("unit"))) {
            files = found.map(FOLDER::relativize)
                    .map(Path::toString)
                    .filter(name -> name.endsWith(".test.mjs"))
                    .sorted()
                    .toList();
        }
        assertThat(files).isNotEmpty();
        run("units", files, Map.of());
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void everythingHoldsOnSqlite() throws Exception {
        holds("payara", "sqlite", Map.of());
    }

    /** But for what only the files and the page decide, and no answer: how it looks, what it holds, its keys. */
    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void everythingHoldsOnPostgresql() throws Exception {
        holds("payara", "postgresql", Map.of("CONSOLE_WITHOUT", "budget,looks,keyboard,hostile,frame,failures"));
    }

    @ParameterizedTest
    @Execution(ExecutionMode.SAME_THREAD)
    @ValueSource(strings = {"sqlite", "postgresql"})
    void theShortSetHoldsOnLiberty(String database) throws Exception {
        holds("liberty", database, Map.of("CONSOLE_SPECS", "smoke"));
    }

    private static void holds(String server, String database, Map<String, String> chosen) throws Exception {
        insistOn(missing(program("node"), chromium(), packages()));
        try (var running = TestServer.start(server, TestServer.freshDatabase(database))) {
            var environment = new HashMap<>(chosen);
            environment.put("CONSOLE_URL", running.root().toString());
            run(server + "-" + database, List.of("browser.test.mjs"), environment);
        }
    }

    /** Runs test files of Node, tells the log what they said, and fails with the tests that failed. */
    @SuppressWarnings("SystemOut") // each test and its time, for who reads the log of the build
    private static void run(String name, List<String> files, Map<String, String> environment)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("node", "--test", "--test-concurrency=1", "--test-reporter=spec"));
        command.addAll(files);
        var log = Files.createDirectories(Path.of("target", "it-logs")).resolve("console-" + name + ".log");
        var builder = new ProcessBuilder(command)
                .directory(FOLDER.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("NO_COLOR", "1");
        builder.environment().putAll(environment);
        var process = builder.start();
        try {
            var ended = process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES);
            var said = Files.readString(log);
            System.out.println("The console, " + name + ":\n" + said);
            assertThat(ended)
                    .as("ends within %d minutes; it said:%n%s", PATIENCE_MINUTES, said)
                    .isTrue();
            assertThat(process.exitValue()).as(failures(said)).isZero();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** The end of what was said, where Node lists the tests that failed; pictures of them are in target/console. */
    private static String failures(String said) {
        return said.substring(Math.max(0, said.indexOf("failing tests:")));
    }

    private static List<String> missing(String... whats) {
        return Stream.of(whats).filter(what -> !what.isEmpty()).toList();
    }

    private static void insistOn(List<String> missing) {
        if (!missing.isEmpty()) {
            var why = "The console is not tested here: " + String.join(", ", missing)
                    + ". src/test/console/prepare brings what it can.";
            assertThat(System.getenv("CI")).as(why).isNotEqualTo("true");
            Skipped.unless(false, "the console", why);
        }
    }

    private static String program(String name) {
        return isOnThePath(name) ? "" : name + " is missing";
    }

    private static String chromium() {
        var chosen = System.getenv("CONSOLE_CHROMIUM");
        var there = (chosen != null && Files.isExecutable(Path.of(chosen)))
                || Stream.of("chromium", "chromium-browser", "google-chrome").anyMatch(ConsoleIT::isOnThePath);
        return there ? "" : "Chromium is missing";
    }

    private static String packages() {
        return Files.isDirectory(FOLDER.resolve("node_modules")) ? "" : "the packages of npm are missing";
    }

    private static boolean isOnThePath(String name) {
        var path = System.getenv("PATH");
        return path != null
                && Stream.of(path.split(":", -1))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder).resolve(name)));
    }
}
