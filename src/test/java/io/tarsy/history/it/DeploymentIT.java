package io.tarsy.history.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The commands of docs/deployment.md, run as they stand there in a folder with nothing but the WAR and a server's own
 * distribution; only ports are others. Each server on one database; -Ddeployment=all runs each on both, and Payara
 * Server, whose distribution -Dpayara.server names.
 */
@Tag("across")
@Execution(ExecutionMode.CONCURRENT)
class DeploymentIT {
    private static final Path PROJECT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    private static final boolean ALL = System.getProperty("deployment", "").equals("all");
    private static final String ONLY_ALL =
            "each server on one database is enough for every build; -Ddeployment=all runs it";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @AfterEach
    void removesLinks() throws IOException {
        OwnLiberty.removeLinks(folder);
    }

    @Test
    void payaraMicroOnPostgresql() throws Exception {
        payaraMicro("postgresql");
    }

    @Test
    void openLibertyOnSqlite() throws Exception {
        openLiberty("sqlite");
    }

    @Test
    void payaraMicroOnSqlite() throws Exception {
        Skipped.unless(ALL, "Payara Micro on SQLite", ONLY_ALL);
        payaraMicro("sqlite");
    }

    @Test
    void openLibertyOnPostgresql() throws Exception {
        Skipped.unless(ALL, "Open Liberty on PostgreSQL", ONLY_ALL);
        openLiberty("postgresql");
    }

    @ParameterizedTest
    @Execution(ExecutionMode.SAME_THREAD) // a domain has fixed ports besides those that the page names
    @CsvSource({"sqlite", "postgresql"})
    void payaraServer(String database) throws Exception {
        var distribution = System.getProperty("payara.server", "");
        Skipped.unless(
                ALL && !distribution.isEmpty(),
                "Payara Server on " + database,
                "its distribution is large and is not brought by the build; -Ddeployment=all"
                        + " -Dpayara.server=payara-….zip runs it");
        run("unzip", "-q", distribution);
        try {
            walk("Payara Server", database);
        } finally {
            run("payara6/glassfish/bin/asadmin", "stop-domain", "tarsy");
        }
    }

    private void payaraMicro(String database) throws Exception {
        Files.createSymbolicLink(
                folder.resolve("payara-micro.jar"), PROJECT.resolve("target/servers/payara-micro.jar"));
        walk("Payara Micro", database);
    }

    private void openLiberty(String database) throws Exception {
        OwnLiberty.into(folder);
        walk("Open Liberty", database);
    }

    private void walk(String section, String database) throws Exception {
        Files.createSymbolicLink(folder.resolve("tarsy-history.war"), PROJECT.resolve("target/tarsy-history.war"));
        int port = ShellServer.freePort();
        var settings = new HashMap<String, String>();
        var url = TestServer.freshDatabase(database);
        if (!database.equals("sqlite")) {
            settings.put("HISTORY_DATABASE_URL", url);
        }
        var start = "set -eu\n" + commands(section, port);
        try (var server = ShellServer.start(List.of("bash", "-c", start), folder, port, settings)) {
            var seen = Files.createTempFile(folder, "proof", ".txt");
            var proof = new ProcessBuilder("bash", "-c", "set -eu\n" + commands("A session to prove it", port))
                    .redirectErrorStream(true)
                    .redirectOutput(seen.toFile())
                    .start();
            assertThat(proof.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(proof.exitValue()).as(Files.readString(seen)).isZero();
            assertThat(Files.readString(seen)).contains("\"pod\": \"cart-7f9c\"", "database_answers");
            var config =
                    server.client().get("api/v1/system/database").expect(200).text();
            assertThat(config).containsIgnoringCase("\"" + database + "\"");
            assertThat(Files.exists(folder.resolve("history.db"))).isEqualTo(database.equals("sqlite"));
        }
    }

    /** The commands of a section of the page. */
    private static String commands(String section, int port) throws IOException {
        return String.join("", new Page("docs/deployment.md").commands(section))
                .replace("8080", Integer.toString(port))
                .replace("4848", Integer.toString(ShellServer.freePort()));
    }

    private void run(String... command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).isZero();
    }
}
