package io.tarsy.history.it;

import static io.tarsy.history.it.TarsyClient.session;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many records in one call: each line stands for itself, and each is answered. */
class BatchIT {

    private final TarsyClient tarsy = TestServer.shared().client();
    private final String id = Sample.id();
    private final String stage = Sample.id();
    private final String llm = Sample.id();
    private final String mcp = Sample.id();

    @Test
    @Tag("smoke")
    void everyKindIsTakenInTheOrderOfTheLines() {
        var results = tarsy.batch(wholeSession()).expect(200);

        assertThat(results.header("Content-Type")).startsWith("application/x-ndjson");
        assertThat(statuses(results)).containsExactly("created", "created", "created", "created", "updated", "updated");
        assertThat(texts(results, "id")).containsExactly(id, stage, mcp, llm, stage, id);
        assertThat(results.lines().stream().map(line -> line.path("line").intValue()))
                .containsExactly(1, 2, 3, 4, 5, 6);
        var detail = tarsy.detail(id);
        assertThat(detail.path("status").asText()).isEqualTo("completed");
        assertThat(detail.path("duration_ms").intValue()).isEqualTo(9000);
        assertThat(detail.at("/stages/0/status").asText()).isEqualTo("completed");
        assertThat(detail.at("/stages/0/total_interactions").intValue()).isEqualTo(2);
    }

    @Test
    @Tag("smoke")
    void sentAgainAsAWholeNothingChanges() {
        tarsy.batch(wholeSession()).expect(200);
        var before = tarsy.get(session(id)).expect(200).text();

        var again = tarsy.batch(wholeSession()).expect(200);

        assertThat(statuses(again)).hasSize(6).containsOnly("unchanged");
        assertThat(tarsy.get(session(id)).text()).isEqualTo(before);
    }

    @Test
    void aBadLineDoesNotSpoilTheOthers() {
        var nobody = Sample.id();
        var lines = List.of(
                Json.write(Sample.line("session", id, Sample.session(id))),
                "{\"kind\":\"llm_interaction\", \"session_id\":",
                Json.write(Sample.line("telepathy", id, Json.object())),
                Json.write(Sample.line("llm_interaction", nobody, Sample.llm(Sample.id()))),
                Json.write(Sample.line("session", id, Sample.session(id).put("chain_id", "another"))),
                "[]",
                "17",
                Json.write(Sample.line(
                        "llm_interaction", id, Sample.llm(Sample.id()).put("modelname", "x"))),
                Json.write(Json.object().put("session_id", id)),
                Json.write(Sample.line("session_patch", id, Json.object().put("status", "no such status"))),
                Json.write(Sample.line("mcp_communication", id, Sample.mcp(mcp))));

        var results = tarsy.batch(String.join("\n", lines)).expect(200);

        var statuses = statuses(results);
        assertThat(statuses).hasSize(11);
        assertThat(statuses.get(0)).isEqualTo("created");
        assertThat(statuses.subList(1, 10)).containsOnly("rejected");
        assertThat(statuses.get(10)).isEqualTo("created");
        assertThat(results.lines().subList(1, 10))
                .allSatisfy(line ->
                        assertThat(line.hasNonNull("error")).as("%s", line).isTrue());
        assertThat(Json.write(results.lines().get(3))).contains(nobody);
        assertThat(tarsy.detail(id).path("total_interactions").intValue()).isEqualTo(1);
    }

    @Test
    void linesOfOneSessionTakeEffectInTheirOrder() {
        var lines = List.of(
                Sample.line("session_patch", id, Json.object().put("error_message", "too early")),
                Sample.line("session", id, Sample.session(id)),
                Sample.line("session_patch", id, Json.object().put("error_message", "one")),
                Sample.line("session_patch", id, Json.object().put("error_message", "two")),
                Sample.line("session_patch", id, Json.object().put("status", "failed")),
                Sample.line("session_patch", id, Json.object().put("status", "in_progress")));

        var results = tarsy.batch(lines).expect(200);

        assertThat(statuses(results))
                .containsExactly("rejected", "created", "updated", "updated", "updated", "rejected");
        assertThat(tarsy.detail(id).path("error_message").asText()).isEqualTo("two");
        assertThat(tarsy.detail(id).path("status").asText()).isEqualTo("failed");
    }

