package io.tarsy.history.it;

import static io.tarsy.history.it.TarsyClient.session;
import static io.tarsy.history.it.TarsyClient.sessions;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Writes while the database is away: accepted, kept over a kill, applied in order, once. */
@Tag("across")
@Execution(ExecutionMode.CONCURRENT)
class SpoolIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path spool;

    @Test
    void writesOutliveAnOutageAKillAndAFullSpool() throws Exception {
        try (var postgresql = new OwnPostgresql()) {
            var before = Sample.id();
            var during = new ArrayList<String>();
            String unnamed;
            var first = TestServer.start("payara", postgresql.url(), spooling());
            try (first) {
                first.client().createsSession(Sample.session(before));
                postgresql.stop();

                during.add(tellsAStory(first.client(), before));
                unnamed = namesWhatIsUnnamed(first.client());
                refusesAsEver(first.client());
                saysHowMuchWaits(first.client());
                first.kill();
            }
            postgresql.start();
            try (var second = TestServer.start("payara", postgresql.url(), spooling())) {
                var tarsy = second.client();
                awaitDrained(tarsy);
                assertStory(tarsy, before, during.get(0));
                assertThat(tarsy.detail(unnamed).path("stages")).hasSize(1);
                assertRejected();

                postgresql.stop();
                var kept = fills(tarsy, before);
                postgresql.start();
                awaitDrained(tarsy);
                assertThat(tarsy.detail(before).path("session_level_interactions"))
                        .as("each once")
                        .hasSize(kept.size());
                tarsy.recordsLlm(before, Sample.llm(Sample.id())).expect(201);
            }
        }
    }

    @Test
    void onSqliteToo() throws Exception {
        var environment = new java.util.HashMap<>(spooling());
        environment.put("HISTORY_SQLITE_BUSY_TIMEOUT_MS", "100");
        try (var server = TestServer.start("liberty", "sqlite:///history.db", environment)) {
            var tarsy = server.client();
            var before = Sample.id();
            tarsy.createsSession(Sample.session(before));
            String story;
            try (var other = DriverManager.getConnection(
                            "jdbc:sqlite:" + server.folder().resolve("history.db"));
                    var statement = other.createStatement()) {
                statement.execute("begin exclusive");
                story = tellsAStory(tarsy, before);
                statement.execute("rollback");
            }
            awaitDrained(tarsy);
            assertStory(tarsy, before, story);
            tarsy.createsSession(Sample.session());
        }
    }

    private Map<String, String> spooling() {
        return Map.of(
                "HISTORY_SPOOL_ENABLED",
                "true",
                "HISTORY_SPOOL_DIRECTORY",
                spool.toString(),
                "HISTORY_SPOOL_MAX_MEGABYTES",
                "1");
    }

    /** Everything an agent says about one alert, each call of it while the database is away. */
    private static String tellsAStory(TarsyClient tarsy, String before) {
        var id = Sample.id();
        var created = tarsy.post(sessions(), Sample.session(id)).expect(202);
        assertThat(created.header("Location")).endsWith("/" + session(id));
        assertThat(created.json().path("status").asText()).isEqualTo("spooled");
        assertThat(created.json().path("session_id").asText()).isEqualTo(id);
        tarsy.addsStage(id, Sample.stage(id + "-a", 0)).expect(202);
        var llm = tarsy.recordsLlm(id, Sample.llm(id + "-llm").put("stage_execution_id", id + "-a"));
        assertThat(llm.expect(202).header("Location")).endsWith("/interactions/" + id + "-llm");
        var timeless = Sample.mcp(id + "-mcp");
        timeless.remove("timestamp_us");
        tarsy.recordsMcp(id, timeless).expect(202);
        tarsy.patchesStage(id, id + "-a", "{'status':'completed'}").expect(202);
        tarsy.patch(session(id), "{\"status\":\"paused\",\"error_message\":\"wait\"}")
                .expect(202);
        tarsy.patch(session(id), "{\"status\":\"completed\",\"error_message\":null,\"final_analysis\":\"done\"}")
                .expect(202);
        tarsy.patch(session(before), "{\"status\":\"failed\"}").expect(202);
        var lines = tarsy.batch(List.of(
                        Sample.line("session", id + "-b", Sample.session(id + "-b")),
                        Json.object("{'kind':'stage'}"),
                        Sample.line("stage", id + "-b", Sample.stage(id + "-b-a", 0))))
                .expect(200)
                .lines();
        assertThat(lines)
                .extracting(line -> line.path("status").asText())
                .containsExactly("spooled", "rejected", "spooled");
        assertThat(lines.get(2).path("id").asText()).isEqualTo(id + "-b-a");
        // sent again, as agents do; and refused later, since nobody can know it now
        tarsy.post(sessions(), Sample.session(id)).expect(202);
        tarsy.patch(session("unknown-" + id), "{\"status\":\"failed\"}").expect(202);
        return id;
    }

    private static void assertStory(TarsyClient tarsy, String before, String id) {
        var story = tarsy.detail(id);
        assertThat(story.path("status").asText()).isEqualTo("completed");
        assertThat(story.path("final_analysis").asText()).isEqualTo("done");
        assertThat(story.path("error_message").isNull()).isTrue();
        assertThat(story.at("/stages/0/status").asText()).isEqualTo("completed");
        assertThat(story.at("/stages/0/llm_interactions")).hasSize(1);
        assertThat(story.path("session_level_interactions")).hasSize(1);
        assertThat(story.path("total_interactions").intValue()).isEqualTo(2);
        assertThat(tarsy.detail(id + "-b").path("stages")).hasSize(1);
        assertThat(tarsy.detail(before).path("status").asText()).isEqualTo("failed");
    }

    /** Without ids of the sender, the answer tells ours. */
    private static String namesWhatIsUnnamed(TarsyClient tarsy) {
        var unnamed = Sample.session();
        unnamed.remove("session_id");
        var id = tarsy.post(sessions(), unnamed)
                .expect(202)
                .json()
                .path("session_id")
                .asText();
        var stage = Sample.stage("any", 0);
        stage.remove("execution_id");
        assertThat(tarsy.addsStage(id, stage)
                        .expect(202)
                        .json()
                        .path("execution_id")
                        .asText())
                .isNotBlank();
        return id;
    }

    private static void refusesAsEver(TarsyClient tarsy) {
        tarsy.post(sessions(), "{").problem(400);
        tarsy.post(sessions(), "{}").problem(422);
        tarsy.recordsLlm("s", Json.object("{'model_name':'m','conversation':{'messages':[]}}"))
                .problem(422);
        tarsy.recordsMcp("s", Json.object("{'server_name':'m','communication_type':'tool_call'}"))
                .problem(422);
        tarsy.patch(session("s"), "{\"status\":null}").problem(422);
        tarsy.patch(session("no%20id"), "{\"status\":\"failed\"}").problem(404);
        tarsy.send("POST", sessions(), new byte[] {1}, "Content-Type", "text/plain")
                .problem(415);
        tarsy.delete(session("s")).problem(503);
        tarsy.get(sessions()).problem(503);
    }

    private static void saysHowMuchWaits(TarsyClient tarsy) {
        // the database is asked every second, and it was away for less
        await(() -> tarsy.get("api/v1/history/health")
                .expect(200)
                .json()
                .path("status")
                .asText()
                .equals("unhealthy"));
        var health = tarsy.get("api/v1/history/health").expect(200).json();
        assertThat(health.at("/details/spool/depth").intValue()).isGreaterThan(10);
        assertThat(health.at("/details/spool/bytes").intValue()).isGreaterThan(1000);
        var ready = tarsy.get("health/ready").expect(503).json();
        assertThat(ready.path("checks"))
                .filteredOn(check -> check.path("name").asText().equals("spool"))
                .singleElement()
                .satisfies(check -> {
                    assertThat(check.path("status").asText()).isEqualTo("UP");
                    assertThat(check.at("/data/depth").asInt()).isGreaterThan(10);
                });
    }

    private void assertRejected() throws IOException {
        var rejected = Files.readAllLines(spool.resolve("rejected.ndjson"));
        assertThat(rejected).hasSize(1);
        var one = Json.parse(rejected.get(0));
        assertThat(one.at("/error/status").intValue()).isEqualTo(404);
        assertThat(one.at("/record/kind").asText()).isEqualTo("session_patch");
        assertThat(one.path("correlation_id").asText()).isNotBlank();
    }

    /** Until it is full; the ids of what it took. */
    private static List<String> fills(TarsyClient tarsy, String session) {
        var kept = new ArrayList<String>();
        var end = Instant.now().plus(PATIENCE);
        while (Instant.now().isBefore(end)) {
            var id = Sample.id();
            var large = Sample.llm(id).put("thinking_content", "x".repeat(100_000));
            var answer = tarsy.recordsLlm(session, large);
            if (answer.status() == 503) {
                assertThat(answer.problem(503).path("detail").asText()).contains("spool is full");
                assertThat(answer.header("Retry-After")).matches("\\d+");
                return kept;
            }
            answer.expect(202);
            kept.add(id);
        }
        throw new AssertionError("it never was full");
    }

    private static void awaitDrained(TarsyClient tarsy) {
        await(() -> {
            JsonNode health = tarsy.get("api/v1/history/health").expect(200).json();
            return health.path("status").asText().equals("healthy")
                    && health.at("/details/spool/depth").intValue() == 0;
        });
    }

    private static void await(BooleanSupplier condition) {
        var end = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).isBefore(end);
            try {
                Thread.sleep(200);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
