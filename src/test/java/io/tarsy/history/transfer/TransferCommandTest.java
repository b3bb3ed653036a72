package io.tarsy.history.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransferCommandTest {

    private static final String ODD = "odd \"id\" / 50% ä";

    @TempDir
    Path folder;

    private final List<HttpServer> servers = new ArrayList<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @AfterEach
    void stopsTheStandIns() {
        servers.forEach(server -> server.stop(0));
    }

    @Test
    void whatIsExportedIsWhatIsThere() throws IOException {
        var url = server(three());
        var file = folder.resolve("history.ndjson.gz").toString();

        assertThat(run("export", url, file)).isZero();
        assertThat(said()).contains("3 sessions, 5 records, SHA-256 ");
        assertThat(Files.readAllBytes(Path.of(file))).startsWith(0x1f, 0x8b);
        assertThat(folder.resolve("history.ndjson.gz.unfinished")).doesNotExist();

        assertThat(run("compare", file, url)).isZero();
        assertThat(said()).contains("Both are the same");
    }

    @Test
    void aPlainFileHasEverySessionOneAfterTheOther() throws IOException {
        var file = folder.resolve("history.ndjson");

        run("export", server(three()), file.toString());

        assertThat(file).hasContent(String.join("", three().values()));
    }

    @Test
    void theSameHistoryInAnotherOrderIsTheSame() throws IOException {
        var other = new TreeMap<String, String>(java.util.Comparator.reverseOrder());
        other.putAll(three());

        assertThat(run("compare", server(three()), server(other))).isZero();
    }

    @Test
    void namesWhatDiffersAndWhatIsMissing() throws IOException {
        var other = new TreeMap<>(three());
        other.put("a", session("a") + record("a", "another"));
        other.remove("b");

        assertThat(run("compare", server(three()), server(other))).isEqualTo(1);
        assertThat(said())
                .contains("2 sessions differ")
                .containsPattern("a: 2 records \\w{12} and 2 records \\w{12}")
                .containsPattern("b: 2 records \\w{12} and nothing");
    }

    @Test
    void stopsWhereNobodyAnswersAndKeepsTheOldFile() throws IOException {
        var file = Files.writeString(folder.resolve("old.ndjson"), "kept");

        assertThat(run("export", "http://127.0.0.1:1", file.toString())).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("Stopped: ");
        assertThat(file).hasContent("kept");
    }

    @Test
    void refusesAFileThatIsNoExport() throws IOException {
        var file = Files.writeString(folder.resolve("other.ndjson"), "{\"kind\":\"stage\"}\n");

        assertThat(run("compare", file.toString(), file.toString())).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("no file of an export");
    }

    @Test
    void withoutArgumentsItSaysWhatItTakes() {
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("Usage: TransferCommand export URL FILE");
    }

    private static Map<String, String> three() {
        return new TreeMap<>(Map.of(
                "a", session("a") + record("a", "one"), "b", session("b") + record("b", "two"), ODD, session(ODD)));
    }

    private static String session(String id) {
        return "{\"kind\":\"session\",\"session_id\":\"" + escaped(id) + "\",\"alert_data\":{\"session_id\":\"x\"}}\n";
    }

    private static String record(String id, String text) {
        return "{\"kind\":\"llm_interaction\",\"session_id\":\"" + escaped(id) + "\",\"text\":\"" + text + "\r\"}\n";
    }

    private static String escaped(String id) {
        return id.replace("\"", "\\\"");
    }

    /** A stand-in that has one session on each page of its list. */
    private String server(Map<String, String> history) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        servers.add(server);
        var ids = List.copyOf(history.keySet());
        server.createContext("/api/v1/history/sessions", exchange -> {
            var path = exchange.getRequestURI().getPath();
            if (path.endsWith("/export")) {
                var id = path.replaceFirst("/api/v1/history/sessions/", "").replaceFirst("/export$", "");
                answer(exchange, history.getOrDefault(id, ""));
            } else {
                var query = exchange.getRequestURI().getQuery();
                int page = query.contains("cursor=") ? Integer.parseInt(query.replaceFirst(".*cursor=", "")) : 0;
                var next = page + 1 < ids.size() ? "\"" + (page + 1) + "\"" : "null";
                answer(
                        exchange,
                        "{\"sessions\":[{\"session_id\":\"" + escaped(ids.get(page))
                                + "\",\"alert_type\":\"says \\\"session_id\\\":\\\"no\\\"\"}],\"pagination\":{\"next_cursor\":"
                                + next + "}}");
            }
        });
        server.start();
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private static void answer(HttpExchange exchange, String text) throws IOException {
        try (exchange) {
            var bytes = text.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private int run(String... args) {
        return TransferCommand.run(
                List.of(args),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private String said() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
