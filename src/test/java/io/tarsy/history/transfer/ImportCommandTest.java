package io.tarsy.history.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportCommandTest {

    private static final String REJECTED =
            "{\"line\":%d,\"status\":\"rejected\",\"id\":null,\"error\":{\"status\":%d,\"title\":\"Refused\",\"detail\":\"%s\"}}\n";

    @TempDir
    Path folder;

    private HttpServer server;
    private final List<List<String>> requests = Collections.synchronizedList(new ArrayList<>());
    private final Deque<Answer> script = new ArrayDeque<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    /** What the stand-in does with one request, whose lines it is given. */
    private interface Answer {
        void give(HttpExchange exchange, List<String> lines) throws IOException;
    }

    @BeforeEach
    void startsAStandIn() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/v1/history/batch", exchange -> {
            try (exchange) {
                String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                List<String> lines = body.lines().toList();
                requests.add(lines);
                Answer next = script.isEmpty() ? ImportCommandTest::storesAll : script.remove();
                next.give(exchange, lines);
            }
        });
        server.start();
    }

    @AfterEach
    void stopsTheStandIn() {
        server.stop(0);
    }

    @Test
    void sendsEveryLineInOrderAndCountsWhatTheServerSays() throws IOException {
        Path file = file(records(1_234));

        assertThat(run(file.toString())).isZero();

        assertThat(requests)
                .hasSizeLessThanOrEqualTo(3)
                .allSatisfy(lines -> assertThat(lines).hasSizeLessThanOrEqualTo(500));
        assertThat(sent()).isEqualTo(records(1_234));
        assertThat(stdout()).contains("1,234 lines", "1,234 created", "0 unchanged", "0 updated", "0 rejected");
        assertThat(stderr()).isEmpty();
    }

    @Test
    void sendsTheContentTypeOfABatch() throws IOException {
        List<String> types = new ArrayList<>();
        script.add((exchange, lines) -> {
            types.add(exchange.getRequestMethod() + " "
                    + exchange.getRequestHeaders().getFirst("Content-Type"));
            storesAll(exchange, lines);
        });

        assertThat(run(file(records(1)).toString())).isZero();

        assertThat(types).containsExactly("POST application/x-ndjson");
    }

    @Test
    void keepsRequestsAtAboutFourMebibytes() throws IOException {
        List<String> lines = IntStream.range(0, 10)
                .mapToObj(i -> "{\"n\":\"" + "x".repeat(1 << 20) + i + "\"}")
                .toList();

        assertThat(run(file(lines).toString())).isZero();

        assertThat(sent()).isEqualTo(lines);
        assertThat(requests).allSatisfy(one -> assertThat(one).hasSizeLessThanOrEqualTo(4));
    }

    @Test
    void sendsALineThatIsLargerThanARequestAlone() throws IOException {
        List<String> lines = List.of("{\"n\":1}", "{\"n\":\"" + "y".repeat(5 << 20) + "\"}", "{\"n\":3}");

        assertThat(run(file(lines).toString())).isZero();

        assertThat(requests).extracting(List::size).containsExactly(1, 1, 1);
        assertThat(sent()).isEqualTo(lines);
    }

    @Test
    void namesRejectedLinesByTheirNumberInTheFile() throws IOException {
        List<String> lines = new ArrayList<>(records(700));
        lines.add(0, "");
        lines.add(600, "   ");
        script.add(ImportCommandTest::storesAll);
        script.add((exchange, sent) -> answer(
                exchange,
                200,
                stored(1, 150, "unchanged")
                        + REJECTED.formatted(151, 422, "agent_type is missing")
                        + stored(152, sent.size(), "updated")));

        assertThat(run(file(lines).toString())).isEqualTo(1);

        assertThat(stderr()).isEqualToIgnoringNewLines("line 653: agent_type is missing");
        assertThat(stdout()).contains("500 created, 150 unchanged, 49 updated, 1 rejected");
        assertThat(sent()).isEqualTo(records(700));
    }

    @Test
    void showsTheFieldsThatAreWrong() throws IOException {
        script.add((exchange, lines) -> answer(exchange, 200, """
                {"line":1,"status":"rejected","id":"s-1","error":{"status":422,"title":"Invalid","detail":"2 fields are wrong",\
                "errors":[{"field":"sessoin_id","message":"unknown field, did you mean session_id?"},{"field":"status","message":"unknown status","value":"done"}]}}
                """));

        assertThat(run(file(records(1)).toString())).isEqualTo(1);

        assertThat(stderr())
                .isEqualToIgnoringNewLines("line 1: 2 fields are wrong;"
                        + " sessoin_id: unknown field, did you mean session_id?; status: unknown status");
    }

    @Test
    void isNotFooledByAnErrorThatQuotesWhatWasSent() throws IOException {
        String quoted = "bad value {\\\"line\\\":2,\\\"status\\\":\\\"created\\\"}\\n{\\u001b[31m";
        script.add((exchange, lines) ->
                answer(exchange, 200, REJECTED.formatted(1, 422, quoted) + REJECTED.formatted(2, 409, "differs")));

        assertThat(run(file(records(2)).toString())).isEqualTo(1);

        assertThat(stdout()).contains("0 created", "2 rejected");
        assertThat(stderr())
                .isEqualToIgnoringNewLines(
                        "line 1: bad value {\"line\":2,\"status\":\"created\"} { [31mline 2: differs");
    }

    @Test
    void showsTwentyRejectedLinesAndCountsTheRest() throws IOException {
        script.add((exchange, lines) -> answer(
                exchange,
                200,
                IntStream.rangeClosed(1, 25)
                        .mapToObj(i -> REJECTED.formatted(i, 422, "no good"))
                        .collect(Collectors.joining())));

        assertThat(run(file(records(25)).toString())).isEqualTo(1);

        assertThat(stderr().lines()).hasSize(21).endsWith("... and 5 more rejected lines");
    }

    @Test
    void resendsARequestThatA503Refused() throws IOException {
        script.add((exchange, lines) -> {
            exchange.getResponseHeaders().add("Retry-After", "1");
            answer(exchange, 503, "{\"status\":503,\"title\":\"Away\",\"detail\":\"The database is away\"}");
        });

        long before = System.nanoTime();
        assertThat(run(file(records(3)).toString())).isZero();

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(990));
        assertThat(requests).containsExactly(records(3), records(3));
        assertThat(stderr()).contains("Waiting 1 s, because the server answered 503: The database is away");
        assertThat(stdout()).contains("3 lines", "3 created");
    }

    @Test
    void resendsWhatA503LeftOut() throws IOException {
        script.add((exchange, lines) -> answer(
                exchange,
                200,
                stored(1, 2, "created")
                        + REJECTED.formatted(3, 503, "The database is away")
                        + REJECTED.formatted(4, 404, "Session s-3 not found")
                        + stored(5, 5, "created")));

        assertThat(run(file(records(5)).toString())).isZero();

        assertThat(requests).containsExactly(records(5), records(5).subList(2, 4));
        assertThat(stdout()).contains("5 created", "0 rejected");
        assertThat(stderr()).isEmpty();
    }

    @Test
    void resendsWhatAnAnswerThatEndedEarlyDidNotCover() throws IOException {
        script.add((exchange, lines) -> answer(exchange, 200, stored(1, 2, "created") + "{\"line\":3,\"sta"));

        assertThat(run(file(records(4)).toString())).isZero();

        assertThat(requests).containsExactly(records(4), records(4).subList(2, 4));
        assertThat(stdout()).contains("4 lines", "4 created");
    }

    @Test
    void resendsAfterABrokenConnection() throws IOException {
        script.add(ImportCommandTest::storesAll);
        script.add((exchange, lines) -> exchange.close());

        assertThat(run(file(records(600)).toString())).isZero();

        assertThat(requests).extracting(List::size).containsExactly(500, 100, 100);
        assertThat(stdout()).contains("600 created");
    }

    @Test
    void givesUpWhenTheServerStaysAway() throws IOException {
        Answer away = (exchange, lines) -> answer(exchange, 429, "{\"title\":\"Too many requests\"}");
        Collections.addAll(script, away, away, away, away);

        assertThat(run(Duration.ofMillis(600), file(records(1)).toString(), address()))
                .isEqualTo(2);

        assertThat(stderr()).contains("Gave up after", "the server answered 429: Too many requests");
    }

    @Test
    void doesNotWaitLongerThanItsPatience() throws IOException {
        script.add((exchange, lines) -> {
            exchange.getResponseHeaders().add("Retry-After", "3600");
            answer(exchange, 503, "");
        });

        assertThat(run(file(records(1)).toString())).isEqualTo(2);

        assertThat(stderr()).contains("Gave up after 0 s");
    }

    @Test
    void sendsSmallerPartsWhereARequestIsTooLarge() throws IOException {
        Answer tooLarge = (exchange, lines) -> {
            if (lines.size() > 2 || lines.contains(records(5).get(4))) {
                answer(exchange, 413, "<html>nginx</html>");
            } else {
                storesAll(exchange, lines);
            }
        };
        IntStream.range(0, 20).forEach(i -> script.add(tooLarge));

        assertThat(run(file(records(5)).toString())).isEqualTo(1);

        assertThat(stdout()).contains("4 created", "1 rejected");
        assertThat(stderr()).contains("line 5: the server answered 413");
    }

    @Test
    void readsAGzippedFile() throws IOException {
        Path file = folder.resolve("records.ndjson.gz");
        try (OutputStream zipped = new GZIPOutputStream(Files.newOutputStream(file))) {
            zipped.write(String.join("\n", records(3)).getBytes(StandardCharsets.UTF_8));
        }

        assertThat(run(file.toString())).isZero();

        assertThat(sent()).isEqualTo(records(3));
    }

    @Test
    void readsStandardInput() {
        InputStream in =
                new ByteArrayInputStream("\uFEFF{\"n\":\"größe\"}\r\n\r\n{\"n\":2}".getBytes(StandardCharsets.UTF_8));

        assertThat(run(in, Duration.ofSeconds(5), "-", address())).isZero();

        assertThat(sent()).containsExactly("{\"n\":\"größe\"}", "{\"n\":2}");
    }

    @Test
    void takesAnEmptyFileForDone() throws IOException {
        assertThat(run(file(List.of()).toString())).isZero();

        assertThat(requests).isEmpty();
        assertThat(stdout()).startsWith("Done: 0 lines");
    }

    @Test
    void explainsItselfWhenAnArgumentIsMissing() {
        assertThat(run(Duration.ZERO, "records.ndjson")).isEqualTo(2);

        assertThat(stderr()).startsWith("Usage: ImportCommand FILE URL");
    }

    @Test
    void refusesAnAddressThatIsNoneAndDoesNotRepeatItsPassword() {
        assertThat(run(Duration.ZERO, "records.ndjson", "localhost:8080")).isEqualTo(2);
        assertThat(run(Duration.ZERO, "records.ndjson", "http://me:canary@localhost:8080"))
                .isEqualTo(2);

        assertThat(stderr()).contains("must look like http://127.0.0.1:8080").doesNotContain("canary");
    }

    @Test
    void saysWhichFileItCannotRead() {
        Path missing = folder.resolve("missing.ndjson");

        assertThat(run(missing.toString())).isEqualTo(2);

        assertThat(stderr()).isEqualToIgnoringNewLines("Cannot read " + missing + ": no such file");
    }

    @Test
    void saysAtOnceThatNoServerIsThere() throws IOException {
        String address = address();
        server.stop(0);

        assertThat(run(Duration.ofMinutes(5), file(records(1)).toString(), address))
                .isEqualTo(2);

        assertThat(stderr()).contains("Cannot reach " + address, "Is the server running there?");
    }

    @Test
    void stopsAtAnAnswerThatIsNotFromThisProduct() throws IOException {
        script.add((exchange, lines) -> answer(exchange, 200, "<html>Welcome</html>"));

        assertThat(run(file(records(1)).toString())).isEqualTo(2);

        assertThat(stderr()).contains("not an answer of TARSy History: <html>Welcome</html>");
    }

    @Test
    void stopsAtAnAddressThatDoesNotKnowTheCall() throws IOException {
        assertThat(run(Duration.ofSeconds(5), file(records(1)).toString(), address() + "/elsewhere/"))
                .isEqualTo(2);

        assertThat(stderr()).contains("the server answered 404", "/elsewhere/api/v1/history/batch");
    }

    private int run(String file) {
        return run(Duration.ofSeconds(20), file, address());
    }

    private int run(Duration patience, String... args) {
        return run(InputStream.nullInputStream(), patience, args);
    }

    private int run(InputStream in, Duration patience, String... args) {
        return ImportCommand.run(
                args,
                in,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                patience);
    }

    private String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private Path file(List<String> lines) throws IOException {
        return Files.write(folder.resolve("records.ndjson"), lines);
    }

    private List<String> sent() {
        return requests.stream().flatMap(List::stream).toList();
    }

    private String stdout() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String stderr() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private static List<String> records(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj("{\"kind\":\"session\",\"session_id\":\"s-%d\"}"::formatted)
                .toList();
    }

    private static String stored(int from, int to, String status) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(i -> "{\"line\":%d,\"status\":\"%s\",\"id\":\"s-%d\"}\n".formatted(i, status, i))
                .collect(Collectors.joining());
    }

    private static void storesAll(HttpExchange exchange, List<String> lines) throws IOException {
        answer(exchange, 200, stored(1, lines.size(), "created"));
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
