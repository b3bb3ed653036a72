package io.tarsy.history.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The tree of files that the Containerfile lays out, started by its entrypoint with its variables: what an image does,
 * without an engine. It is stopped by SIGTERM while agents write.
 */
@Tag("across")
@Execution(ExecutionMode.CONCURRENT)
class ImageIT {
    private static final Path PROJECT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    private static final String HOME = "/opt/tarsy-history";
    private static final int WRITERS = 8;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void libertyOnPostgresqlWithThePasswordInAFile() throws Exception {
        var url = TestPostgresql.freshUrl();
        var secret = Files.writeString(folder.resolve("password"), url.replaceFirst(".*//[^:]*:([^@]*)@.*", "$1\n"));
        var settings = Map.of(
                "HISTORY_DATABASE_URL", url.replaceFirst("(//[^:]*):[^@]*@", "$1@"),
                "DATABASE_PASSWORD_FILE", secret.toString());
        var writers = runs("liberty", settings);
        try (var database = TestPostgresql.connect(url)) {
            writers.lostNothing(database);
        }
    }

    @Test
    void payaraOnTheFileInItsVolume() throws Exception {
        var writers = runs("payara-micro", Map.of());
        try (var database = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("data/history.db"))) {
            writers.lostNothing(database);
        }
    }

    private Writers runs(String target, Map<String, String> settings) throws Exception {
        var image = Files.createDirectories(folder.resolve("image"));
        var tmp = Files.createDirectories(folder.resolve("tmp"));
        Files.createDirectories(folder.resolve("data"));
        layOut(target, image);
        var before = files(image);
        int port = ShellServer.freePort();
        var environment = new HashMap<>(variables());
        environment.replaceAll(
                (name, value) -> value.replace("/data", folder.resolve("data").toString()));
        environment.put("TARSY_HTTP_HOST", "127.0.0.1");
        environment.put("TARSY_HTTP_PORT", Integer.toString(port));
        environment.put("TMPDIR", tmp.toString());
        environment.putAll(settings);
        try (var server = ShellServer.start(words(image, "ENTRYPOINT", "CMD", target), image, port, environment)) {
            assertThat(health(image, environment)).isZero();
            var writers = new Writers(server.client(), WRITERS);
            writers.run(300);
            var took = server.terminate();

            assertThat(took).isLessThan(Duration.ofSeconds(30));
            assertThat(server.exitValue()).as(server.logged()).isZero();
            assertThat(health(image, environment)).isNotZero();
            assertThat(files(image)).as("nothing is written beside the volumes").isEqualTo(before);
            assertThat(files(tmp)).as("nothing is left behind").isEmpty();
            return writers;
        }
    }

    private static int health(Path image, Map<String, String> environment) throws IOException, InterruptedException {
        var check = new ProcessBuilder(words(image, "HEALTHCHECK", "", ""));
        check.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        check.environment().putAll(environment);
        var process = check.start();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    /** Every COPY of the two last stages; servers, which are large, by a link. */
    private static void layOut(String target, Path image) throws IOException {
        for (var stage : List.of("base", target)) {
            for (var line : stage(stage)) {
                if (line.startsWith("COPY ")) {
                    var words = new ArrayList<>(List.of(line.split("\\s+", -1)));
                    var to = words.remove(words.size() - 1);
                    words.remove(0);
                    words.removeIf(word -> word.startsWith("--from="));
                    for (var word : words) {
                        copy(word.replaceFirst("^/build/", ""), to, image);
                    }
                }
            }
        }
    }

    /** Links lead out of the folder, which is no place for whoever clears it away. */
    @AfterEach
    void removesLinks() throws IOException {
        try (var all = Files.walk(folder)) {
            for (var link : all.filter(Files::isSymbolicLink).toList()) {
                Files.delete(link);
            }
        }
    }

    private static void copy(String from, String to, Path image) throws IOException {
        var place = image.resolve(to.endsWith("/") ? to + Path.of(from).getFileName() : to);
        Files.createDirectories(place.getParent());
        if (from.equals("target/native")) {
            nativeLibrary(Files.createDirectories(place));
        } else if (from.startsWith("target/servers/")) {
            Files.createSymbolicLink(place, PROJECT.resolve(from));
        } else {
            try (var all = Files.walk(PROJECT.resolve(from))) {
                for (var file : all.toList()) {
                    Files.copy(
                            file,
                            place.resolve(PROJECT.resolve(from).relativize(file).toString()));
                }
            }
        }
    }

    private static void nativeLibrary(Path place) throws IOException {
        var libraries = PROJECT.resolve("target/tarsy-history/WEB-INF/lib");
        try (var jars = Files.newDirectoryStream(libraries, "sqlite-jdbc-*.jar");
                var jar = new ZipFile(jars.iterator().next().toFile())) {
            var machine = System.getProperty("os.arch").equals("amd64") ? "x86_64" : System.getProperty("os.arch");
            var entry = jar.getEntry("org/sqlite/native/Linux/" + machine + "/libsqlitejdbc.so");
            try (var in = jar.getInputStream(entry)) {
                Files.copy(in, place.resolve("libsqlitejdbc.so"));
            }
        }
    }

    private static List<String> lines() throws IOException {
        return Files.readString(PROJECT.resolve("Containerfile"))
                .replaceAll("\\\\\n\\s*", " ")
                .lines()
                .toList();
    }

    private static List<String> stage(String name) throws IOException {
        return lines().stream()
                .dropWhile(line -> !line.matches("FROM .* AS " + name))
                .skip(1)
                .takeWhile(line -> !line.startsWith("FROM "))
                .toList();
    }

    private static Map<String, String> variables() throws IOException {
        var env = stage("base").stream().filter(line -> line.startsWith("ENV ")).collect(Collectors.joining(" "));
        return Pattern.compile("([A-Z_]+)=(\"[^\"]*\"|\\S+)")
                .matcher(env)
                .results()
                .collect(Collectors.toMap(
                        found -> found.group(1), found -> found.group(2).replace("\"", "")));
    }

    /** The words of an instruction in its JSON form, and of a second one in a stage of its own. */
    private static List<String> words(Path image, String instruction, String second, String stage) throws IOException {
        var words = new ArrayList<>(words(stage("base"), instruction));
        if (!second.isEmpty()) {
            words.addAll(words(stage(stage), second));
        }
        words.replaceAll(word -> word.replace(HOME, image.toString()));
        return words;
    }

    private static List<String> words(List<String> lines, String instruction) {
        var line = lines.stream()
                .filter(one -> one.startsWith(instruction + " "))
                .findFirst()
                .orElseThrow();
        return StreamSupport.stream(
                        Json.parse(line.substring(line.indexOf('['))).spliterator(), false)
                .map(word -> word.asText())
                .toList();
    }

    private static Set<String> files(Path folder) throws IOException {
        try (var all = Files.walk(folder)) {
            return all.filter(file -> !file.equals(folder))
                    .map(file -> folder.relativize(file).toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    @Test
    void theListOfContentsNamesWhatIsInTheWar() throws IOException {
        var listed = StreamSupport.stream(
                        Json.parse(Files.readAllBytes(PROJECT.resolve("target/bom.json")))
                                .path("components")
                                .spliterator(),
                        false)
                .map(one ->
                        one.path("name").asText() + "-" + one.path("version").asText() + ".jar")
                .toList();
        try (var jars = Files.list(PROJECT.resolve("target/tarsy-history/WEB-INF/lib"))) {
            assertThat(listed)
                    .containsExactlyInAnyOrderElementsOf(
                            jars.map(jar -> String.valueOf(jar.getFileName())).toList());
        }
    }
}
