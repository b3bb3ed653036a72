package io.tarsy.history.it;

import static io.tarsy.history.it.TarsyClient.JSON;
import static io.tarsy.history.it.TarsyClient.session;
import static io.tarsy.history.it.TarsyClient.sessions;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every mistake of a sender gets a clear answer and leaves no row behind. */
class BadInputIT {

    private static final long DAY_US = 86_400_000_000L;

    private final TarsyClient tarsy = TestServer.shared().client();

    @ParameterizedTest
    @Tag("smoke")
    @ValueSource(strings = {"{\"agent_type\":", "{\"agent_type\":\"a\"", "nonsense", "{\"a\":1}}", "{'a':1}"})
    void brokenJsonIsABadRequest(String body) {
        tarsy.post(sessions(), body).problem(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "\"text\"", "17", "null", ""})
    void whatIsNoObjectIsRefused(String body) {
        tarsy.post(sessions(), body).problem(400, 422);
    }

    @Test
    void textThatIsNotUtf8IsABadRequest() {
        var body = Json.write(Sample.session().put("chain_id", "é")).getBytes(StandardCharsets.ISO_8859_1);

        tarsy.send("POST", sessions(), body, "Content-Type", JSON).problem(400, 422);
    }

    @Test
    @Tag("smoke")
    void r8AMisspeltFieldIsNamedWithTheRightOne() {
        var session = Sample.session();
        session.put("sessoin_id", session.path("session_id").asText());
        session.remove("session_id");

        var answer = tarsy.post(sessions(), session);

        answer.problem(422);
        assertThat(answer.text()).contains("sessoin_id").contains("session_id");
        nothingIsStoredOf(session.path("sessoin_id").asText());
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "agent_type,      5",
                "agent_type,      null",
                "chain_id,        \"[\"\"x\"\"]\"",
                "alert_data,      [1]",
                "alert_data,      \"\"\"text\"\"\"",
                "alert_data,      null",
                "status,          \"\"\"done\"\"\"",
                "started_at_us,   -1",
                "started_at_us,   1.5",
                "started_at_us,   \"\"\"yesterday\"\"\"",
                "started_at_us,   99999999999999999999999",
                "session_metadata, 7",
                "chain_definition, true",
            })
    void aFieldOutOfItsRangeIsNamed(String field, String value) {
        var session = Sample.session();
        session.set(field, Json.parse(value));

        var answer = tarsy.post(sessions(), session);

        answer.problem(422, 400);
        assertThat(answer.text()).contains(field);
        nothingIsStoredOf(session.path("session_id").asText());
    }

    @Test
    void aTimeOverADayAheadIsRefused() {
        var ahead = System.currentTimeMillis() * 1000 + 2 * DAY_US;
        var id = tarsy.createsSession(Sample.session());

        tarsy.post(sessions(), Sample.session().put("started_at_us", ahead)).problem(422);
        tarsy.recordsLlm(id, Sample.llm(Sample.id()).put("timestamp_us", ahead)).problem(422);
        tarsy.recordsLlm(id, Sample.llm(Sample.id()).put("timestamp_us", -1)).problem(422);
        tarsy.recordsMcp(id, Sample.mcp(Sample.id()).put("timestamp_us", ahead)).problem(422);

        assertThat(tarsy.detail(id).path("total_interactions").intValue()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a/b",
                "a b",
                "ä",
                "",
                "a?b",
                "../x",
                "123456789012345678901234567890123456789012345678901234567890123456789"
            })
    void anIdIsMadeOfPlainCharacters(String id) {
        tarsy.post(sessions(), Sample.session(id)).problem(422);
    }

    @Test
    void anIdMayBeAsLongAsPromisedAndHaveAllPromisedCharacters() {
        var id = ("A-z_0.9:" + Sample.id() + Sample.id()).substring(0, 64);

        tarsy.createsSession(Sample.session(id));

        assertThat(tarsy.detail(id).path("session_id").asText()).isEqualTo(id);
    }

    @Test
    void anIdWithASlashInThePathFindsNothing() {
        tarsy.get(sessions() + "/a%2Fb").expect(400, 404, 422);
    }

    @Test
    void severalWrongFieldsAreAllNamed() {
        var body = Json.object("{'agent_type':5,'chain_id':'c','status':'done','started_at_us':-1}");

        var problem = tarsy.post(sessions(), body).problem(422);

        var fields = StreamSupport.stream(problem.path("errors").spliterator(), false)
                .map(error -> error.path("field").asText())
                .toList();
        assertThat(fields)
                .anyMatch(field -> field.contains("status"))
                .anyMatch(field -> field.contains("started_at_us"));
        assertThat(problem.path("errors"))
                .allSatisfy(error -> assertThat(error.path("message").asText()).isNotBlank());
    }

    @ParameterizedTest
    @CsvSource({
        "session, agent_type",
        "session, chain_id",
        "session, alert_data",
        "stage, stage_id",
        "stage, stage_index",
        "stage, stage_name",
        "stage, agent",
        "llm, model_name",
        "llm, conversation",
        "mcp, server_name",
        "mcp, communication_type",
        "mcp, tool_name",
    })
    void aRequiredFieldThatIsMissingIsNamed(String kind, String field) {
        var id = tarsy.createsSession(Sample.session());
        var body = sample(kind);
        body.remove(field);

        var answer = tarsy.post(pathOf(kind, id), body);

        answer.problem(422);
        assertThat(answer.text()).contains(field);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "stage, status,             \"\"\"in_progress\"\"\"",
                "stage, stage_index,        -1",
                "llm,   conversation,       {}",
                "llm,   conversation,       \"{\"\"messages\"\":{}}\"",
                "llm,   conversation,       \"{\"\"messages\"\":[{\"\"content\"\":\"\"no role\"\"}]}\"",
                "llm,   conversation,       \"{\"\"messages\"\":[{\"\"role\"\":\"\"user\"\",\"\"content\"\":5}]}\"",
                "llm,   input_tokens,       -1",
                "llm,   duration_ms,        -1",
                "llm,   interaction_type,   \"\"\"gossip\"\"\"",
                "llm,   success,            \"\"\"yes\"\"\"",
                "llm,   interaction_id,     \"\"\"a/b\"\"\"",
                "llm,   modelname,          \"\"\"x\"\"\"",
                "mcp,   communication_type, \"\"\"gossip\"\"\"",
                "mcp,   tool_arguments,     5",
                "mcp,   duration_ms,        -5",
            })
    void whatBelongsToASessionIsCheckedAsWell(String kind, String field, String value) {
        var id = tarsy.createsSession(Sample.session());
        var body = sample(kind);
        body.set(field, Json.parse(value));

        tarsy.post(pathOf(kind, id), body).problem(422, 400);

        var detail = tarsy.detail(id);
        assertThat(detail.path("total_interactions").intValue()).isZero();
        assertThat(detail.path("stages")).isEmpty();
    }

    @Test
    @Tag("smoke")
    void aStageOfAnotherSessionIsRefused() {
        var one = tarsy.createsSession(Sample.session());
        var other = tarsy.createsSession(Sample.session());
        var stage = Sample.id();
        tarsy.addsStage(other, Sample.stage(stage, 0)).expect(201);

        tarsy.recordsLlm(one, Sample.llm(Sample.id()).put("stage_execution_id", stage))
                .problem(404, 409, 422);
        tarsy.recordsMcp(one, Sample.mcp(Sample.id()).put("stage_execution_id", stage))
                .problem(404, 409, 422);
        tarsy.patchesStage(one, stage, "{'status':'completed'}").problem(404);

        assertThat(tarsy.detail(one).path("total_interactions").intValue()).isZero();
        assertThat(tarsy.detail(other).at("/stages/0/status").asText()).isEqualTo("active");
    }

    @ParameterizedTest
    @Tag("smoke")
    @ValueSource(
            strings = {
                "page=0",
                "page=-1",
                "page=x",
                "page_size=0",
                "page_size=251",
                "status=done",
                "start_date_us=-1",
                "end_date_us=x",
                "sort_by=session_metadata",
                "sort_order=up",
                "cursor=nonsense",
                "pagesize=10",
                "statsu=completed"
            })
    void aParameterOutOfItsRangeIsRefused(String query) {
        var answer = tarsy.get(sessions() + "?" + query);

        answer.problem(422);
        assertThat(answer.text()).contains(query.substring(0, query.indexOf('=')));
    }

    @Test
    void anUnknownStatusListsTheKnownOnes() {
        assertThat(tarsy.get(sessions() + "?status=done").text())
                .contains("pending", "in_progress", "paused", "canceling", "completed", "failed", "cancelled")
                .contains("timed_out");
    }

    @Test
    void r8AMisspeltParameterIsAnsweredWithTheRightOne() {
        assertThat(tarsy.get(sessions() + "?pagesize=10").text()).contains("page_size");
    }

    @Test
    void datesMustBeInOrder() {
        assertThat(tarsy.get(sessions() + "?start_date_us=10&end_date_us=10")
                        .problem(400)
                        .path("detail")
                        .asText())
                .isEqualTo("start_date_us must be before end_date_us");
    }

    @Test
    void anotherContentTypeIsRefused() {
        var body = Json.write(Sample.session()).getBytes(StandardCharsets.UTF_8);
        var id = tarsy.createsSession(Sample.session());

        tarsy.send("POST", sessions(), body, "Content-Type", "text/plain").problem(415);
        tarsy.send("POST", sessions(), body, "Content-Type", "application/x-www-form-urlencoded")
                .problem(415);
        tarsy.send("PATCH", session(id), body, "Content-Type", "text/plain").problem(415);
    }

    @Test
    void anotherMethodIsRefused() {
        tarsy.send("PUT", sessions(), "{}".getBytes(StandardCharsets.UTF_8), "Content-Type", JSON)
                .problem(405);
        tarsy.send("DELETE", sessions(), new byte[0]).problem(405);
    }

    @Test
    void anUnknownAddressIsNotFound() {
        tarsy.get("api/v1/history/nothing-here").problem(404);
    }

    @Test
    void aBodyThatIsTooDeepIsRefused() {
        var id = Sample.id();
        var deep = "{\"session_id\":\"" + id + "\",\"agent_type\":\"a\",\"chain_id\":\"c\",\"alert_data\":"
                + "{\"x\":".repeat(1000) + "1" + "}".repeat(1000) + "}";

        tarsy.post(sessions(), deep).problem(400, 413, 422);

        nothingIsStoredOf(id);
    }

    @Test
    @Tag("smoke")
    void aBodyThatIsTooLargeIsRefused() {
        var session = Sample.session();
        session.putObject("alert_data").put("text", "x".repeat(11 * 1024 * 1024));

        withPatience(() -> tarsy.post(sessions(), session)).problem(413);

        nothingIsStoredOf(session.path("session_id").asText());
    }

    @Test
    void aSmallZippedBodyThatUnfoldsTooLargeIsRefused() {
        var session = Sample.session();
        session.putObject("alert_data").put("text", "x".repeat(11 * 1024 * 1024));
        var zipped = TarsyClient.zipped(Json.write(session).getBytes(StandardCharsets.UTF_8));

        tarsy.send("POST", sessions(), zipped, "Content-Type", JSON, "Content-Encoding", "gzip")
                .problem(413);

        nothingIsStoredOf(session.path("session_id").asText());
    }

    @Test
    void aZippedBodyIsReadAndABrokenOneRefused() {
        var session = Sample.session();
        var zipped = TarsyClient.zipped(Json.write(session).getBytes(StandardCharsets.UTF_8));

        tarsy.send("POST", sessions(), zipped, "Content-Type", JSON, "Content-Encoding", "gzip")
                .expect(201);
        tarsy.send("POST", sessions(), new byte[] {1, 2, 3}, "Content-Type", JSON, "Content-Encoding", "gzip")
                .problem(400);
    }

    @Test
    void aConversationOfTooManyMessagesIsRefused() {
        var id = tarsy.createsSession(Sample.session());
        var llm = Sample.llm(Sample.id());
        var messages = llm.putObject("conversation").putArray("messages");
        for (var i = 0; i <= 10_000; i++) {
            messages.addObject().put("role", "user").put("content", "m");
        }

        tarsy.recordsLlm(id, llm).problem(413, 422);

        assertThat(tarsy.detail(id).path("total_interactions").intValue()).isZero();
    }

    @Test
    void aProblemSaysWhereItHappenedAndUnderWhichId() {
        var correlation = Sample.word("call");

        var answer = tarsy.get(session("nobody"), "X-Correlation-Id", correlation);

        assertThat(answer.problem(404).path("correlation_id").asText()).isEqualTo(correlation);
        assertThat(answer.json().path("instance").asText()).contains("/api/v1/history/sessions/nobody");
    }

    @Test
    @Tag("smoke")
    void everyAnswerCarriesACorrelationId() {
        var correlation = Sample.word("call");

        assertThat(tarsy.get(sessions()).expect(200).header("X-Correlation-Id")).isNotBlank();
        assertThat(tarsy.get(sessions(), "X-Correlation-Id", correlation).header("X-Correlation-Id"))
                .isEqualTo(correlation);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<script>alert(1)</script>", "a b\tc"})
    void aCorrelationIdThatIsNotSaneIsReplaced(String insane) {
        assertThat(tarsy.get(sessions(), "X-Correlation-Id", insane).header("X-Correlation-Id"))
                .isNotBlank()
                .isNotEqualTo(insane);
        assertThat(tarsy.get(sessions(), "X-Correlation-Id", "x".repeat(3000)).header("X-Correlation-Id"))
                .isNotBlank()
                .hasSizeLessThan(1000);
    }

    private void nothingIsStoredOf(String id) {
        tarsy.get(session(id)).problem(404);
    }

    /** A server may close before it has read everything it refuses; the client then learns it at another try. */
    private static Answer withPatience(Supplier<Answer> call) {
        try {
            return call.get();
        } catch (UncheckedIOException closed) {
            return call.get();
        }
    }

    private static ObjectNode sample(String kind) {
        return switch (kind) {
            case "session" -> Sample.session();
            case "stage" -> Sample.stage(Sample.id(), 0);
            case "llm" -> Sample.llm(Sample.id());
            default -> Sample.mcp(Sample.id());
        };
    }

    private static String pathOf(String kind, String id) {
        return switch (kind) {
            case "session" -> sessions();
            case "stage" -> session(id) + "/stages";
            case "llm" -> session(id) + "/llm-interactions";
            default -> session(id) + "/mcp-communications";
        };
    }
}
