package io.tarsy.history.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The files for {@code configDropins/overrides/} of an Open Liberty that was made by docs/deployment.md. */
@Tag("across")
@Execution(ExecutionMode.CONCURRENT)
class LibertyFilesIT {
    private static final Path PROJECT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    private static final String KEY_STORE_PASSWORD = OwnCertificate.PASSWORD;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @BeforeEach
    void unpacks() throws Exception {
        OwnLiberty.into(folder);
        Files.createSymbolicLink(folder.resolve("tarsy-history.war"), PROJECT.resolve("target/tarsy-history.war"));
    }

    @AfterEach
    void removesLinks() throws Exception {
        OwnLiberty.removeLinks(folder);
    }

    @Test
    void itSpeaksTlsAloneAndTellsOfItsPoolAndLogsJson() throws Exception {
        var http =
                HttpClient.newBuilder().sslContext(OwnCertificate.into(folder)).build();
        int plain = ShellServer.freePort();
        int port = ShellServer.freePort();
        var settings = new HashMap<String, String>();
        settings.put("HISTORY_DATABASE_URL", TestPostgresql.freshUrl());
        settings.put("tls_password", KEY_STORE_PASSWORD);
        settings.put("tls_key_store", folder.resolve("keys.p12").toString());
        settings.put("tls_port", Integer.toString(port));
        var root = URI.create("https://127.0.0.1:" + port + "/");
        var client = new TarsyClient(root, http);
        try (var server =
                ShellServer.start(commands(plain, "tls.xml", "monitoring.xml"), folder, root, client, settings)) {
            client.post(TarsyClient.sessions(), Sample.session("by-tls")).expect(201);
            client.get(TarsyClient.session("by-tls")).expect(200);

            var list =
                    HttpRequest.newBuilder(root.resolve(TarsyClient.sessions())).build();
            assertThat(http.send(list, BodyHandlers.discarding()).sslSession())
                    .hasValueSatisfying(tls -> assertThat(tls.getProtocol()).isEqualTo("TLSv1.3"));
            assertThatThrownBy(() -> new TarsyClient(URI.create("http://127.0.0.1:" + plain + "/")).get("health/live"))
                    .isInstanceOf(UncheckedIOException.class);
            assertThat(client.get("metrics").expect(200).text()).contains("connectionpool_", "tarsy_");
            var logged = server.logged().replaceFirst("[^\n]*\\z", ""); // its last line may be half written
            assertThat(logged.lines().filter(line -> line.startsWith("{")))
                    .isNotEmpty()
                    .allSatisfy(line ->
                            assertThat(Json.parse(line).path("type").asText()).startsWith("liberty_"));
            assertThat(logged).doesNotContain(KEY_STORE_PASSWORD);
        }
    }

    @Test
    void theServerNamesTheFileOfSqlite() throws Exception {
        int port = ShellServer.freePort();
        try (var server = ShellServer.start(
                commands(port, "sqlite.xml", "tarsy-history-variables.xml"),
                folder,
                port,
                Map.of("HISTORY_DATABASE_URL", "sqlite:///of-the-environment.db"))) {
            server.client()
                    .post(TarsyClient.sessions(), Sample.session("in-the-servers-folder"))
                    .expect(201);
            assertThat(folder.resolve("lib/history.db")).exists();
            assertThat(folder.resolve("history.db")).doesNotExist();
            var config = server.client().get("api/v1/system/config").expect(200).text();
            assertThat(config).contains(folder + "/lib/history.db", "server variable HISTORY_DATABASE_URL");
        }
    }

    /** Those of the page, and the files copied before the server starts; what is theirs to change is changed. */
    private static List<String> commands(int port, String... files) throws Exception {
        var page =
                new Page("docs/deployment.md").commands("Open Liberty").get(0).replace("8080", port + "");
        int last = page.lastIndexOf("exec ");
        var script = new StringBuilder("set -eu\n")
                .append(page, 0, last)
                .append("overrides=$server/configDropins/overrides\n")
                .append("mkdir -p $overrides\n");
        for (var file : files) {
            script.append("sed -e 's/\"8080\"/\"%d\"/' -e \"s:/var/lib/tarsy-history:$PWD/lib:\"".formatted(port))
                    .append(" WEB-INF/server-config/liberty/%1$s >$overrides/%1$s\n".formatted(file));
        }
        return List.of("bash", "-c", script.append(page.substring(last)).toString());
    }
}
