package io.tarsy.history.it;

import static io.tarsy.history.it.TarsyClient.encoded;
import static io.tarsy.history.it.TarsyClient.session;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One session as it is shown: whole, as a skeleton, in pages, summed up. */
class DetailIT {

    private static final Set<String> FREE = Set.of(
            "alert_data",
            "chain_definition",
            "session_metadata",
            "stage_output",
            "conversation",
            "tool_arguments",
            "tool_result",
            "available_tools");

    private final TarsyClient tarsy = TestServer.shared().client();

    @Test
    @Tag("smoke")
    void theDocumentOfTheContractIsReadAsItWasWritten() throws IOException {
        var document = example();

        var id = writes(document);

        compare(document, tarsy.detail(id), "");
    }

    @Test
    void theListShowsTheDocumentOfTheContractInShort() throws IOException {
        var document = example();
        ((ObjectNode) document).put("alert_type", Sample.word("example"));
        writes(document);

        var row = tarsy.get(TarsyClient.sessions() + "?alert_type="
                        + document.path("alert_type").asText())
                .expect(200)
                .json()
                .at("/sessions/0");

        for (var field : List.of(
                "session_id",
                "alert_id",
                "agent_type",
                "status",
                "started_at_us",
                "completed_at_us",
                "llm_interaction_count",
                "mcp_communication_count",
                "total_interactions",
                "session_input_tokens",
                "session_output_tokens",
                "session_total_tokens",
                "chain_id",
                "current_stage_index",
                "duration_ms")) {
            assertThat(row.path(field)).as(field).isEqualTo(document.path(field));
        }
        assertThat(row.path("total_stages").intValue()).isEqualTo(2);
        assertThat(row.path("completed_stages").intValue()).isEqualTo(2);
        assertThat(row.path("failed_stages").intValue()).isZero();
    }

    @Test
    @Tag("smoke")
    void theSummaryIsTheOneOfTheContract() throws IOException {
        var id = writes(example());

        var summary = tarsy.get(session(id) + "/summary").expect(200).json();

        compare(Json.object("""
                        {'total_interactions':5,'llm_interactions':3,'mcp_communications':2,'system_events':0,
                         'errors_count':0,'total_duration_ms':15400,'session_input_tokens':6340,
                         'session_output_tokens':407,'session_total_tokens':6747,
                         'chain_statistics':{'total_stages':2,'completed_stages':2,'failed_stages':0,
                                             'stages_by_agent':{'KubernetesAgent':2}}}"""), summary, "");
    }

    @Test
    void theSummaryCountsTheErrorsOfSessionStagesAndInteractions() {
        var id = tarsy.createsSession(Sample.session());
        var stage = Sample.id();
        tarsy.addsStage(id, Sample.stage(stage, 0)).expect(201);
        tarsy.recordsLlm(id, Sample.llm(Sample.id()).put("success", false).put("error_message", "timed out"))
                .expect(201);
        tarsy.recordsMcp(id, Sample.mcp(Sample.id()).put("success", false).put("error_message", "refused"))
                .expect(201);
        tarsy.recordsMcp(id, Sample.mcp(Sample.id())).expect(201);
        tarsy.patchesStage(id, stage, "{'status':'failed','error_message':'no answer'}")
                .expect(200);
        tarsy.patchesSession(id, "{'status':'failed','error_message':'gave up'}");

        var summary = tarsy.get(session(id) + "/summary").expect(200).json();

        assertThat(summary.path("errors_count").intValue()).isEqualTo(4);
        assertThat(summary.at("/chain_statistics/failed_stages").intValue()).isEqualTo(1);
    }

    @Test
    void interactionsStandInTheirOrderWhateverTheOrderOfArrival() {
        var id = tarsy.createsSession(Sample.session());
        var late = "z-" + Sample.id();
        var mcp = "a-" + Sample.id();
        var llmB = "b-" + Sample.id();
        var llmA = "a2-" + Sample.id();
        tarsy.recordsLlm(id, Sample.llm(late).put("timestamp_us", Sample.START + 9))
                .expect(201);
        tarsy.recordsMcp(id, Sample.mcp(mcp).put("timestamp_us", Sample.START + 7))
                .expect(201);
        tarsy.recordsLlm(id, Sample.llm(llmB).put("timestamp_us", Sample.START + 7))
                .expect(201);
        tarsy.recordsLlm(id, Sample.llm(llmA).put("timestamp_us", Sample.START + 7))
                .expect(201);

        assertThat(listed(tarsy.detail(id).path("session_level_interactions")))
                .extracting(item -> item.path("id").asText())
                .containsExactly(llmA, llmB, mcp, late);
        assertThat(listed(tarsy.get(session(id) + "/interactions")
                        .expect(200)
                        .json()
                        .path("interactions")))
                .extracting(item -> item.path("id").asText())
                .containsExactly(llmA, llmB, mcp, late);
    }

