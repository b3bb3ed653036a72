package io.tarsy.history.it;

import static io.tarsy.history.it.TarsyClient.session;
import static io.tarsy.history.it.TarsyClient.sessions;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is measured is shown at /metrics, as docs/metrics.md says it, on both servers. */
class MetricsIT {

    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `(tarsy_\\w+)` \\| (counter|gauge|histogram) \\| (.*?) \\|");
    private static final Pattern LABEL = Pattern.compile("`(\\w+)`");
    private static final Pattern ASKED = Pattern.compile("([a-zA-Z_]\\w*)\\{");
    private static final String SPAN = "00f067aa0ba902b7";

    private final TestServer server = TestServer.shared();
    private final TarsyClient tarsy = server.client();

    /** A row of the page. */
    private record Documented(String name, String type, Set<String> labels) {
        List<String> shown() {
            return type.equals("histogram") ? List.of(name + "_bucket", name + "_count", name + "_sum") : List.of(name);
        }
    }

    private static List<Documented> documented() throws IOException {
        return ROW.matcher(Files.readString(Path.of("docs", "metrics.md")))
                .results()
                .map(row -> new Documented(
                        row.group(1),
                        row.group(2),
                        LABEL.matcher(row.group(3))
                                .results()
                                .map(label -> label.group(1))
                                .collect(Collectors.toSet())))
                .toList();
    }

    @Test
    void everyDocumentedMetricIsShownWithItsTypeAndItsLabels() throws IOException {
        tarsy.createsSession(Sample.session());

        var scrape = Scrape.of(tarsy);

        assertThat(documented()).hasSizeGreaterThan(20).allSatisfy(metric -> {
            for (var name : metric.shown()) {
                assertThat(scrape.type(name)).as(name).isEqualTo(metric.type().equals("counter") ? "counter" : "gauge");
                assertThat(scrape.samples(name)).as(name).isNotEmpty().allSatisfy(sample -> {
                    var labels = new HashSet<>(metric.labels());
                    labels.add("mp_scope");
                    if (name.endsWith("_bucket")) {
                        labels.add("le");
                    }
                    assertThat(sample.labels().keySet()).as(name).isEqualTo(labels);
                    assertThat(sample.value()).as(name).isNotNegative();
                });
            }
        });
    }

    @Test
    void nothingIsShownThatIsNotDocumented() throws IOException {
        var known =
                documented().stream().flatMap(metric -> metric.shown().stream()).collect(Collectors.toSet());

        assertThat(Scrape.of(tarsy).names().stream().filter(name -> name.startsWith("tarsy_")))
                .isSubsetOf(known);
    }

    @Test
    void whatTheDashboardAsksOfTheServersIsThere() throws IOException {
        var shown = Scrape.of(tarsy).names();

        assertThat(expressions()
                        .flatMap(expression ->
                                ASKED.matcher(expression).results().map(found -> found.group(1)))
                        .filter(name -> !name.startsWith("tarsy_")))
                .isNotEmpty()
                .isSubsetOf(shown);
    }

    private static Stream<String> expressions() throws IOException {
        var expressions = new ArrayList<String>();
        for (JsonNode panel : Json.parse(Files.readString(Path.of("server-config/grafana/tarsy-history.json")))
                .path("panels")) {
            panel.path("targets")
                    .forEach(target -> expressions.add(target.path("expr").asText()));
        }
        return expressions.stream();
    }

    @Test
    void writesAreCountedExactlyOnce() {
        var before = Scrape.of(tarsy);
        var id = Sample.id();
        var other = Sample.id();
        tarsy.post(sessions(), Sample.session(id)).expect(201);
        tarsy.post(sessions(), Sample.session(id)).expect(200);
        tarsy.post(sessions(), Sample.session(id).put("agent_type", "another")).expect(409);
        tarsy.recordsLlm(id, Sample.llm(Sample.id())).expect(201);
        tarsy.recordsMcp("nobody", Sample.mcp(Sample.id())).expect(404);
        tarsy.patch(session(id), Json.object("{'error_message':'so it goes'}")).expect(200);
        tarsy.delete(session(id)).expect(204);
        tarsy.batch(List.of(
                        Sample.line("session", other, Sample.session(other)),
                        Sample.line("session", other, Sample.session(other)),
                        Sample.line("llm_interaction", other, Sample.llm(Sample.id())),
                        Sample.line("mcp_communication", other, Sample.mcp(Sample.id())),
                        Sample.line("mcp_communication", "nobody", Sample.mcp(Sample.id()))))
                .expect(200);

        var after = Scrape.of(tarsy);

        assertThat(written(before, after, "session", "created")).isEqualTo(2);
        assertThat(written(before, after, "session", "rejected")).isEqualTo(1);
        assertThat(written(before, after, "llm_interaction", "created")).isEqualTo(2);
        assertThat(written(before, after, "mcp_communication", "created")).isEqualTo(1);
        assertThat(written(before, after, "mcp_communication", "rejected")).isEqualTo(2);
        assertThat(written(before, after, "session_patch", "updated")).isEqualTo(1);
        assertThat(written(before, after, "session_delete", "deleted")).isEqualTo(1);
        assertThat(written(before, after, "stage", "created")).isZero();
    }

    private static double written(Scrape before, Scrape after, String kind, String outcome) {
        return moved(before, after, "tarsy_writes_total", "kind", kind, "outcome", outcome);
    }

    private static double moved(Scrape before, Scrape after, String name, String... labels) {
        return after.value(name, labels) - before.value(name, labels);
    }

