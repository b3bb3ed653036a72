package io.tarsy.history.it;

import static io.tarsy.history.it.TarsyClient.session;
import static io.tarsy.history.it.TarsyClient.sessions;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Comparator;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What runs now, what can be filtered by, how the installation is; and how answers travel. */
class OverviewIT {

    private final TarsyClient tarsy = TestServer.shared().client();

    @Test
    @Tag("smoke")
    void everySessionThatHasNotEndedIsActiveNewestFirst() {
        var type = Sample.word("active");
        var old = tarsy.createsSession(Sample.session().put("alert_type", type));
        var recent =
                tarsy.createsSession(Sample.session().put("alert_type", type).put("started_at_us", Sample.START + 5));
        var ended = tarsy.createsSession(Sample.session().put("alert_type", type));
        tarsy.patchesSession(ended, "{'status':'completed'}");

        var active =
                listed(tarsy.get("api/v1/history/active-sessions").expect(200).json());

        var ours = active.stream()
                .filter(row -> row.path("alert_type").asText().equals(type))
                .toList();
        assertThat(ours).extracting(row -> row.path("session_id").asText()).containsExactly(recent, old);
        assertThat(ours)
                .allSatisfy(row -> assertThat(row.fieldNames())
                        .toIterable()
                        .contains(
                                "session_id",
                                "alert_id",
                                "agent_type",
                                "alert_type",
                                "status",
                                "started_at_us",
                                "completed_at_us",
                                "error_message",
                                "duration_seconds"));
        assertThat(ours).allMatch(row -> row.path("duration_seconds").isNumber());
        assertThat(active)
                .extracting(row -> row.path("started_at_us").longValue())
                .isSortedAccordingTo(Comparator.reverseOrder());
    }

    @Test
    @Tag("smoke")
    void anActiveSessionSaysHowFarItIs() {
        var id = tarsy.createsSession(Sample.session().put("current_stage_index", 1));
        var bare = active(id);
        assertThat(bare.path("chain_id").asText()).isEqualTo("kubernetes-chain");
        assertThat(bare.path("total_stages").longValue()).isZero();
        for (var name : List.of("current_stage_name", "last_step", "session_total_tokens")) {
            assertThat(bare.has(name) && bare.path(name).isNull()).as(name).isTrue();
        }

        var first = Sample.id();
        var second = Sample.id();
        tarsy.addsStage(id, Sample.stage(first, 0).put("stage_name", "look")).expect(201);
        tarsy.addsStage(id, Sample.stage(second, 1).put("stage_name", "think")).expect(201);
        tarsy.addsStage(
                        id,
                        Sample.stage(Sample.id(), 2).put("stage_name", "wait").put("status", "pending"))
                .expect(201);
        var llm = Sample.id();
        tarsy.recordsLlm(id, Sample.llm(llm)).expect(201);
        tarsy.recordsMcp(id, Sample.mcp(Sample.id())).expect(201);
        assertThat(active(id).path("current_stage_name").asText()).isEqualTo("think");
        assertThat(active(id).path("last_step"))
                .isEqualTo(Json.object()
                        .put("interaction_id", llm)
                        .put("type", "llm")
                        .put("name", "gemini-2.5-flash")
                        .put("timestamp_us", Sample.START + 5000)
                        .put("success", true));

        tarsy.patchesStage(id, second, "{'status':'failed'}").expect(200);
        assertThat(active(id).path("current_stage_name").asText()).isEqualTo("look");
        tarsy.patchesStage(id, first, "{'status':'completed'}").expect(200);
        var call = Sample.id();
        tarsy.recordsMcp(
                        id,
                        Sample.mcp(call)
                                .put("timestamp_us", Sample.START + 5000)
                                .put("success", false))
                .expect(201);

        var row = active(id);
        assertThat(row.path("current_stage_name").asText()).isEqualTo("wait");
        assertThat(row.path("current_stage_index").longValue()).isEqualTo(1);
        assertThat(row.path("total_stages").longValue()).isEqualTo(3);
        assertThat(row.path("completed_stages").longValue()).isEqualTo(1);
        assertThat(row.path("failed_stages").longValue()).isEqualTo(1);
        assertThat(row.path("session_total_tokens").longValue()).isEqualTo(230);
        assertThat(row.path("llm_interaction_count").longValue()).isEqualTo(1);
        assertThat(row.path("mcp_communication_count").longValue()).isEqualTo(2);
        assertThat(row.path("last_step"))
                .isEqualTo(Json.object()
                        .put("interaction_id", call)
                        .put("type", "mcp")
                        .put("name", "kubernetes-server/resources_get")
                        .put("timestamp_us", Sample.START + 5000)
                        .put("success", false));
    }