    @Test
    void aSkeletonOfTwoThousandInteractionsIsSmallAndHasNoBodies() {
        var id = Sample.id();
        var stage = Sample.id();
        var lines = new ArrayList<ObjectNode>();
        lines.add(Sample.line("session", id, Sample.session(id)));
        lines.add(Sample.line("stage", id, Sample.stage(stage, 0)));
        for (var i = 0; i < 1000; i++) {
            var llm = Sample.llm(Sample.id()).put("stage_execution_id", stage);
            llm.putObject("conversation")
                    .putArray("messages")
                    .addObject()
                    .put("role", "user")
                    .put("content", "canary " + "x".repeat(500));
            lines.add(Sample.line("llm_interaction", id, llm));
            var mcp = Sample.mcp(Sample.id()).put("stage_execution_id", stage);
            mcp.putObject("tool_result").put("result", "canary " + "y".repeat(500));
            lines.add(Sample.line("mcp_communication", id, mcp));
        }
        assertThat(tarsy.batch(lines).expect(200).lines())
                .extracting(line -> line.path("status").asText())
                .containsOnly("created");

        var answer = tarsy.get(session(id) + "?include=skeleton").expect(200);

        assertThat(answer.body()).hasSizeLessThan(200 * 1024);
        assertThat(answer.text()).doesNotContain("canary");
        var skeleton = answer.json();
        assertThat(skeleton.path("total_interactions").intValue()).isEqualTo(2000);
        for (var list : List.of("llm_interactions", "mcp_communications")) {
            assertThat(skeleton.at("/stages/0/" + list).findValues("size_bytes"))
                    .hasSize(1000)
                    .allMatch(size -> size.intValue() > 500);
        }
    }

    @Test
    void manyStagesAreShownAndExportedEachWithItsOwn() {
        var id = Sample.id();
        var lines = new ArrayList<ObjectNode>();
        lines.add(Sample.line("session", id, Sample.session(id)));
        for (var i = 0; i < 120; i++) {
            var stage = id + "-s" + i;
            lines.add(Sample.line("stage", id, Sample.stage(stage, i)));
            lines.add(
                    Sample.line("llm_interaction", id, Sample.llm(id + "-l" + i).put("stage_execution_id", stage)));
            lines.add(Sample.line(
                    "mcp_communication", id, Sample.mcp(id + "-m" + i).put("stage_execution_id", stage)));
            var change = Json.object().put("status", "completed").put("execution_id", stage);
            change.putObject("stage_output").put("said", "by " + i);
            lines.add(Sample.line("stage_patch", id, change));
        }
        assertThat(tarsy.batch(lines).expect(200).lines())
                .extracting(line -> line.path("status").asText())
                .doesNotContain("rejected");

        var stages = listed(tarsy.detail(id).path("stages"));
        var export = tarsy.get(session(id) + "/export").expect(200);
        tarsy.delete(session(id)).expect(204);
        tarsy.batch(export.text()).expect(200);

        assertThat(stages).hasSize(120);
        for (var i = 0; i < 120; i++) {
            var stage = stages.get(i);
            assertThat(stage.at("/llm_interactions/0/id").asText()).isEqualTo(id + "-l" + i);
            assertThat(stage.at("/mcp_communications/0/id").asText()).isEqualTo(id + "-m" + i);
            assertThat(stage.path("chronological_interactions")).hasSize(2);
            assertThat(stage.at("/stage_output/said").asText()).isEqualTo("by " + i);
        }
        assertThat(tarsy.get(session(id) + "/export").expect(200).text()).isEqualTo(export.text());
    }

