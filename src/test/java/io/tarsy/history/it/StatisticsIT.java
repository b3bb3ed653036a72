package io.tarsy.history.it;

import static io.tarsy.history.it.TarsyClient.session;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What was done is counted with the write itself: by status, duration, model, tool and alert type, and taken back. */
class StatisticsIT {
    private static final long HOUR = 3_600_000_000L;
    private static final long DAY = 24 * HOUR;

    /** Each test has sixty weeks of its own, from 1972 on, that nobody else writes to; the first day is a Monday. */
    private static final AtomicLong TIMES = new AtomicLong();

    private final TestServer server = TestServer.shared();
    private final TarsyClient tarsy = server.client();
    private final long monday = (4 + 7 * (104 + 61 * TIMES.getAndIncrement())) * DAY;

    private JsonNode numbers(long from, long to, String more) {
        return tarsy.get("api/v1/history/statistics?start_date_us=" + from + "&end_date_us=" + to + more)
                .expect(200)
                .json();
    }

    private JsonNode numbers(String more) {
        return numbers(monday, monday + 420 * DAY, more);
    }

    private String begins(long at, String change) {
        var session = Sample.session().put("started_at_us", at);
        session.setAll(Json.object(change));
        return tarsy.createsSession(session);
    }

    private static ObjectNode call(long at, String change) {
        var call = Sample.mcp(Sample.id()).put("timestamp_us", at);
        call.setAll(Json.object(change));
        return call;
    }

    private static ObjectNode exchange(long at, String change) {
        var exchange = Sample.llm(Sample.id()).put("timestamp_us", at);
        exchange.setAll(Json.object(change));
        return exchange;
    }

    private static List<JsonNode> listed(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }

    private static List<Long> of(JsonNode array, String field) {
        return listed(array).stream().map(one -> one.path(field).longValue()).toList();
    }

    private JsonNode state() {
        return tarsy.get("api/v1/system/statistics").expect(200).json();
    }