    private JsonNode active(String id) {
        return listed(tarsy.get("api/v1/history/active-sessions").expect(200).json()).stream()
                .filter(row -> row.path("session_id").asText().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    @Tag("smoke")
    void filterOptionsHaveWhatIsStored() {
        var type = Sample.word("option");
        var agent = Sample.word("agent");
        tarsy.createsSession(Sample.session().put("alert_type", type).put("agent_type", agent));

        var options = tarsy.get("api/v1/history/filter-options").expect(200).json();

        assertThat(texts(options.path("alert_types"))).contains(type).doesNotHaveDuplicates();
        assertThat(texts(options.path("agent_types"))).contains(agent).doesNotHaveDuplicates();
        assertThat(texts(options.path("status_options")))
                .containsExactly(
                        "pending",
                        "in_progress",
                        "paused",
                        "canceling",
                        "completed",
                        "failed",
                        "cancelled",
                        "timed_out");
        assertThat(options.path("time_ranges")).isEqualTo(Json.parse("""
                        [{'label':'Last Hour','value':'1h'},{'label':'Last 4 Hours','value':'4h'},
                         {'label':'Today','value':'today'},{'label':'This Week','value':'week'},
                         {'label':'This Month','value':'month'}]""".replace('\'', '"')));
    }

    @Test
    @Tag("smoke")
    void theHistorySaysHowItIs() {
        var health = tarsy.get("api/v1/history/health").expect(200).json();

        assertThat(health.path("service").asText()).isEqualTo("alert_processing_history");
        assertThat(health.path("status").asText()).isEqualTo("healthy");
        assertThat(health.path("timestamp_us").isIntegralNumber()).isTrue();
        var details = health.path("details");
        assertThat(details.path("database_connection").asText()).isEqualTo("ok");
        assertThat(details.path("history_enabled").booleanValue()).isTrue();
        assertThat(details.path("database_type").asText()).isEqualTo(TestServer.databaseOfThisRun());
        assertThat(details.path("database_location").asText()).isNotBlank().doesNotContain("postgres:postgres");
    }

    @ParameterizedTest
    @Tag("smoke")
    @ValueSource(strings = {"health", "health/live", "health/ready", "health/started"})
    void theProbesAreUp(String probe) {
        assertThat(tarsy.get(probe).expect(200).json().path("status").asText()).isEqualTo("UP");
    }

    @ParameterizedTest
    @CsvSource({"detail, ''", "detail, ?include=skeleton", "detail, /summary", "list, ''"})
    void whatHasNotChangedIsNotSentAgain(String what, String rest) {
        var type = Sample.word("etag");
        var id = tarsy.createsSession(Sample.session().put("alert_type", type));
        tarsy.patchesSession(id, "{'status':'completed'}");
        var path = what.equals("list") ? sessions() + "?alert_type=" + type : session(id) + rest;
        var tag = tarsy.get(path).expect(200).header("ETag");
        assertThat(tag).isNotBlank();

        var unchanged = tarsy.get(path, "If-None-Match", tag).expect(304);
        tarsy.recordsLlm(id, Sample.llm(Sample.id())).expect(201);
        var changed = tarsy.get(path, "If-None-Match", tag).expect(200);

        assertThat(unchanged.body()).isEmpty();
        assertThat(changed.header("ETag")).isNotBlank().isNotEqualTo(tag);
        tarsy.get(path, "If-None-Match", "\"something-else\"").expect(200);
    }

    @Test
    @Tag("smoke")
    void answersAreZippedForWhoCanReadIt() {
        var id = tarsy.createsSession(Sample.session());
        for (var i = 0; i < 10; i++) {
            tarsy.recordsLlm(id, Sample.llm(Sample.id())).expect(201);
        }

        var plain = tarsy.get(session(id)).expect(200);
        var zipped = tarsy.get(session(id), "Accept-Encoding", "gzip").expect(200);

        assertThat(plain.isGzip()).isFalse();
        assertThat(zipped.isGzip()).isTrue();
        assertThat(zipped.text()).isEqualTo(plain.text());
        assertThat(zipped.body()).hasSizeLessThan(plain.body().length);
    }

    @Test
    @Tag("smoke")
    void theStartPageLeadsOn() {
        var page = tarsy.get("").expect(200);

        assertThat(page.header("Content-Type")).startsWith("text/html");
        assertThat(page.text())
                .contains("TARSy History")
                .contains("src=\"app.js\"")
                .contains("href=\"api/v1/history/sessions\"");
    }

    @Test
    @Tag("smoke")
    void theServerDescribesItsApi() {
        assertThat(tarsy.get("openapi").expect(200).text())
                .contains("/history/sessions")
                .contains("/history/batch");
    }

    private static List<String> texts(JsonNode array) {
        return listed(array).stream().map(JsonNode::asText).toList();
    }

    private static List<JsonNode> listed(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }
}