    @Test
    @Tag("smoke")
    void theTimelineComesInPagesWithoutBodies() {
        var id = tarsy.createsSession(Sample.session());
        var stage = Sample.id();
        tarsy.addsStage(id, Sample.stage(stage, 0)).expect(201);
        var lines = new ArrayList<ObjectNode>();
        for (var i = 0; i < 9; i++) {
            var time = Sample.START + (i / 2) * 10L;
            var llm = Sample.llm(Sample.id()).put("timestamp_us", time);
            var mcp = Sample.mcp(Sample.id()).put("timestamp_us", time);
            if (i % 3 == 0) {
                llm.put("stage_execution_id", stage);
            }
            lines.add(Sample.line("llm_interaction", id, llm));
            lines.add(Sample.line("mcp_communication", id, mcp));
        }
        tarsy.batch(lines).expect(200);

        var all = walked(id, "limit=4");

        assertThat(all).hasSize(18);
        assertThat(all).extracting(item -> item.path("id").asText()).doesNotHaveDuplicates();
        assertThat(all)
                .extracting(item -> item.path("timestamp_us").longValue())
                .isSorted();
        assertThat(all.toString()).doesNotContain("\"messages\"").doesNotContain("phase: Running");
        assertThat(all).isEqualTo(walked(id, "limit=100"));
        assertThat(walked(id, "limit=4&type=llm"))
                .hasSize(9)
                .allMatch(item -> item.path("type").asText().equals("llm"));
        assertThat(walked(id, "limit=4&type=mcp"))
                .hasSize(9)
                .allMatch(item -> item.path("type").asText().equals("mcp"));
        assertThat(walked(id, "limit=2&stage=" + stage))
                .hasSize(3)
                .allMatch(item -> item.path("stage_execution_id").asText().equals(stage));
    }

    @ParameterizedTest
    @ValueSource(strings = {"type=gossip", "limit=0", "limit=x", "kind=llm"})
    void aParameterOfTheTimelineOutOfItsRangeIsRefused(String query) {
        var id = tarsy.createsSession(Sample.session());

        tarsy.get(session(id) + "/interactions?" + query).problem(422);
    }

    @Test
    void oneInteractionIsShownWhole() {
        var id = tarsy.createsSession(Sample.session());
        var llm = Sample.llm(Sample.id());
        var mcp = Sample.mcp(Sample.id());
        tarsy.recordsLlm(id, llm).expect(201);
        tarsy.recordsMcp(id, mcp).expect(201);
        var path = session(id) + "/interactions/";

        var exchange = tarsy.get(path + llm.path("interaction_id").asText())
                .expect(200)
                .json();
        var call = tarsy.get(path + mcp.path("communication_id").asText())
                .expect(200)
                .json();

        assertThat(exchange.findValue("conversation")).isEqualTo(llm.path("conversation"));
        assertThat(call.findValue("tool_result")).isEqualTo(mcp.path("tool_result"));
        tarsy.get(path + "nobody").problem(404);
    }

    @Test
    void theFinalAnalysisIsJsonOrMarkdown() {
        var id = tarsy.createsSession(Sample.session());
        var analysis = "# Root cause\n\nThe **quota** was full.";
        tarsy.patch(session(id), Json.object().put("final_analysis", analysis).put("status", "completed"))
                .expect(200);

        var json = tarsy.get(session(id) + "/final-analysis").expect(200).json();
        var markdown =
                tarsy.get(session(id) + "/final-analysis?format=markdown").expect(200);

        assertThat(json.path("session_id").asText()).isEqualTo(id);
        assertThat(json.path("status").asText()).isEqualTo("completed");
        assertThat(json.path("final_analysis").asText()).isEqualTo(analysis);
        assertThat(json.path("alert_data").path("namespace").asText()).isEqualTo("shop");
        assertThat(markdown.header("Content-Type")).startsWith("text/markdown");
        assertThat(markdown.text()).contains(analysis);
        tarsy.get(session(id) + "/final-analysis?format=pdf").problem(422);
    }

    private List<JsonNode> walked(String session, String query) {
        var items = new ArrayList<JsonNode>();
        var path = session(session) + "/interactions?" + query;
        var page = tarsy.get(path).expect(200).json();
        items.addAll(listed(page.path("interactions")));
        for (var i = 0; i < 100 && page.path("pagination").hasNonNull("next_after"); i++) {
            page = tarsy.get(path + "&after="
                            + encoded(page.at("/pagination/next_after").asText()))
                    .expect(200)
                    .json();
            items.addAll(listed(page.path("interactions")));
        }
        assertThat(page.at("/pagination/limit").intValue()).isPositive();
        return items;
    }

