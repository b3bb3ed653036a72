package io.tarsy.history.it;

import static io.tarsy.history.it.TarsyClient.session;
import static io.tarsy.history.it.TarsyClient.sessions;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/** The same calls on each server and each database, one pair after the other, each from an empty database. */
@Tag("across")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EveryPairIT {

    private static final List<String> PAIRS =
            List.of("payara sqlite", "payara postgresql", "liberty sqlite", "liberty postgresql");
    /** The sample, or any other file of records: -Drecords=FILE. */
    private static final Path RECORDS = Path.of(System.getProperty("records", "docs/sample.ndjson"));

    private static final Pattern TIME = Pattern.compile("\\b\\d{16}\\b");
    private static final long SERVER_TIME = Sample.START + 10_000_000_000_000L;

    private final Map<String, List<String>> answers = new LinkedHashMap<>();
    private final Map<String, Load> loads = new LinkedHashMap<>();

    /** What loading the records twice, and out and in again, came to. */
    private record Load(
            List<String> first,
            List<String> second,
            Map<String, String> before,
            Map<String, String> after,
            List<String> searches,
            List<JsonNode> statistics) {}

    @BeforeAll
    void visitEveryPair() throws IOException {
        for (var pair : PAIRS) {
            var names = pair.split(" ", -1);
            try (var server = TestServer.start(names[0], TestServer.freshDatabase(names[1]))) {
                answers.put(pair, script(server.client()));
                loads.put(pair, loads(server.client()));
            }
        }
    }

    @TestFactory
    List<DynamicTest> answersAreEqual() {
        var one = PAIRS.get(0);
        return PAIRS.stream()
                .skip(1)
                .map(other -> DynamicTest.dynamicTest(one + " and " + other, () -> {
                    var first = answers.getOrDefault(one, List.of());
                    var second = answers.getOrDefault(other, List.of());
                    assertThat(first).isNotEmpty();
                    for (var i = 0; i < first.size(); i++) {
                        assertThat(second.get(i)).isEqualTo(first.get(i));
                    }
                    assertThat(second).hasSameSizeAs(first);
                }))
                .toList();
    }

    @Test
    void recordsLoadOnceAndAreKnownTheSecondTime() {
        assertThat(loads).hasSize(PAIRS.size());
        loads.forEach((pair, run) -> {
            assertThat(run.first()).as(pair).isNotEmpty().containsOnly("created", "updated");
            assertThat(run.second()).as(pair).hasSameSizeAs(run.first()).containsOnly("unchanged");
        });
    }

    @Test
    void recordsGoOutAndInAgainWithoutAChange() {
        loads.forEach((pair, run) -> {
            assertThat(run.before()).as(pair).isNotEmpty();
            run.before()
                    .forEach((id, export) -> assertThat(run.after().get(id))
                            .as("%s, %s", pair, id)
                            .isEqualTo(export));
            assertThat(run.before())
                    .as(pair)
                    .isEqualTo(loads.values().iterator().next().before());
        });
    }

    private static Load loads(TarsyClient tarsy) throws IOException {
        var text = Files.readString(RECORDS);
        var first = statuses(tarsy.batch(text));
        var second = statuses(tarsy.batch(text));
        var ids = text.lines()
                .map(Json::parse)
                .filter(line -> line.path("kind").asText().equals("session"))
                .map(line -> line.path("session_id").asText())
                .toList();
        var before = exports(tarsy, ids);
        for (var id : ids) {
            tarsy.delete(session(id)).expect(204);
        }
        for (var export : before.values()) {
            assertThat(statuses(tarsy.batch(export))).doesNotContain("rejected");
        }
        return new Load(
                first, second, before, exports(tarsy, ids), searches(tarsy, text, ids), statistics(tarsy, text));
    }

    /** The numbers of the time in which the sessions of the records began. */
    private static List<JsonNode> statistics(TarsyClient tarsy, String text) {
        var started = text.lines()
                .map(line -> Json.parse(line).path("started_at_us").longValue())
                .filter(at -> at > 0)
                .sorted()
                .toList();
        return Stream.of("hour", "day", "week")
                .map(bucket -> tarsy.get("api/v1/history/statistics?bucket=" + bucket + "&start_date_us="
                                + started.get(0) + "&end_date_us=" + (started.get(started.size() - 1) + 1))
                        .expect(200)
                        .json())
                .toList();
    }

    /** What is found, and where, for words, phrases and beginnings out of the records themselves. */
    private static List<String> searches(TarsyClient tarsy, String text, List<String> ids) {
        var words = text.split("[\\s\"]+", -1);
        var random = new Random(1);
        var answers = new ArrayList<String>();
        for (int i = 0; i < 100; i++) {
            int at = random.nextInt(words.length - 3);
            var search = switch (i % 5) {
                case 0 -> words[at];
                case 1 -> words[at] + " " + words[random.nextInt(words.length)];
                case 2 -> "\"" + words[at] + " " + words[at + 1] + " " + words[at + 2] + "\"";
                case 3 -> words[at].substring(0, words[at].length() / 2) + "*";
                default -> words[at] + " -" + words[random.nextInt(words.length)];
            };
            var answer = tarsy.get(sessions() + "?page_size=250&search="
                    + TarsyClient.encoded(search.substring(0, Math.min(200, search.length()))));
            assertThat(answer.status()).as(search).isIn(200, 422);
            var found = new StringBuilder(search);
            for (var row : answer.json().path("sessions")) {
                if (ids.contains(row.path("session_id").asText())) {
                    found.append('\n').append(row.path("session_id").asText()).append(row.path("matches"));
                }
            }
            answers.add(found.toString());
        }
        return answers;
    }

    @Test
    void theNumbersAreTheSame() {
        var expected = loads.values().iterator().next().statistics();
        assertThat(expected).allSatisfy(numbers -> {
            assertThat(numbers.path("totals").path("sessions").longValue()).isPositive();
            assertThat(numbers.path("tokens_by_model")).isNotEmpty();
        });
        loads.forEach((pair, run) -> assertThat(run.statistics()).as(pair).isEqualTo(expected));
    }

    @Test
    void wordsAreFoundInTheSamePlaces() {
        var expected = loads.values().iterator().next().searches();
        assertThat(expected).hasSize(100).anyMatch(answer -> answer.contains("\n"));
        loads.forEach((pair, run) -> assertThat(run.searches()).as(pair).isEqualTo(expected));
    }

    /** What is exported of sessions, by their ids. */
    static Map<String, String> exports(TarsyClient tarsy, Collection<String> ids) {
        var exports = new LinkedHashMap<String, String>();
        for (var id : ids) {
            exports.put(
                    id,
                    tarsy.get(session(id) + "/export?format=ndjson").expect(200).text());
        }
        return exports;
    }

    private static List<String> statuses(Answer results) {
        return results.expect(200).lines().stream()
                .map((JsonNode line) -> line.path("status").asText())
                .toList();
    }

    /** One of each call, good and bad, with ids and times of the sender's. */
    private static List<String> script(TarsyClient tarsy) {
        var said = new ArrayList<String>();
        for (var i = 0; i < 12; i++) {
            var id = "session-" + i;
            var session = Sample.session(id)
                    .put("alert_id", "alert-" + i)
                    .put("alert_type", i % 3 == 0 ? "PodCrashLooping" : i % 3 == 1 ? "Ärger 😀" : "a_b%c")
                    .put("started_at_us", Sample.START + (i / 2) * 1_000_000L);
            session.putObject("session_metadata").put("n", i).put("text", "\u0000 é 😀 \ud800");
            said.add(say(tarsy.post(sessions(), session)));
            said.add(say(tarsy.post(sessions(), session)));
            said.add(say(tarsy.addsStage(id, Sample.stage("stage-" + i, 0))));
            said.add(say(tarsy.recordsLlm(id, Sample.llm("llm-" + i).put("stage_execution_id", "stage-" + i))));
            said.add(say(tarsy.recordsMcp(id, Sample.mcp("mcp-" + i))));
            said.add(say(tarsy.recordsMcp(id, Sample.mcp("mcp-" + i).put("tool_name", "another"))));
            if (i % 2 == 0) {
                said.add(say(tarsy.patchesStage(
                        id,
                        "stage-" + i,
                        "{'status':'completed','completed_at_us':" + (Sample.START + 20_000_000) + "}")));
                said.add(say(tarsy.patch(
                        session(id),
                        Json.object("{'status':'completed','final_analysis':'# done','completed_at_us':"
                                + (Sample.START + 30_000_000 + i) + "}"))));
                said.add(say(tarsy.patch(session(id), "{\"status\":\"failed\"}")));
            }
        }
        said.add(say(tarsy.batch(List.of(
                Sample.line("session", "session-b", Sample.session("session-b")),
                Sample.line("llm_interaction", "nobody", Sample.llm("llm-x")),
                Sample.line("gossip", "session-b", Json.object()),
                Sample.line("session_patch", "session-b", Json.object().put("error_message", "no"))))));
        for (var sort : List.of(
                "started_at_us",
                "completed_at_us",
                "status",
                "alert_type",
                "agent_type",
                "duration_ms",
                "session_total_tokens")) {
            for (var direction : List.of("asc", "desc")) {
                said.add(say(
                        tarsy.get(sessions() + "?page_size=5&page=2&sort_by=" + sort + "&sort_order=" + direction)));
            }
        }
        for (var path : List.of(
                sessions(),
                sessions() + "?status=completed&status=failed&page_size=3",
                sessions() + "?alert_type=a_b%25c",
                sessions() + "?status=done",
                sessions() + "?page=0",
                sessions() + "?start_date_us=5&end_date_us=5",
                session("session-0"),
                session("session-1") + "?include=skeleton",
                session("session-2") + "/summary",
                session("session-3") + "/interactions?limit=1",
                session("session-3") + "/interactions/llm-3",
                session("session-4") + "/final-analysis",
                session("session-4") + "/final-analysis?format=markdown",
                session("session-5") + "/export?format=ndjson",
                session("session-5") + "/export?format=json",
                session("session-6") + "/export?format=markdown",
                session("nobody"),
                "api/v1/history/active-sessions",
                "api/v1/history/filter-options",
                "api/v1/history/facets?status=completed&alert_type=a_b%25c",
                "api/v1/history/facets?search=restarts",
                session("session-3") + "/interactions/llm-3?messages=new",
                "api/v1/history/export?alert_type=a_b%25c",
                "api/v1/history/export?session_id=session-2&session_id=session-1",
                "api/v1/history/export?session_id=session-2&session_id=nobody",
                "api/v1/history/nothing")) {
            said.add(say(tarsy.get(path)));
        }
        said.add(say(tarsy.post(
                "api/v1/history/holds",
                Json.object("{'session_ids':['session-1','nobody','session-2'],'retention_hold':true}"))));
        said.add(say(tarsy.post(sessions(), "{\"agent_type\":")));
        said.add(say(tarsy.post(sessions(), "[]")));
        said.add(say(tarsy.post(sessions(), "{\"sessoin_id\":\"x\"}")));
        said.add(say(tarsy.delete(session("session-0"))));
        said.add(say(tarsy.delete(session("session-0"))));
        said.add(say(tarsy.get(sessions())));
        return said;
    }

    /** Without what the server makes: the correlation id and its own times. */
    private static String say(Answer answer) {
        var text = answer.text()
                .replace(answer.header("X-Correlation-Id"), "CORRELATION")
                .replaceAll("\"duration_seconds\":[0-9.E]+", "\"duration_seconds\":0");
        return answer.call() + " " + answer.status() + " " + answer.header("Content-Type") + "\n"
                + TIME.matcher(text)
                        .replaceAll(time -> Long.parseLong(time.group()) > SERVER_TIME ? "TIME" : time.group());
    }
}
