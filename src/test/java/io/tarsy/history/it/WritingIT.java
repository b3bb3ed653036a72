package io.tarsy.history.it;

import static io.tarsy.history.it.TarsyClient.session;
import static io.tarsy.history.it.TarsyClient.sessions;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an agent may rely on when it writes. */
class WritingIT {

    private final TarsyClient tarsy = TestServer.shared().client();

    @Test
    @Tag("smoke")
    void aNewSessionIsFoundWhereItsLocationSays() {
        var id = Sample.id();

        var created = tarsy.post(sessions(), Sample.session(id)).expect(201);

        assertThat(created.json().path("session_id").asText()).isEqualTo(id);
        assertThat(created.header("Location")).endsWith("/api/v1/history/sessions/" + id);
        var detail = tarsy.detail(id);
        assertThat(detail.path("agent_type").asText()).isEqualTo("chain:kubernetes");
        assertThat(detail.path("started_at_us").longValue()).isEqualTo(Sample.START);
        assertThat(detail.path("stages")).isEmpty();
        assertThat(detail.path("session_level_interactions")).isEmpty();
    }

    @Test
    void whatASenderLeavesOutIsFilledIn() {
        var session = Json.object("{'agent_type':'a','chain_id':'c','alert_data':{}}");

        var id = tarsy.createsSession(session);

        assertThat(id).matches("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
        var detail = tarsy.detail(id);
        assertThat(detail.path("status").asText()).isEqualTo("pending");
        assertThat(detail.path("started_at_us").longValue()).isGreaterThan(Sample.START);
        assertThat(detail.path("completed_at_us").isNull()).isTrue();
        assertThat(detail.path("duration_ms").isNull()).isTrue();
        assertThat(detail.path("alert_data")).isEqualTo(Json.object());
    }

    @Test
    void sessionsWithoutAnIdOfTheSenderAreTwo() {
        var session = Sample.session().without(List.of("session_id"));

        assertThat(tarsy.createsSession(session)).isNotEqualTo(tarsy.createsSession(session));
    }

    @Test
    @Tag("smoke")
    void theSameSessionAgainIsTheStoredOne() {
        var session = Sample.session();
        var id = tarsy.createsSession(session);

        var again = tarsy.post(sessions(), session).expect(200);

        assertThat(again.json().path("session_id").asText()).isEqualTo(id);
    }

    @Test
    @Tag("smoke")
    void theSameIdWithOtherContentIsAConflict() {
        var session = Sample.session();
        var id = tarsy.createsSession(session);

        tarsy.post(sessions(), session.deepCopy().put("chain_id", "another")).problem(409);

        assertThat(tarsy.detail(id).path("chain_id").asText()).isEqualTo("kubernetes-chain");
    }

    @Test
    void anAlertIdIsUniqueWhereGiven() {
        var alert = Sample.word("alert");
        tarsy.createsSession(Sample.session().put("alert_id", alert));

        tarsy.post(sessions(), Sample.session().put("alert_id", alert).put("chain_id", "another"))
                .problem(409);
    }

    @Test
    void theSameAlertWithoutASessionIdIsTheStoredSession() {
        var session = Sample.session().put("alert_id", Sample.word("alert"));
        session.remove("session_id");
        var id = tarsy.createsSession(session);

        var again = tarsy.post(sessions(), session).expect(200).json();

        assertThat(again.path("session_id").asText()).isEqualTo(id);
    }

    @Test
    void sentAgainAfterAPatchASessionKeepsWhatThePatchDid() {
        var session = Sample.session();
        var id = tarsy.createsSession(session);
        tarsy.patchesSession(id, "{'status':'paused','error_message':'waits for approval'}");

        tarsy.post(sessions(), session).expect(200);

        assertThat(tarsy.detail(id).path("status").asText()).isEqualTo("paused");
        assertThat(tarsy.detail(id).path("error_message").asText()).isEqualTo("waits for approval");
    }

    @Test
    void orderOfKeysAndWhiteSpaceDoNotMakeOtherContent() {
        var id = Sample.id();
        var one = "{\"session_id\":\"" + id + "\",\"agent_type\":\"a\",\"chain_id\":\"c\","
                + "\"alert_data\":{\"x\":1,\"y\":{\"k\":[1,2],\"l\":null}},\"started_at_us\":5}";
        var other = "{ \"started_at_us\": 5,\n\"alert_data\" : {\"y\":{\"l\":null, \"k\":[1, 2]}, \"x\":1},\r\n"
                + "\t\"chain_id\":\"c\", \"agent_type\":\"a\", \"session_id\":\"" + id + "\" }";
        tarsy.post(sessions(), one).expect(201);

        tarsy.post(sessions(), other).expect(200);
    }

    @Test
    @Tag("smoke")
    void stagesAndInteractionsAreStoredOnceHoweverOftenTheyAreSent() {
        var id = tarsy.createsSession(Sample.session());
        var stage = Sample.stage(Sample.id(), 0);
        var stageId = stage.path("execution_id").asText();
        var llm = Sample.llm(Sample.id()).put("stage_execution_id", stageId);
        var mcp = Sample.mcp(Sample.id()).put("stage_execution_id", stageId);

        tarsy.addsStage(id, stage).expect(201);
        tarsy.addsStage(id, stage).expect(200);
        tarsy.recordsLlm(id, llm).expect(201);
        tarsy.recordsLlm(id, llm).expect(200);
        tarsy.recordsMcp(id, mcp).expect(201);
        tarsy.recordsMcp(id, mcp).expect(200);
        tarsy.addsStage(id, stage.deepCopy().put("agent", "Another")).problem(409);
        tarsy.recordsLlm(id, llm.deepCopy().put("model_name", "another")).problem(409);
        tarsy.recordsMcp(id, mcp.deepCopy().put("tool_name", "another")).problem(409);

        var detail = tarsy.detail(id);
        assertThat(detail.path("total_interactions").intValue()).isEqualTo(2);
        assertThat(detail.path("session_total_tokens").intValue()).isEqualTo(230);
        assertThat(detail.at("/stages/0/llm_interactions")).hasSize(1);
        assertThat(detail.at("/stages/0/mcp_communications")).hasSize(1);
    }

    @Test
    @Tag("smoke")
    void whatIsRecordedIsFoundWhereItsLocationSays() {
        var id = tarsy.createsSession(Sample.session());

        var llm = tarsy.recordsLlm(id, Sample.llm(Sample.id())).expect(201);
        var mcp = tarsy.recordsMcp(id, Sample.mcp(Sample.id())).expect(201);

        for (var recorded : List.of(llm, mcp)) {
            var location = recorded.header("Location");
            var found = tarsy.get(location.substring(location.indexOf("/api/") + 1))
                    .expect(200)
                    .json();
            assertThat(location).endsWith(found.path("id").asText());
        }
    }

    @Test
    void anInteractionWithoutAStageBelongsToTheSession() {
        var id = tarsy.createsSession(Sample.session());
        var llm = Sample.llm(Sample.id());

        tarsy.recordsLlm(id, llm).expect(201);

        var standing = tarsy.detail(id).path("session_level_interactions");
        assertThat(standing).hasSize(1);
        assertThat(standing.path(0).path("id").asText())
                .isEqualTo(llm.path("interaction_id").asText());
    }

    @Test
    void totalTokensAreTheSumWhereBothAreKnown() {
        var id = tarsy.createsSession(Sample.session());
        var known = Sample.llm("a-" + Sample.id());
        var unknown = Sample.llm("b-" + Sample.id());
        unknown.remove("output_tokens");
        tarsy.recordsLlm(id, known).expect(201);
        tarsy.recordsLlm(id, unknown).expect(201);

        var standing = tarsy.detail(id).path("session_level_interactions");

        assertThat(standing.at("/0/details/total_tokens").intValue()).isEqualTo(230);
        assertThat(standing.at("/1/details/total_tokens").isNull()).isTrue();
    }

    @Test
    void aConversationMayBeMadeOfParts() {
        var id = tarsy.createsSession(Sample.session());
        var conversation = Json.object("""
                {'messages':[{'role':'user','content':[{'type':'text','text':'see'},
                                                       {'type':'image_url','image_url':{'url':'data:,x'}}]}]}""");
        var llm = Sample.llm(Sample.id());
        llm.set("conversation", conversation);

        tarsy.recordsLlm(id, llm).expect(201);

        assertThat(tarsy.detail(id).at("/session_level_interactions/0/details/conversation"))
                .isEqualTo(conversation);
    }

    @Test
    @Tag("smoke")
    void aPatchMergesAndLeavesTheRestAlone() {
        var session = Sample.session();
        session.set("session_metadata", Json.object("{'a':{'b':1,'c':2},'keep':[1,{'x':null}]}"));
        var id = tarsy.createsSession(session);

        tarsy.patchesSession(
                id, "{'session_metadata':{'a':{'c':null,'d':3}},'error_message':'first','current_stage_index':2}");
        tarsy.patchesSession(id, "{'error_message':null,'final_analysis':'done'}");

        var detail = tarsy.detail(id);
        assertThat(Json.same(detail.path("session_metadata"), Json.object("{'a':{'b':1,'d':3},'keep':[1,{'x':null}]}")))
                .as("%s", detail.path("session_metadata"))
                .isTrue();
        assertThat(detail.path("error_message").isNull()).isTrue();
        assertThat(detail.path("final_analysis").asText()).isEqualTo("done");
        assertThat(detail.path("current_stage_index").intValue()).isEqualTo(2);
        assertThat(detail.path("status").asText()).isEqualTo("in_progress");
    }

    @Test
    void whatIsNotPatchableIsRefused() {
        var id = tarsy.createsSession(Sample.session());

        tarsy.patch(session(id), "{\"agent_type\":\"another\"}").problem(422);
        tarsy.patch(session(id), "{\"statsu\":\"paused\"}").problem(422);

        assertThat(tarsy.detail(id).path("agent_type").asText()).isEqualTo("chain:kubernetes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"completed", "failed", "cancelled", "timed_out"})
    void aTerminalStatusOfASessionIsFinal(String terminal) {
        var id = tarsy.createsSession(Sample.session());
        var other = terminal.equals("failed") ? "completed" : "failed";
        for (var status : List.of("pending", "in_progress", "paused", "canceling", terminal, terminal)) {
            tarsy.patch(session(id), Json.object().put("status", status))
                    .expect(status.equals("pending") ? new int[] {200, 409} : new int[] {200});
        }

        tarsy.patch(session(id), "{\"status\":\"in_progress\"}").problem(409);
        tarsy.patch(session(id), Json.object().put("status", other)).problem(409);

        var detail = tarsy.detail(id);
        assertThat(detail.path("status").asText()).isEqualTo(terminal);
        assertThat(detail.path("completed_at_us").longValue()).isGreaterThan(Sample.START);
    }

    @ParameterizedTest
    @ValueSource(strings = {"completed", "failed", "cancelled", "timed_out", "partial"})
    void aTerminalStatusOfAStageIsFinal(String terminal) {
        var id = tarsy.createsSession(Sample.session());
        var stage = Sample.id();
        tarsy.addsStage(id, Sample.stage(stage, 0).put("status", "pending")).expect(201);
        for (var status : List.of("active", "paused", "active", terminal, terminal)) {
            tarsy.patchesStage(id, stage, "{'status':'" + status + "'}").expect(200);
        }

        tarsy.patchesStage(id, stage, "{'status':'active'}").problem(409);

        var stored = tarsy.detail(id).at("/stages/0");
        assertThat(stored.path("status").asText()).isEqualTo(terminal);
        assertThat(stored.path("completed_at_us").longValue()).isGreaterThan(Sample.START);
    }

    @Test
    void theSendersTimeOfCompletionIsKept() {
        var id = tarsy.createsSession(Sample.session());
        var stage = Sample.id();
        tarsy.addsStage(id, Sample.stage(stage, 0)).expect(201);

        tarsy.patchesStage(id, stage, "{'status':'completed','completed_at_us':" + (Sample.START + 1_999_999) + "}")
                .expect(200);
        tarsy.patchesSession(id, "{'status':'completed','completed_at_us':" + (Sample.START + 2_999_999) + "}");
        tarsy.patchesSession(id, "{'status':'completed'}");

        var detail = tarsy.detail(id);
        assertThat(detail.path("completed_at_us").longValue()).isEqualTo(Sample.START + 2_999_999);
        assertThat(detail.path("duration_ms").intValue()).isEqualTo(2999);
        assertThat(detail.at("/stages/0/duration_ms").intValue()).isEqualTo(1999);
    }

    @ParameterizedTest
    @CsvSource({"completed, 1, 0", "failed, 0, 1"})
    void stagesAreCountedByHowTheyEnded(String status, int completed, int failed) {
        var type = Sample.word("stages");
        var id = tarsy.createsSession(Sample.session().put("alert_type", type));
        var stage = Sample.id();
        tarsy.addsStage(id, Sample.stage(stage, 0)).expect(201);
        tarsy.addsStage(id, Sample.stage(Sample.id(), 1)).expect(201);

        tarsy.patchesStage(id, stage, "{'status':'" + status + "'}").expect(200);
        tarsy.patchesStage(id, stage, "{'status':'" + status + "'}").expect(200);

        var row =
                tarsy.get(sessions() + "?alert_type=" + type).expect(200).json().at("/sessions/0");
        assertThat(row.path("total_stages").intValue()).isEqualTo(2);
        assertThat(row.path("completed_stages").intValue()).isEqualTo(completed);
        assertThat(row.path("failed_stages").intValue()).isEqualTo(failed);
    }

    @Test
    void patchesAtTheSameTimeNeverLoseEachOthersFields() throws Exception {
        var id = tarsy.createsSession(Sample.session());
        var changes = new ArrayList<ObjectNode>();
        changes.add(Json.object().put("error_message", "an error"));
        changes.add(Json.object().put("final_analysis", "an analysis"));
        changes.add(Json.object().put("current_stage_index", 7));
        changes.add(Json.object().put("status", "paused"));
        for (var i = changes.size(); i < 16; i++) {
            var change = Json.object();
            change.putObject("session_metadata").put("key" + i, i);
            changes.add(change);
        }

        atOnce(changes.stream()
                        .map(change -> (Callable<Answer>) () -> tarsy.patch(session(id), change))
                        .toList())
                .forEach(answer -> answer.expect(200));

        var detail = tarsy.detail(id);
        assertThat(detail.path("error_message").asText()).isEqualTo("an error");
        assertThat(detail.path("final_analysis").asText()).isEqualTo("an analysis");
        assertThat(detail.path("current_stage_index").intValue()).isEqualTo(7);
        assertThat(detail.path("status").asText()).isEqualTo("paused");
        for (var i = 4; i < 16; i++) {
            assertThat(detail.path("session_metadata").path("key" + i).intValue())
                    .as("key%s", i)
                    .isEqualTo(i);
        }
    }

    @Test
    void theSameSessionFromManyAtOnceIsCreatedOnce() throws Exception {
        var session = Sample.session().put("alert_id", Sample.word("alert"));
        List<Callable<Answer>> calls = new ArrayList<>();
        for (var i = 0; i < 16; i++) {
            calls.add(() -> tarsy.post(sessions(), session));
        }

        var statuses = atOnce(calls).stream().map(Answer::status).toList();

        assertThat(statuses).containsOnlyOnce(201).allMatch(status -> status == 201 || status == 200);
    }

    @Test
    void interactionsAtTheSameTimeAreAllCounted() throws Exception {
        var id = tarsy.createsSession(Sample.session());
        List<Callable<Answer>> calls = new ArrayList<>();
        for (var i = 0; i < 48; i++) {
            calls.add(() -> tarsy.recordsLlm(id, Sample.llm(Sample.id())));
        }

        atOnce(calls).forEach(answer -> answer.expect(201));

        var detail = tarsy.detail(id);
        assertThat(detail.path("llm_interaction_count").intValue()).isEqualTo(48);
        assertThat(detail.path("session_total_tokens").intValue()).isEqualTo(48 * 230);
        assertThat(detail.path("session_level_interactions")).hasSize(48);
    }

    @Test
    @Tag("smoke")
    void aDeletedSessionIsGoneWithAllOfItsRows() {
        var session = Sample.session();
        var id = tarsy.createsSession(session);
        var stage = Sample.id();
        var llm = Sample.llm(Sample.id()).put("stage_execution_id", stage);
        tarsy.addsStage(id, Sample.stage(stage, 0)).expect(201);
        tarsy.recordsLlm(id, llm).expect(201);
        tarsy.recordsMcp(id, Sample.mcp(Sample.id()).put("stage_execution_id", stage))
                .expect(201);

        var deleted = tarsy.delete(session(id)).expect(204);

        assertThat(deleted.body()).isEmpty();
        assertThat(tarsy.get(session(id)).problem(404).path("detail").asText())
                .isEqualTo("Session " + id + " not found");
        tarsy.delete(session(id)).problem(404);
        tarsy.get(session(id) + "/export").problem(404);
        // nothing of it is left that the same ids could meet
        tarsy.createsSession(session);
        assertThat(tarsy.detail(id).path("total_interactions").intValue()).isZero();
        tarsy.addsStage(id, Sample.stage(stage, 0)).expect(201);
        tarsy.recordsLlm(id, llm).expect(201);
    }

    @Test
    void whatIsUnknownIsNotFoundByName() {
        var nobody = Sample.id();
        var id = tarsy.createsSession(Sample.session());

        for (var answer : List.of(
                tarsy.get(session(nobody)),
                tarsy.get(session(nobody) + "/summary"),
                tarsy.get(session(nobody) + "/interactions"),
                tarsy.get(session(nobody) + "/final-analysis"),
                tarsy.patch(session(nobody), "{\"status\":\"paused\"}"),
                tarsy.delete(session(nobody)),
                tarsy.addsStage(nobody, Sample.stage(Sample.id(), 0)),
                tarsy.recordsLlm(nobody, Sample.llm(Sample.id())),
                tarsy.recordsMcp(nobody, Sample.mcp(Sample.id())))) {
            assertThat(answer.problem(404).path("detail").asText()).contains(nobody);
        }
        assertThat(tarsy.recordsLlm(id, Sample.llm(Sample.id()).put("stage_execution_id", nobody))
                        .problem(404)
                        .path("detail")
                        .asText())
                .contains(nobody);
        tarsy.patchesStage(id, nobody, "{'status':'active'}").problem(404);
    }

    private static List<Answer> atOnce(List<Callable<Answer>> calls) throws InterruptedException, ExecutionException {
        var threads = Executors.newFixedThreadPool(16);
        try {
            var answers = new ArrayList<Answer>();
            for (var answer : threads.invokeAll(calls)) {
                answers.add(answer.get());
            }
            return answers;
        } finally {
            threads.shutdownNow();
        }
    }
}
