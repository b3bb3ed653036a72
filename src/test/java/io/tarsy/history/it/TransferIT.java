package io.tarsy.history.it;

import static io.tarsy.history.it.TarsyClient.session;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Out and in again: what an export gives is what the batch takes. */
class TransferIT {

    private final TarsyClient tarsy = TestServer.shared().client();

    @Test
    @Tag("smoke")
    void whatWasExportedDeletedAndImportedIsExportedAsBefore() {
        var id = wholeSession();
        var export = tarsy.get(session(id) + "/export?format=ndjson").expect(200);
        var detail = tarsy.detail(id);
        tarsy.delete(session(id)).expect(204);

        var results = tarsy.batch(export.text()).expect(200);

        assertThat(results.lines())
                .extracting(line -> line.path("status").asText())
                .isNotEmpty()
                .containsOnly("created", "updated")
                .contains("created");
        assertThat(tarsy.get(session(id) + "/export?format=ndjson").expect(200).text())
                .isEqualTo(export.text());
        assertThat(Json.same(tarsy.detail(id), detail)).isTrue();
        assertThat(tarsy.batch(export.text()).expect(200).lines())
                .extracting(line -> line.path("status").asText())
                .containsOnly("unchanged");
    }

    @Test
    void anExportStartsWithItsSessionAndNamesEachKind() {
        var export =
                tarsy.get(session(wholeSession()) + "/export?format=ndjson").expect(200);

        assertThat(export.header("Content-Type")).startsWith("application/x-ndjson");
        assertThat(export.lines().get(0).path("kind").asText()).isEqualTo("session");
        assertThat(export.lines())
                .extracting(line -> line.path("kind").asText())
                .contains("session", "stage", "llm_interaction", "mcp_communication");
    }

    @Test
    void anExportOfARunningSessionIsARoundTripToo() {
        var id = tarsy.createsSession(Sample.session());
        tarsy.patchesSession(id, "{'status':'paused','error_message':'waits','session_metadata':{'a':[1,null]}}");
        tarsy.addsStage(id, Sample.stage(Sample.id(), 3).put("status", "pending"))
                .expect(201);
        var export =
                tarsy.get(session(id) + "/export?format=ndjson").expect(200).text();
        tarsy.delete(session(id)).expect(204);

        tarsy.batch(export).expect(200);

        assertThat(tarsy.get(session(id) + "/export?format=ndjson").expect(200).text())
                .isEqualTo(export);
    }

    @Test
    void anExportAsJsonIsOneDocument() {
        var id = wholeSession();

        var export = tarsy.get(session(id) + "/export?format=json").expect(200);

        assertThat(export.header("Content-Type")).startsWith("application/json");
        assertThat(export.json().findValue("session_id").asText()).isEqualTo(id);
        assertThat(export.json().findValue("conversation")).isNotNull();
    }

    @Test
    void anExportAsMarkdownIsForPeople() {
        var id = wholeSession();

        var export = tarsy.get(session(id) + "/export?format=markdown").expect(200);

        assertThat(export.header("Content-Type")).startsWith("text/markdown");
        assertThat(export.text()).contains(id).contains("The quota was full");
    }

    @ParameterizedTest
    @ValueSource(strings = {"format=pdf", "fromat=json"})
    void anotherFormatIsRefused(String query) {
        tarsy.get(session(wholeSession()) + "/export?" + query).problem(422);
    }

    private String wholeSession() {
        var id = tarsy.createsSession(Sample.session()
                .put("alert_id", Sample.word("alert"))
                .put("author", "an engineer")
                .put("runbook_url", "https://example.org/runbook"));
        var stage = Sample.id();
        var child = Sample.id();
        tarsy.addsStage(id, Sample.stage(stage, 0)).expect(201);
        tarsy.addsStage(
                        id,
                        Sample.stage(child, 1)
                                .put("parent_stage_execution_id", stage)
                                .put("parallel_index", 1)
                                .put("parallel_type", "multi_agent"))
                .expect(201);
        var llm = Sample.llm(Sample.id())
                .put("stage_execution_id", stage)
                .put("thinking_content", "hm \u0000")
                .put("interaction_type", "investigation")
                .put("step_description", "looks")
                .put("request_id", "r1")
                .put("mcp_event_id", Sample.id());
        llm.putObject("response_metadata").put("finish", "stop");
        tarsy.recordsLlm(id, llm).expect(201);
        tarsy.recordsMcp(id, Sample.mcp(Sample.id()).put("stage_execution_id", child))
                .expect(201);
        tarsy.recordsMcp(id, Sample.mcp(Sample.id()).put("success", false).put("error_message", "refused"))
                .expect(201);
        tarsy.patchesStage(id, stage, "{'status':'completed','stage_output':{'a':1}}")
                .expect(200);
        tarsy.patchesStage(id, child, "{'status':'failed','error_message':'no answer'}")
                .expect(200);
        tarsy.patchesSession(
                id,
                "{'status':'completed','final_analysis':'The quota was full','session_metadata':{'k':1.50},"
                        + "'current_stage_index':1,'current_stage_id':'" + child + "'}");
        return id;
    }
}