    /** The document with ids that nobody else has. */
    private static JsonNode example() throws IOException {
        try (var stream = DetailIT.class.getResourceAsStream("/contract/session-detail.json")) {
            var text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            var mark = UUID.randomUUID().toString().substring(0, 8);
            return Json.parse(text.replace("5f0c6f0e-", mark + "-")
                    .replace("0d9e7a3c-", mark + "-")
                    .replace("11110000-", mark + "-")
                    .replace("22220000-", mark + "-")
                    .replace("e1000000-", mark + "-1-")
                    .replace("e2000000-", mark + "-2-"));
        }
    }

    /** Says to the API what an agent would have said for this document to come about. */
    private String writes(JsonNode document) {
        var id = document.path("session_id").asText();
        tarsy.createsSession(picked(
                        document,
                        "session_id",
                        "alert_id",
                        "alert_type",
                        "agent_type",
                        "started_at_us",
                        "alert_data",
                        "chain_id",
                        "chain_definition")
                .put("status", "in_progress"));
        for (var stage : document.path("stages")) {
            var execution = stage.path("execution_id").asText();
            tarsy.addsStage(
                            id,
                            picked(
                                            stage,
                                            "execution_id",
                                            "stage_id",
                                            "stage_index",
                                            "stage_name",
                                            "agent",
                                            "started_at_us")
                                    .put("status", "active"))
                    .expect(201);
            for (var item : stage.path("llm_interactions")) {
                var sent = picked(
                        item.path("details"),
                        "interaction_id",
                        "stage_execution_id",
                        "timestamp_us",
                        "duration_ms",
                        "success",
                        "model_name",
                        "provider",
                        "temperature",
                        "conversation",
                        "input_tokens",
                        "output_tokens",
                        "total_tokens");
                sent.set("step_description", item.path("step_description"));
                tarsy.recordsLlm(id, sent).expect(201);
            }
            for (var item : stage.path("mcp_communications")) {
                var details = item.path("details");
                var sent = picked(
                        details,
                        "server_name",
                        "communication_type",
                        "tool_arguments",
                        "tool_result",
                        "available_tools",
                        "success",
                        "duration_ms");
                sent.setAll(picked(item, "timestamp_us", "stage_execution_id", "step_description"));
                sent.set("communication_id", item.path("id"));
                if (!details.path("tool_name").asText().isEmpty()) {
                    sent.set("tool_name", details.path("tool_name"));
                }
                tarsy.recordsMcp(id, sent).expect(201);
            }
            tarsy.patch(
                            session(id) + "/stages/" + execution,
                            picked(stage, "status", "completed_at_us", "stage_output"))
                    .expect(200);
        }
        tarsy.patch(
                        session(id),
                        picked(
                                document,
                                "status",
                                "completed_at_us",
                                "final_analysis",
                                "current_stage_index",
                                "current_stage_id"))
                .expect(200);
        return id;
    }

    private static ObjectNode picked(JsonNode from, String... fields) {
        var some = Json.object();
        for (var field : fields) {
            some.set(field, from.path(field));
        }
        return some;
    }

    /** Every field of the document is there with its value; the server may add fields, but not to free JSON. */
    private static void compare(JsonNode wanted, JsonNode got, String path) {
        if (wanted.isObject() && !FREE.contains(path.substring(path.lastIndexOf('/') + 1))) {
            assertThat(got.isObject()).as(path).isTrue();
            wanted.fieldNames().forEachRemaining(field -> {
                assertThat(got.has(field)).as("%s/%s is there", path, field).isTrue();
                compare(wanted.path(field), got.path(field), path + "/" + field);
            });
        } else if (wanted.isArray()) {
            assertThat(got).as(path).hasSameSizeAs(wanted);
            for (var i = 0; i < wanted.size(); i++) {
                compare(wanted.path(i), got.path(i), path + "/" + i);
            }
        } else {
            assertThat(Json.same(got, wanted))
                    .as("%s is %s, not %s", path, got, wanted)
                    .isTrue();
        }
    }

    private static List<JsonNode> listed(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }
}