    private void waits(String what, BooleanSupplier until) throws InterruptedException {
        for (int tries = 0; !until.getAsBoolean(); tries++) {
            assertThat(tries).as("waited until %s: %s", what, state()).isLessThan(600);
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private void isAddedUp() throws InterruptedException {
        waits("it is added up", () -> state().path("changes_not_added_up").longValue() == 0);
    }

    private JsonNode check() throws InterruptedException {
        var answer = tarsy.post("api/v1/system/statistics/check", "");
        assertThat(answer.status()).isIn(200, 202);
        waits(
                "it is compared",
                () -> !state().path("last_check").path("state").asText().equals("running"));
        return state().path("last_check");
    }

    private void agrees() throws InterruptedException {
        var seen = check();
        assertThat(seen.path("agrees").booleanValue()).as(seen.toString()).isTrue();
    }

    @Test
    @Tag("smoke")
    void countsWhatWasDoneWhenItWasDone() throws InterruptedException {
        var one = begins(monday + HOUR, "{'alert_type':'DiskFull'}");
        begins(monday + 2 * HOUR - 1, "{'alert_type':'DiskFull','status':'failed'}");
        begins(monday + 2 * HOUR, "{'alert_type':'PodGone','status':'pending'}");
        begins(monday + 8 * DAY, "{'alert_type':null}");
        tarsy.recordsLlm(one, exchange(monday + HOUR, "{'model_name':'m1','input_tokens':100,'output_tokens':10}"))
                .expect(201);
        tarsy.recordsLlm(one, exchange(monday + 3 * HOUR, "{'model_name':'m1','input_tokens':5,'output_tokens':null}"))
                .expect(201);
        tarsy.recordsLlm(one, exchange(monday + DAY, "{'model_name':'m2','success':false}"))
                .expect(201);
        tarsy.recordsMcp(one, call(monday + HOUR, "{'server_name':'k8s','tool_name':'get'}"))
                .expect(201);
        tarsy.recordsMcp(one, call(monday + HOUR, "{'server_name':'k8s','tool_name':'get','error_message':'no'}"))
                .expect(201);
        tarsy.recordsMcp(one, call(monday + HOUR, "{'server_name':'k8s','tool_name':'put','success':false}"))
                .expect(201);
        tarsy.recordsMcp(one, call(monday + HOUR, "{'communication_type':'tool_list','tool_name':null}"))
                .expect(201);

        var before = numbers("&bucket=hour");
        isAddedUp();
        assertThat(numbers("&bucket=hour")).isEqualTo(before);

        assertThat(before.path("complete").booleanValue()).isTrue();
        var totals = before.path("totals");
        assertThat(List.of(
                        totals.path("sessions").longValue(),
                        totals.path("by_status").path("in_progress").longValue(),
                        totals.path("by_status").path("failed").longValue(),
                        totals.path("by_status").path("pending").longValue(),
                        totals.path("by_status").path("completed").longValue(),
                        totals.path("llm_interactions").longValue(),
                        totals.path("llm_errors").longValue(),
                        totals.path("tool_calls").longValue(),
                        totals.path("tool_errors").longValue()))
                .containsExactly(4L, 2L, 1L, 1L, 0L, 3L, 1L, 3L, 2L);
        var buckets = before.path("buckets");
        assertThat(of(buckets, "start_us"))
                .containsExactly(monday + HOUR, monday + 2 * HOUR, monday + 3 * HOUR, monday + DAY, monday + 8 * DAY);
        assertThat(of(buckets, "sessions")).containsExactly(2L, 1L, 0L, 0L, 1L);
        assertThat(of(buckets, "tool_calls")).containsExactly(3L, 0L, 0L, 0L, 0L);
        assertThat(of(buckets, "input_tokens")).containsExactly(100L, 0L, 5L, 200L, 0L);
        var models = before.path("tokens_by_model");
        assertThat(listed(models).stream().map(model -> model.path("model_name").asText()))
                .containsExactly("m1", "m2");
        assertThat(of(models, "input_tokens")).containsExactly(105L, 200L);
        assertThat(of(models, "output_tokens")).containsExactly(10L, 30L);
        assertThat(of(models, "total_tokens")).containsExactly(110L, 230L);
        var tools = before.path("tools");
        assertThat(listed(tools).stream()
                        .map(tool -> tool.path("server_name").asText() + " "
                                + tool.path("tool_name").asText()))
                .containsExactly("k8s get", "k8s put");
        assertThat(of(tools, "calls")).containsExactly(2L, 1L);
        assertThat(of(tools, "errors")).containsExactly(1L, 1L);
        var types = before.path("top_alert_types");
        assertThat(listed(types).stream().map(type -> type.path("alert_type").asText()))
                .containsExactly("DiskFull", "null", "PodGone");
        assertThat(of(types, "sessions")).containsExactly(2L, 1L, 1L);
        assertThat(of(types, "failed")).containsExactly(1L, 0L, 0L);

        var days = numbers("&bucket=day").path("buckets");
        assertThat(of(days, "start_us")).containsExactly(monday, monday + DAY, monday + 8 * DAY);
        assertThat(of(days, "end_us")).containsExactly(monday + DAY, monday + 2 * DAY, monday + 9 * DAY);
        assertThat(of(days, "sessions")).containsExactly(3L, 0L, 1L);
        var weeks = numbers("&bucket=week").path("buckets");
        assertThat(of(weeks, "start_us")).containsExactly(monday, monday + 7 * DAY);
        assertThat(of(weeks, "sessions")).containsExactly(3L, 1L);
        agrees();
    }

    @Test
    void aRangeIsWidenedToWholeHours() throws InterruptedException {
        for (long at = 0; at < 50; at++) {
            begins(monday + at * HOUR + HOUR / 2, "{}");
        }
        for (int turn = 0; turn < 2; turn++) {
            for (var bucket : List.of("hour", "day", "week")) {
                for (long[] range : new long[][] {{0, 50}, {1, 49}, {3, 7}, {23, 25}, {24, 48}, {24, 49}, {5, 48}}) {
                    var exact = numbers(monday + range[0] * HOUR, monday + range[1] * HOUR, "&bucket=" + bucket);
                    assertThat(exact.path("totals").path("sessions").longValue())
                            .as("%s %s", bucket, exact)
                            .isEqualTo(range[1] - range[0]);
                    var inside = numbers(
                            monday + range[0] * HOUR + 1, monday + range[1] * HOUR - HOUR + 1, "&bucket=" + bucket);
                    assertThat(inside).isEqualTo(exact);
                }
            }
            isAddedUp();
        }
        var open = tarsy.get("api/v1/history/statistics").expect(200).json();
        assertThat(open.path("start_us").isNull()).isTrue();
        assertThat(open.path("totals").path("sessions").longValue())
                .isGreaterThanOrEqualTo(50)
                .isEqualTo(of(open.path("buckets"), "sessions").stream()
                        .mapToLong(Long::longValue)
                        .sum());
    }

    @Test
    void followsASessionThroughItsLife() throws InterruptedException {
        var id = begins(monday, "{'status':'pending'}");
        for (var step : List.of("pending", "in_progress", "paused", "failed")) {
            tarsy.patchesSession(id, "{'status':'" + step + "'}");
            var byStatus = numbers("").path("totals").path("by_status");
            assertThat(byStatus.properties())
                    .allSatisfy(status -> assertThat(status.getValue().longValue())
                            .as("%s: %s", step, byStatus)
                            .isEqualTo(status.getKey().equals(step) ? 1 : 0));
            if (step.equals("paused")) {
                isAddedUp();
            }
        }
        assertThat(of(numbers("").path("top_alert_types"), "failed")).containsExactly(1L);
        tarsy.patchesSession(id, "{'completed_at_us':" + (monday + 5_000_000) + "}");
        assertThat(numbers("").path("totals").path("duration_p50_ms").doubleValue())
                .isCloseTo(5_000, within(20.0));
        isAddedUp();
        tarsy.patchesSession(id, "{'completed_at_us':" + (monday + 90_000_000) + "}");
        var totals = numbers("").path("totals");
        assertThat(totals.path("duration_p95_ms").doubleValue()).isCloseTo(90_000, within(360.0));
        assertThat(totals.path("sessions_with_duration").longValue()).isEqualTo(1);
        agrees();

        tarsy.recordsMcp(id, call(monday, "{}")).expect(201);
        tarsy.recordsLlm(id, exchange(monday + 40 * DAY, "{}")).expect(201);
        isAddedUp();
        tarsy.delete(session(id)).expect(204);
        var gone = numbers("");
        assertThat(gone.path("totals").path("sessions").longValue()).isZero();
        assertThat(gone.path("totals").path("duration_p50_ms").isNull()).isTrue();
        for (var list : List.of("tokens_by_model", "tools", "top_alert_types")) {
            assertThat(gone.path(list)).as(list).isEmpty();
        }
        isAddedUp();
        assertThat(numbers("").path("buckets")).isEmpty();
        agrees();
    }

    @Test
    void whatIsSentAgainCountsOnce() throws InterruptedException {
        var lines = new ArrayList<ObjectNode>();
        for (int i = 0; i < 30; i++) {
            var id = Sample.id();
            lines.add(Sample.line("session", id, Sample.session(id).put("started_at_us", monday + i * HOUR)));
            lines.add(Sample.line("llm_interaction", id, exchange(monday + i * HOUR, "{}")));
            lines.add(Sample.line("mcp_communication", id, call(monday + i * HOUR, "{}")));
            lines.add(Json.object("{'kind':'session_patch','status':'completed'}")
                    .put("session_id", id)
                    .put("completed_at_us", monday + i * HOUR + 1_000_000));
        }
        tarsy.batch(lines).expect(200);
        var once = numbers("&bucket=hour");
        assertThat(once.path("totals").path("by_status").path("completed").longValue())
                .isEqualTo(30);
        assertThat(once.path("totals").path("llm_interactions").longValue()).isEqualTo(30);
        assertThat(once.path("totals").path("duration_p50_ms").doubleValue()).isCloseTo(1_000, within(4.0));
        tarsy.batch(lines).expect(200);
        assertThat(numbers("&bucket=hour")).isEqualTo(once);
        isAddedUp();
        assertThat(numbers("&bucket=hour")).isEqualTo(once);
        agrees();
    }

    @Test
    void percentilesAreWithinTheirStatedError() throws InterruptedException {
        var random = new Random(11);
        var durations = new ArrayList<Long>();
        var lines = new ArrayList<ObjectNode>();
        for (int i = 0; i < 300; i++) {
            long duration = (long) Math.exp(random.nextDouble() * 16);
            long at = monday + (i % 72) * HOUR;
            durations.add(duration);
            var id = Sample.id();
            lines.add(Sample.line(
                    "session",
                    id,
                    Sample.session(id)
                            .put("started_at_us", at)
                            .put("status", "completed")
                            .put("completed_at_us", at + duration * 1_000)));
        }
        tarsy.batch(lines).expect(200);
        durations.sort(null);
        for (int turn = 0; turn < 2; turn++) {
            for (var bucket : List.of("hour", "week")) {
                var totals = numbers("&bucket=" + bucket).path("totals");
                for (int percent : new int[] {50, 95}) {
                    double exact = durations.get((int) Math.ceil(300 * percent / 100.0) - 1);
                    assertThat(totals.path("duration_p" + percent + "_ms").doubleValue())
                            .as("p%d by %s", percent, bucket)
                            .isCloseTo(exact, within(exact * 0.004 + 0.5));
                }
            }
            isAddedUp();
        }
        agrees();
    }

    @Test
    void strangeNamesAndHugeNumbersDoNoHarm() throws InterruptedException {
        var id = begins(monday, "{}");
        var most = "1000000000000";
        for (int i = 0; i < 3; i++) {
            tarsy.recordsMcp(id, call(monday, "{}").put("tool_name", "x\u0000 ' \\ % 中\uD83D\uDE00".repeat(500) + i))
                    .expect(201);
            tarsy.recordsLlm(id, exchange(monday, "{'model_name':'m','input_tokens':" + most + ",'output_tokens':0}"))
                    .expect(201);
        }
        isAddedUp();
        var numbers = numbers("");
        // longer names are cut, so these three are one
        assertThat(of(numbers.path("tools"), "calls")).containsExactly(3L);
        assertThat(numbers.path("tools").path(0).path("tool_name").asText())
                .startsWith("x\u0000 ' \\ % 中\uD83D\uDE00x");
        assertThat(of(numbers.path("tokens_by_model"), "input_tokens")).containsExactly(3_000_000_000_000L);
        agrees();
        tarsy.delete(session(id)).expect(204);
        isAddedUp();
        assertThat(numbers("").path("buckets")).isEmpty();
        agrees();
    }

    @Test
    void anAnswerIsBounded() throws InterruptedException {
        var id = begins(monday, "{}");
        var lines = new StringBuilder();
        for (int i = 0; i < 10_001; i++) {
            lines.append(Json.write(Json.object("{'kind':'mcp_communication','communication_type':'tool_call',"
                                    + "'server_name':'s'}")
                            .put("session_id", id)
                            .put("tool_name", "t" + i % 1_200)
                            .put("timestamp_us", monday + i * HOUR)))
                    .append('\n');
        }
        tarsy.batch(lines.toString()).expect(200);
        isAddedUp();
        var problem = tarsy.get("api/v1/history/statistics?bucket=hour&start_date_us=" + monday + "&end_date_us="
                        + (monday + 10_001 * HOUR))
                .problem(422);
        assertThat(problem.path("errors").path(0).path("field").asText()).isEqualTo("bucket");
        var numbers = numbers("&bucket=day");
        assertThat(numbers.path("buckets")).hasSize(10_001 / 24 + 1);
        assertThat(numbers.path("tools")).hasSize(1_000);
        assertThat(numbers.path("tools_has_more").booleanValue()).isTrue();
        assertThat(numbers.path("totals").path("tool_calls").longValue()).isEqualTo(10_001);
        tarsy.delete(session(id)).expect(204);
        isAddedUp();
        agrees();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bucket=minute | bucket",
                "bucket=DAY | bucket",
                "start_date_us=-1 | start_date_us",
                "end_date_us=soon | end_date_us",
                "end_date_us=9223372036854775808 | end_date_us",
                "top=0 | top",
                "status=failed | status",
                "bucket=day&bucket=hour | bucket"
            })
    void whatCannotBeAnsweredIsNamed(String query, String field) {
        assertThat(tarsy.get("api/v1/history/statistics?" + query)
                        .problem(422)
                        .path("errors")
                        .path(0)
                        .path("field")
                        .asText())
                .isEqualTo(field);
    }

    @Test
    void anEmptyRangeIsRefusedAndAFarOneIsEmpty() {
        assertThat(tarsy.get("api/v1/history/statistics?start_date_us=5&end_date_us=5")
                        .problem(400)
                        .path("detail")
                        .asText())
                .isEqualTo("start_date_us must be before end_date_us");
        for (var bucket : List.of("hour", "day", "week")) {
            var far = numbers(Long.MAX_VALUE - 1, Long.MAX_VALUE, "&bucket=" + bucket);
            assertThat(far.path("buckets")).isEmpty();
        }
    }

    @Test
    void aCheckFindsWhatIsWrongAndARebuildMendsIt() throws Exception {
        var id = begins(monday, "{'status':'completed','completed_at_us':" + (monday + 1_000_000) + "}");
        tarsy.recordsLlm(id, exchange(monday, "{}")).expect(201);
        isAddedUp();
        agrees();
        var right = numbers("");
        server.execute(
                "update statistics set number = number + 1 where grain = 'hour' and measure = 'model' and from_us = "
                        + monday);
        var seen = check();
        assertThat(seen.path("agrees").booleanValue()).isFalse();
        var different = listed(seen.path("different"));
        assertThat(different).anySatisfy(one -> {
            assertThat(one.path("grain").asText()).isEqualTo("hour");
            assertThat(one.path("from_us").longValue()).isEqualTo(monday);
            assertThat(one.path("name").asText()).isEqualTo("gemini-2.5-flash");
            assertThat(one.path("surplus").longValue()).isEqualTo(1);
        });
        assertThat(different)
                .anySatisfy(one -> assertThat(one.path("grain").asText()).isEqualTo("day"));
        server.execute(
                "update statistics set sketch = (select sketch from statistics s where s.measure = 'duration' and"
                        + " s.from_us <> " + monday + " limit 1) where measure = 'duration' and from_us = " + monday
                        + " and exists (select 1 from statistics s where s.measure = 'duration' and s.from_us <> "
                        + monday
                        + ")");
        server.execute("delete from statistics where measure = 'status' and from_us = " + monday);

        // while others write
        var other = begins(monday + DAY, "{}");
        tarsy.post("api/v1/system/statistics/rebuild", "").expect(202);
        for (int i = 0; i < 100; i++) {
            tarsy.recordsMcp(other, call(monday + DAY, "{}")).expect(201);
        }
        waits("it is counted anew", () -> !state().path("rebuild_due").booleanValue());
        assertThat(state().path("rebuilt_at_us").longValue()).isPositive();
        assertThat(numbers(monday, monday + DAY, "")).isEqualTo(withRange(right));
        assertThat(numbers("").path("totals").path("tool_calls").longValue()).isEqualTo(100);
        isAddedUp();
        agrees();
        assertThat(number("select count(distinct generation) from statistics")).isEqualTo(1);
    }

    private JsonNode withRange(JsonNode numbers) {
        var same = (ObjectNode) numbers.deepCopy();
        return same.put("end_us", monday + DAY);
    }

    @Test
    void theDoctorSaysThatAllIsCounted() {
        var checks = tarsy.get("api/v1/system/checks").expect(200).json().path("checks");
        assertThat(listed(checks)).anySatisfy(check -> {
            assertThat(check.path("name").asText()).isEqualTo("statistics");
            assertThat(check.path("status").asText()).isEqualTo("ok");
        });
    }

    private long number(String sql) throws SQLException {
        try (var connection = server.connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