    @Test
    void requestsAreCountedByTheirRouteAndNeverByTheirAddress() {
        var id = Sample.id();
        var unknown = Sample.id();
        var before = Scrape.of(tarsy);
        tarsy.post(sessions(), Sample.session(id)).expect(201);
        tarsy.get(session(id)).expect(200);
        tarsy.get(session(id) + "/export?format=ndjson").expect(200);
        tarsy.get(session(unknown)).expect(404);
        tarsy.get("api/v1/" + unknown).expect(404);
        tarsy.send("DELETE", sessions(), new byte[0]).expect(405);
        tarsy.get(sessions() + "?alert_type=%ff").expect(400);

        var after = Scrape.of(tarsy);

        assertThat(requests(before, after, "POST", "/history/sessions", "201")).isEqualTo(1);
        assertThat(requests(before, after, "GET", "/history/sessions/{session_id}", "200"))
                .isEqualTo(1);
        assertThat(requests(before, after, "GET", "/history/sessions/{session_id}/export", "200"))
                .isEqualTo(1);
        assertThat(requests(before, after, "GET", "/history/sessions/{session_id}", "404"))
                .isEqualTo(1);
        assertThat(requests(before, after, "GET", "none", "404")).isEqualTo(1);
        assertThat(requests(before, after, "DELETE", "none", "405")).isEqualTo(1);
        assertThat(requests(before, after, "GET", "none", "400")).isEqualTo(1);
        assertThat(after.text()).doesNotContain(id, unknown);
    }

    private static double requests(Scrape before, Scrape after, String method, String route, String status) {
        return moved(before, after, "tarsy_requests_seconds_count", "method", method, "route", route, "status", status);
    }

    @Test
    void theBucketsOfAHistogramGrowToTheCount() {
        tarsy.createsSession(Sample.session());
        var labels = new String[] {"method", "POST", "route", "/history/sessions", "status", "201"};

        var scrape = Scrape.of(tarsy);

        var counts = Stream.of(
                        "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1.0", "2.5", "5.0", "10.0", "30.0",
                        "+Inf")
                .map(bound -> scrape.value(
                        "tarsy_requests_seconds_bucket",
                        Stream.concat(Arrays.stream(labels), Stream.of("le", bound))
                                .toArray(String[]::new)))
                .toList();
        assertThat(counts).isSorted();
        assertThat(counts.get(counts.size() - 1)).isEqualTo(scrape.value("tarsy_requests_seconds_count", labels));
        assertThat(scrape.value("tarsy_requests_seconds_sum", labels)).isPositive();
    }

    @Test
    void theDatabaseAndItsPoolAreMeasured() {
        var before = Scrape.of(tarsy);
        tarsy.createsSession(Sample.session());

        var after = Scrape.of(tarsy);

        assertThat(after.value("tarsy_database_bytes")).isPositive();
        assertThat(after.value("tarsy_database_up")).isEqualTo(1);
        assertThat(after.value("tarsy_pool_limit")).isPositive();
        assertThat(after.value("tarsy_pool_in_use")).isLessThanOrEqualTo(after.value("tarsy_pool_limit"));
        assertThat(after.value("tarsy_pool_idle")).isPositive();
        boolean queues = TestServer.databaseOfThisRun().equals("sqlite");
        assertThat(moved(before, after, "tarsy_commit_groups_total") > 0).isEqualTo(queues);
        assertThat(moved(before, after, "tarsy_commit_group_writes_total") > 0).isEqualTo(queues);
        assertThat(moved(before, after, "tarsy_write_wait_seconds_count") > 0).isEqualTo(queues);
        assertThat(after.value("tarsy_wal_bytes") > 0).isEqualTo(queues);
    }

    @Test
    void r9NeitherASecretNorWhatAClientSaysIsShown() {
        tarsy.get("api/v1/history/sessions", "X-Correlation-Id", "canary-correlation", "User-Agent", "canary-agent");
        tarsy.get("api/v1/history/sessions?alert_type=canary-parameter").expect(200);
        tarsy.send("CANARY", "api/v1/history/sessions", new byte[0]);

        var scrape = Scrape.of(tarsy);

        assertThat(scrape.text())
                .doesNotContainIgnoringCase("canary")
                .doesNotContain(server.folder().toString());
        if (server.databaseUrl().startsWith("postgresql")) {
            var password = URI.create(server.databaseUrl()).getUserInfo().split(":", 2)[1];
            assertThat(scrape.samples())
                    .allSatisfy(sample -> assertThat(sample.labels()).doesNotContainValue(password));
            assertThat(scrape.text()).doesNotContain(":" + password + "@");
        }
        assertThat(scrape.samples().stream()
                        .flatMap(sample -> sample.labels().keySet().stream())
                        .collect(Collectors.toSet()))
                .as("labels that have few values")
                .isSubsetOf(
                        "mp_scope",
                        "le",
                        "route",
                        "method",
                        "status",
                        "kind",
                        "outcome",
                        "state",
                        "protocol",
                        "name", // of a garbage collector
                        "pool"); // of threads
    }

    @Test
    void theTraceOfTheCallerIsTheIdOfTheRequest() {
        var trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        var parent = "00-" + trace + "-" + SPAN + "-01";

        assertThat(tarsy.get(sessions(), "traceparent", parent).header("X-Correlation-Id"))
                .isEqualTo(trace);
        assertThat(tarsy.get(session("nobody"), "traceparent", parent)
                        .problem(404)
                        .path("correlation_id")
                        .asText())
                .isEqualTo(trace);
        assertThat(tarsy.get(sessions(), "traceparent", parent, "X-Correlation-Id", "mine")
                        .header("X-Correlation-Id"))
                .isEqualTo("mine");
        assertThat(tarsy.get(sessions(), "traceparent", "00-" + "0".repeat(32) + "-" + SPAN + "-01")
                        .header("X-Correlation-Id"))
                .hasSize(36);
    }
}
