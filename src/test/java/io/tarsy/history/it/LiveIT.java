package io.tarsy.history.it;

import static io.tarsy.history.it.TarsyClient.session;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tarsy.history.it.EventStream.Heard;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What happens is told to whoever watches: once, in order, and without anybody being waited for. */
class LiveIT {
    private final TestServer server = TestServer.shared();
    private final TarsyClient tarsy = server.client();

    @Test
    void eachWriteIsToldWithItsSmallFields() {
        var id = Sample.id();
        var stage = Sample.id();
        try (var stream = EventStream.open(server.root(), "?session_id=" + id)) {
            tarsy.createsSession(Sample.session(id));
            tarsy.addsStage(id, Sample.stage(stage, 0)).expect(201);
            tarsy.recordsLlm(id, Sample.llm(Sample.id()).put("stage_execution_id", stage))
                    .expect(201);
            tarsy.recordsMcp(id, Sample.mcp(Sample.id())).expect(201);
            tarsy.recordsMcp(
                            id,
                            Json.object("{'server_name':'k','communication_type':'tool_list','available_tools':[1]}"))
                    .expect(201);
            tarsy.patchesStage(id, stage, "{'status':'completed'}").expect(200);
            tarsy.patchesSession(id, "{'status':'completed','final_analysis':'done'}");
            tarsy.patchesSession(id, "{'retention_hold':true}");
            tarsy.delete(session(id)).expect(204);

            var events = stream.await(EventStream.of(id), 8);
            assertThat(events)
                    .extracting(Heard::type)
                    .containsExactly(
                            "session_created",
                            "stage_progress",
                            "llm_interaction",
                            "mcp_interaction",
                            "mcp_tool_list",
                            "stage_progress",
                            "session_status_change",
                            "session_deleted");
            assertThat(events).extracting(Heard::id).isSorted().doesNotHaveDuplicates();
            assertThat(data(events, 2).path("model_name").asText()).isEqualTo("gemini-2.5-flash");
            assertThat(data(events, 2).path("stage_execution_id").asText()).isEqualTo(stage);
            assertThat(data(events, 3).path("tool_name").asText()).isEqualTo("resources_get");
            assertThat(data(events, 5).path("status").asText()).isEqualTo("completed");
            assertThat(data(events, 6).path("previous_status").asText()).isEqualTo("in_progress");
            for (var event : events) {
                assertThat(String.valueOf(event.data()))
                        .doesNotContain("conversation", "tool_result", "final_analysis");
            }
        }
    }

    private static JsonNode data(List<Heard> events, int at) {
        var data = events.get(at).data();
        assertThat(data).isNotNull();
        return data == null ? Json.object() : data;
    }

    @Test
    void aBatchIsToldLineByLine() {
        var id = Sample.id();
        try (var stream = EventStream.open(server.root(), "?session_id=" + id)) {
            var lines = new ArrayList<ObjectNode>();
            lines.add(Sample.line("session", id, Sample.session(id)));
            for (var i = 0; i < 120; i++) {
                lines.add(Sample.line("llm_interaction", id, Sample.llm(id + "-" + i)));
            }
            tarsy.batch(lines).expect(200);

            var events = stream.await(EventStream.of(id), 121);
            assertThat(events).extracting(Heard::id).isSorted().doesNotHaveDuplicates();
        }
    }