    @Test
    void emptyLinesAreNoRecordsButAreCounted() {
        var one = Json.write(Sample.line("session", id, Sample.session(id)));
        var two = Json.write(Sample.line("mcp_communication", id, Sample.mcp(mcp)));

        var results = tarsy.batch("\n" + one + "\r\n\n   \n" + two).expect(200);

        assertThat(statuses(results)).containsExactly("created", "created");
        assertThat(results.lines().stream().map(line -> line.path("line").intValue()))
                .containsExactly(2, 5);
    }

    @Test
    void anEmptyBatchIsAnsweredWithNoLine() {
        assertThat(tarsy.batch("\n").expect(200).lines()).isEmpty();
    }

    @Test
    void theBodyMayBeZipped() {
        var lines = wholeSession().stream().map(Json::write).collect(Collectors.joining("\n"));

        var results = tarsy.zippedBatch(lines).expect(200);

        assertThat(statuses(results)).hasSize(6).doesNotContain("rejected");
        assertThat(tarsy.detail(id).path("status").asText()).isEqualTo("completed");
    }

    @Test
    void whatIsNotNdjsonIsRefused() {
        tarsy.send(
                        "POST",
                        "api/v1/history/batch",
                        "<xml/>".getBytes(StandardCharsets.UTF_8),
                        "Content-Type",
                        "application/xml")
                .problem(415);
    }

    @Test
    void aPatchThatChangesNothingIsUnchanged() {
        tarsy.batch(wholeSession()).expect(200);

        var results = tarsy.batch(List.of(
                        Sample.line("session_patch", id, Json.object().put("status", "completed")),
                        Sample.line("session_patch", id, Json.object().put("final_analysis", "other words"))))
                .expect(200);

        assertThat(statuses(results)).containsExactly("unchanged", "updated");
    }

    @Test
    void aThousandLinesAreAThousandAnswers() {
        var lines = new ArrayList<ObjectNode>();
        lines.add(Sample.line("session", id, Sample.session(id)));
        for (var i = 1; i < 1000; i++) {
            lines.add(Sample.line("llm_interaction", id, Sample.llm(Sample.id())));
        }

        var results = tarsy.batch(lines).expect(200);

        assertThat(statuses(results)).hasSize(1000).containsOnly("created");
        assertThat(tarsy.detail(id).path("llm_interaction_count").intValue()).isEqualTo(999);
    }

    private List<ObjectNode> wholeSession() {
        return List.of(
                Sample.line("session", id, Sample.session(id)),
                Sample.line("stage", id, Sample.stage(stage, 0)),
                Sample.line("mcp_communication", id, Sample.mcp(mcp).put("stage_execution_id", stage)),
                Sample.line("llm_interaction", id, Sample.llm(llm).put("stage_execution_id", stage)),
                Sample.line(
                        "stage_patch",
                        id,
                        Json.object()
                                .put("execution_id", stage)
                                .put("status", "completed")
                                .put("completed_at_us", Sample.START + 8_000_000)),
                Sample.line(
                        "session_patch",
                        id,
                        Json.object()
                                .put("status", "completed")
                                .put("completed_at_us", Sample.START + 9_000_000)
                                .put("final_analysis", "# The quota\n\nwas full")));
    }

    private static List<String> statuses(Answer results) {
        return texts(results, "status");
    }

    private static List<String> texts(Answer results, String field) {
        return results.lines().stream()
                .map((JsonNode line) -> line.path(field).asText())
                .toList();
    }
}
