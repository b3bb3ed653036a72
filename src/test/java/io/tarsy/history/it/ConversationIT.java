package io.tarsy.history.it;

import static io.tarsy.history.it.TarsyClient.session;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a view of a conversation and a waterfall are made from: what is new in each turn, and a light timeline. */
class ConversationIT {

    private final TarsyClient tarsy = TestServer.shared().client();
    private final String id = tarsy.createsSession(Sample.session());
    private int turns;

    @Test
    @Tag("smoke")
    void aTurnHasOnlyWhatTheOneBeforeItHadNot() {
        var stage = addsStage();
        var first = turn(stage, "investigation", "system", "question");
        var second = turn(stage, "investigation", "system", "question", "thought");
        var third = turn(stage, "investigation", "system", "question", "thought", "result", "answer");

        shows(first, 0, null, "system", "question");
        shows(second, 2, first, "thought");
        shows(third, 3, second, "result", "answer");
        assertThat(one(third, "").findValue("conversation").path("messages")).hasSize(5);
        assertThat(one(third, "").path("details").has("messages_before")).isFalse();
    }

    @Test
    void aTurnForAnotherPurposeInBetweenIsNoTurnOfIt() {
        var stage = addsStage();
        var first = turn(stage, "investigation", "system", "question");
        var between = turn(stage, "summarization", "summarize", "a long text");
        var second = turn(stage, "investigation", "system", "question", "thought");
        var last = turn(stage, "final_analysis", "system", "question", "thought", "conclude");

        shows(between, 0, first, "summarize", "a long text");
        shows(second, 2, first, "thought");
        shows(last, 3, second, "conclude");
    }

    @Test
    void stagesDoNotGoOnFromEachOther() {
        var one = addsStage();
        var other = addsStage();
        var first = turn(one, null, "system", "question");
        var second = turn(other, null, "system", "question", "thought");
        var outside = turn(null, null, "system", "question");
        var changed = turn(one, null, "another system", "question");

        shows(second, 0, null, "system", "question", "thought");
        shows(outside, 0, null, "system", "question");
        shows(changed, 0, first, "another system", "question");
    }

    @Test
    void whatElseTheConversationHasStaysAsItWas() {
        var stage = addsStage();
        turn(stage, null, "system");
        var llm = llm(stage, null, "system", "more");
        ((ObjectNode) llm.path("conversation")).put("model", "m").put("n", 1.50);
        tarsy.recordsLlm(id, llm).expect(201);

        var conversation =
                one(llm.path("interaction_id").asText(), "?messages=new").findValue("conversation");

        assertThat(conversation.path("model").asText()).isEqualTo("m");
        assertThat(conversation.path("messages")).hasSize(1);
    }

    @Test
    void aCallOfAToolIsAsEver() {
        var call = Sample.id();
        tarsy.recordsMcp(id, Sample.mcp(call)).expect(201);

        assertThat(one(call, "?messages=new")).isEqualTo(one(call, ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"?messages=all", "?messages=", "?message=new"})
    void anotherWordIsRefused(String query) {
        var turn = turn(null, null, "system");

        tarsy.get(session(id) + "/interactions/" + turn + query).problem(422);
    }

    @Test
    @Tag("smoke")
    void theTimelineHasWhatAWaterfallNeedsAndStaysLight() {
        var stage = addsStage();
        var lines = new ArrayList<ObjectNode>();
        for (var i = 0; i < 250; i++) {
            lines.add(Sample.line(
                    "llm_interaction",
                    id,
                    llm(stage, "investigation", "x".repeat(10_000)).put("error_message", "e".repeat(2_000))));
            lines.add(Sample.line(
                    "mcp_communication",
                    id,
                    Sample.mcp(Sample.id())
                            .put("stage_execution_id", stage)
                            .put("step_description", i == 0 ? "d".repeat(20_000) : "look")));
        }
        tarsy.batch(lines).expect(200);

        var answer = tarsy.get(session(id) + "/interactions?limit=500&type=mcp").expect(200);
        var zipped = tarsy.get(session(id) + "/interactions?limit=500", "Accept-Encoding", "gzip")
                .expect(200);

        assertThat(answer.body()).hasSizeLessThan(250_000);
        assertThat(zipped.body()).hasSizeLessThan(100_000);
        for (var one : zipped.json().path("interactions")) {
            assertThat(fields(one))
                    .contains("type", "id", "stage_execution_id", "timestamp_us", "duration_ms", "size_bytes")
                    .contains("step_description");
            assertThat(one.path("step_description").asText()).hasSizeLessThanOrEqualTo(1_001);
            var details = one.path("details");
            assertThat(details.path("error_message").asText()).hasSizeLessThanOrEqualTo(1_001);
            assertThat(fields(details)).contains("success", "error_message");
            assertThat(fields(details))
                    .containsAll(
                            one.path("type").asText().equals("llm")
                                    ? List.of(
                                            "model_name",
                                            "interaction_type",
                                            "input_tokens",
                                            "output_tokens",
                                            "total_tokens")
                                    : List.of("server_name", "tool_name", "communication_type"));
        }
        var cut = tarsy.get(session(id) + "/interactions?limit=1&type=llm").expect(200);
        var whole = cut.json().at("/interactions/0/id").asText();
        assertThat(cut.json().at("/interactions/0/details/error_message").asText())
                .hasSize(1_001);
        assertThat(one(whole, "").at("/details/error_message").asText()).hasSize(2_000);
    }

    private static List<String> fields(JsonNode object) {
        var names = new ArrayList<String>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private String addsStage() {
        var stage = Sample.id();
        tarsy.addsStage(id, Sample.stage(stage, turns)).expect(201);
        return stage;
    }

    private ObjectNode llm(@Nullable String stage, @Nullable String purpose, String... said) {
        var llm = Sample.llm(Sample.id()).put("timestamp_us", Sample.START + 10_000 + turns++);
        if (stage != null) {
            llm.put("stage_execution_id", stage);
        }
        if (purpose != null) {
            llm.put("interaction_type", purpose);
        }
        var messages = llm.putObject("conversation").putArray("messages");
        for (var content : said) {
            messages.addObject().put("role", "user").put("content", content);
        }
        return llm;
    }

    private String turn(@Nullable String stage, @Nullable String purpose, String... said) {
        var llm = llm(stage, purpose, said);
        tarsy.recordsLlm(id, llm).expect(201);
        return llm.path("interaction_id").asText();
    }

    private JsonNode one(String interaction, String query) {
        return tarsy.get(session(id) + "/interactions/" + interaction + query)
                .expect(200)
                .json();
    }

    private void shows(String interaction, int before, @Nullable String previous, String... said) {
        var details = one(interaction, "?messages=new").path("details");
        assertThat(details.path("messages_before").intValue()).isEqualTo(before);
        assertThat(details.path("previous_interaction_id").textValue()).isEqualTo(previous);
        var left = new ArrayList<String>();
        details.at("/conversation/messages")
                .forEach(message -> left.add(message.path("content").asText()));
        assertThat(left).containsExactly(said);
    }
}