    /** Several write, one listens and loses its connection again and again. */
    @Test
    void whoComesBackMissesNothingAndHearsNothingTwice() throws Exception {
        var writers = 4;
        var each = 40;
        var ids = new ArrayList<String>();
        for (var i = 0; i < writers; i++) {
            ids.add(Sample.id());
        }
        var heard = new ArrayList<Heard>();
        var threads = Executors.newFixedThreadPool(writers);
        var done = false;
        try {
            var stream = EventStream.open(server.root(), "");
            long last = firstId(stream);
            stream.close();
            for (var id : ids) {
                threads.execute(() -> {
                    tarsy.createsSession(Sample.session(id));
                    for (var i = 0; i < each; i++) {
                        tarsy.recordsLlm(id, Sample.llm(Sample.id())).expect(201);
                    }
                });
            }
            threads.shutdown();
            while (!done) {
                try (var again = EventStream.open(server.root(), "", "Last-Event-ID", Long.toString(last))) {
                    boolean allWritten = threads.isTerminated();
                    TimeUnit.MILLISECONDS.sleep(allWritten ? 2_000 : 250); // what is left may take its time
                    done = allWritten && again.events().isEmpty();
                    for (var event : again.events()) {
                        heard.add(event);
                        last = event.id();
                    }
                }
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(heard).extracting(Heard::id).isSorted().doesNotHaveDuplicates();
        for (var id : ids) {
            assertThat(heard.stream().filter(EventStream.of(id))).hasSize(each + 1);
        }
    }

    /** The number of an event that is there. */
    private long firstId(EventStream stream) {
        var id = tarsy.createsSession(Sample.session());
        return stream.await(EventStream.of(id), 1).get(0).id();
    }

    @Test
    void whoHasMissedEventsForGoodIsToldToStartAnew() {
        try (var stream = EventStream.open(server.root(), "?last_event_id=999999999999")) {
            var reset = stream.await(event -> event.type().equals("reset"), 1).get(0);
            var id = tarsy.createsSession(Sample.session());

            assertThat(stream.await(EventStream.of(id), 1).get(0).id()).isGreaterThan(reset.id());
        }
    }

    @Test
    void badParametersAreNamed() {
        tarsy.get("api/v1/history/events?last_event_id=x").expect(422);
        var unknown = tarsy.get("api/v1/history/events?sesion_id=x").expect(422);

        assertThat(unknown.text()).contains("did you mean session_id");
        assertThat(unknown.header("Content-Type")).contains("application/problem+json");
    }

    @Test
    void itsHeadIsAnsweredAndEnds() {
        var head = tarsy.send("HEAD", "api/v1/history/events", new byte[0]).expect(200);

        assertThat(head.header("Content-Type")).startsWith("text/event-stream");
        assertThat(head.header("Cache-Control")).isEqualTo("no-store");
        assertThat(head.header("X-Accel-Buffering")).isEqualTo("no");
    }

    @Test
    void whoAsksForOneSessionCatchesUpWithThatOnly() {
        var mine = Sample.id();
        var last = 0L;
        try (var stream = EventStream.open(server.root(), "")) {
            last = firstId(stream);
        }
        tarsy.createsSession(Sample.session(mine));
        tarsy.createsSession(Sample.session());
        tarsy.recordsLlm(mine, Sample.llm(Sample.id())).expect(201);
        try (var stream = EventStream.open(server.root(), "?session_id=" + mine + "&last_event_id=" + last)) {
            stream.await(EventStream.of(mine), 2);
            tarsy.patchesSession(mine, "{'status':'completed'}");
            stream.await(EventStream.of(mine), 3);

            assertThat(stream.events())
                    .extracting(Heard::type)
                    .containsExactly("session_created", "llm_interaction", "session_status_change");
        }
    }

    @Test
    void silenceIsBrokenByAHeartbeat() {
        try (var stream = EventStream.open(server.root(), "?session_id=nobody")) {
            assertThat(stream.await(event -> event.id() < 0, 2)).isNotEmpty();
        }
    }

    @Test
    void fiveHundredClientsCostNoThreadEach() throws Exception {
        long before = threadsOfServer();
        var clients = new ArrayList<Socket>();
        try {
            for (var i = 0; i < 500; i++) {
                clients.add(connected(""));
            }
            var id = tarsy.createsSession(Sample.session());
            for (var client : clients) {
                readUntil(client, id);
            }

            assertThat(threadsOfServer() - before).isLessThan(100);
        } finally {
            for (var client : clients) {
                client.close();
            }
        }
    }

    @Test
    void whoDoesNotReadIsDroppedAndNobodyWaits() throws Exception {
        var id = Sample.id();
        var before = dropped();
        try (var slow = connected("?session_id=" + id);
                var quick = EventStream.open(server.root(), "?session_id=" + id)) {
            tarsy.createsSession(Sample.session(id));
            var said = 1;
            // far more than the buffers of the network hold
            for (var batch = 0; batch < 60 && dropped() == before; batch++) {
                var lines = new ArrayList<ObjectNode>();
                for (var i = 0; i < 400; i++) {
                    lines.add(Sample.line(
                            "llm_interaction",
                            id,
                            Sample.llm(Sample.id()).put("step_description", "\u00e4".repeat(290))));
                }
                tarsy.batch(lines).expect(200);
                said += lines.size();
                quick.await(EventStream.of(id), said);
            }

            assertThat(dropped() - before).isEqualTo(1);
            assertThat(endOf(slow)).isTrue();
            tarsy.patchesSession(id, "{'status':'completed'}");
            assertThat(quick.await(EventStream.of(id), said + 1))
                    .extracting(Heard::id)
                    .isSorted()
                    .doesNotHaveDuplicates();
        }
    }

    /** Whether what a server sends comes to an end: by the last chunk, or with the connection. */
    private static boolean endOf(Socket socket) throws IOException {
        var buffer = new byte[65_536];
        var tail = "";
        try {
            while (!tail.endsWith("\r\n0\r\n\r\n")) {
                var count = socket.getInputStream().read(buffer);
                if (count < 0) {
                    return true;
                }
                var now = tail + new String(buffer, 0, count, StandardCharsets.ISO_8859_1);
                tail = now.substring(Math.max(0, now.length() - 16));
            }
            return true;
        } catch (SocketException cutOff) {
            return true;
        }
    }

    private double dropped() {
        return tarsy.get("metrics")
                .expect(200)
                .text()
                .lines()
                .filter(line -> line.startsWith("tarsy_events_dropped_clients"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private Socket connected(String query) throws IOException {
        var root = server.root();
        var socket = new Socket();
        socket.setReceiveBufferSize(4_096); // counts only before it is connected
        socket.connect(new InetSocketAddress(root.getHost(), root.getPort()));
        socket.setSoTimeout(60_000);
        socket.getOutputStream()
                .write(("GET /api/v1/history/events" + query + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        readUntil(socket, "still here");
        return socket;
    }

    private static void readUntil(Socket socket, String text) throws IOException {
        var read = new StringBuilder();
        var buffer = new byte[4_096];
        while (read.indexOf(text) < 0) {
            var count = socket.getInputStream().read(buffer);
            if (count < 0) {
                throw new IOException("the stream ended: " + read);
            }
            read.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
        }
    }

    private long threadsOfServer() throws IOException {
        try (var tasks = Files.list(Path.of("/proc/" + server.javaProcess() + "/task"))) {
            return tasks.count();
        }
    }

    @Test
    void dashboardsSpeakTheOlderProtocol() throws Exception {
        var id = Sample.id();
        try (var dashboard = new Dashboard(server.root(), null)) {
            assertThat(dashboard.next("connection_established").path("user_id").asText())
                    .isEqualTo("dashboard-1");
            dashboard.says("{'type':'subscribe','channel':'dashboard_updates'}");
            var subscribed = dashboard.next("subscription_response");
            assertThat(subscribed.path("success").asBoolean()).isTrue();
            assertThat(subscribed.path("message").asText()).isEqualTo("Successfully subscribed to dashboard_updates");
            dashboard.says("{'type':'subscribe','channel':'session_" + id + "'}");
            dashboard.next("subscription_response");
            dashboard.says("{'type':'subscribe','channel':'nonsense'}");
            var refused = dashboard.next("subscription_response");
            assertThat(refused.path("success").asBoolean()).isFalse();
            assertThat(refused.path("message").asText()).isEqualTo("Unknown channel: nonsense");
            dashboard.says("{no json");
            assertThat(dashboard.next("error").path("message").asText()).isEqualTo("Invalid JSON message format");

            tarsy.createsSession(Sample.session(id));
            var update = dashboard.next("dashboard_update", id);
            assertThat(update.path("channel").asText()).isEqualTo("dashboard_updates");
            assertThat(update.at("/data/type").asText()).isEqualTo("session_created");
            assertThat(update.at("/data/timestamp").asText())
                    .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}");
            var own = dashboard.next("session_update", id);
            assertThat(own.path("session_id").asText()).isEqualTo(id);
            assertThat(own.path("channel").isNull()).isTrue();

            dashboard.says("{'type':'unsubscribe','channel':'dashboard_updates'}");
            dashboard.next("subscription_response");
            tarsy.patchesSession(id, "{'status':'failed'}");
            assertThat(dashboard.next("session_update", id).at("/data/status").asText())
                    .isEqualTo("failed");
        }
    }

    @Test
    void aDashboardHearsAllOfABurst() throws Exception {
        var id = Sample.id();
        try (var dashboard = new Dashboard(server.root(), null)) {
            dashboard.says("{'type':'subscribe','channel':'session_" + id + "'}");
            dashboard.next("subscription_response");
            var lines = new ArrayList<ObjectNode>();
            lines.add(Sample.line("session", id, Sample.session(id)));
            for (var i = 0; i < 600; i++) {
                lines.add(Sample.line("llm_interaction", id, Sample.llm(id + "-" + i)));
            }
            tarsy.batch(lines).expect(200);

            dashboard.next("session_update", "session_created");
            for (var i = 0; i < 600; i++) {
                assertThat(dashboard
                                .next("session_update")
                                .at("/data/interaction_id")
                                .asText())
                        .isEqualTo(id + "-" + i);
            }
        }
    }

    @Test
    void pagesOfOthersGetNoDashboard() {
        assertThatThrownBy(() -> new Dashboard(server.root(), "http://evil.example"))
                .cause()
                .isInstanceOfSatisfying(
                        WebSocketHandshakeException.class,
                        refused ->
                                assertThat(refused.getResponse().statusCode()).isEqualTo(403));
    }

    @Test
    void itsOwnPageGetsADashboard() throws Exception {
        var root = server.root();
        try (var dashboard = new Dashboard(root, "http://" + root.getHost() + ":" + root.getPort())) {
            assertThat(dashboard.next("connection_established").has("timestamp_us"))
                    .isTrue();
        }
    }

    /** A dashboard of the older kind. */
    private static final class Dashboard implements WebSocket.Listener, AutoCloseable {
        private final BlockingQueue<JsonNode> messages = new LinkedBlockingQueue<>();
        private final StringBuilder part = new StringBuilder();
        private final WebSocket socket;

        Dashboard(URI root, @Nullable String origin) {
            var builder = HttpClient.newHttpClient().newWebSocketBuilder();
            if (origin != null) {
                builder.header("Origin", origin);
            }
            socket = builder.buildAsync(
                            URI.create("ws" + root.toString().substring(4) + "ws/dashboard/dashboard-1"), this)
                    .join();
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
            part.append(text);
            if (last) {
                messages.add(Json.parse(part.toString()));
                part.setLength(0);
            }
            from.request(1);
            return null;
        }

        void says(String message) {
            socket.sendText(message.replace('\'', '"'), true).join();
        }

        JsonNode next(String type) throws InterruptedException {
            return next(type, "");
        }

        /** The next message of a type about something; others are passed over. */
        JsonNode next(String type, String about) throws InterruptedException {
            for (var message = messages.poll(60, TimeUnit.SECONDS);
                    message != null;
                    message = messages.poll(60, TimeUnit.SECONDS)) {
                if (message.path("type").asText().equals(type)
                        && message.toString().contains(about)) {
                    return message;
                }
            }
            throw new AssertionError("no " + type + " came");
        }

        @Override
        public void close() {
            socket.abort();
        }
    }
}
