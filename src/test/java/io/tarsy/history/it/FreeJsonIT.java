package io.tarsy.history.it;

import static io.tarsy.history.it.TarsyClient.session;
import static io.tarsy.history.it.TarsyClient.sessions;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a sender puts into free JSON or into a text comes back value for value, whatever it is. */
class FreeJsonIT {

    private final TarsyClient tarsy = TestServer.shared().client();

    /** JSON texts, as they go over the wire. */
    static String[] values() {
        return new String[] {
            "\"a\\u0000b\"",
            "\"\\u0000\"",
            "\"alone \\ud83d high\"",
            "\"alone \\ude00 low\"",
            "\"turned \\ude00\\ud83d round\"",
            "\"😀 👩‍👩‍👧 e\\u0301 é \\u2028 \\ufeff \\uffff\"",
            "\"مرحبا بالعالم \\u202e שלום\"",
            "\"\\u001b[31mred\\u001b[0m\\ttab\\r\\n\\\\ \\\" \\/ ' % _\"",
            "123456789012345678901234567890123456789012345678901234567890",
            "-123456789012345678901234567890123456789012345678901234567890",
            "0.123456789012345678901234567890123456789012345678901234567891",
            "9007199254740993",
            "-0.0000001",
            "1.5e300",
            "[1,[2,[]],{},null,true,false,\"\"]",
            "{\"\":1,\"a.b\":{\"$ref\":\"#\"},\"__proto__\":2,\"k\\u0000\":3,\"clé 😀\":4}",
            "{\"sessoin_id\":\"unknown fields are free here\"}",
            "{\"x\":".repeat(90) + "1" + "}".repeat(90),
            "[".repeat(88) + "]".repeat(88),
        };
    }

    static String[] texts() {
        return new String[] {
            "\"a\\u0000b\"",
            "\"\\u0000\"",
            "\"alone \\ud83d high\"",
            "\"alone \\ude00 low\"",
            "\"😀 مرحبا שלום \\u202e é e\\u0301\"",
            "\"\\u001b[31mred\\u001b[0m\\ttab\\r\\n\\\\ \\\" ' % _\"",
            "\"  \"",
            "\"\"",
        };
    }

    @ParameterizedTest
    @MethodSource("values")
    void aSessionKeepsIt(String value) {
        var id = Sample.id();
        var body = "{\"session_id\":\"" + id + "\",\"agent_type\":\"a\",\"chain_id\":\"c\",\"alert_data\":{\"v\":"
                + value + "},\"session_metadata\":{\"v\":" + value + "},\"chain_definition\":{\"v\":" + value + "}}";

        tarsy.post(sessions(), body).expect(201);
        tarsy.post(sessions(), body).expect(200);

        var sent = Json.parse("{\"v\":" + value + "}");
        var detail = tarsy.detail(id);
        same(detail.path("alert_data"), sent);
        same(detail.path("session_metadata"), sent);
        same(detail.path("chain_definition"), sent);
        same(tarsy.get(session(id) + "/final-analysis").expect(200).json().path("alert_data"), sent);
    }

    @ParameterizedTest
    @MethodSource("values")
    void interactionsKeepIt(String value) {
        var id = tarsy.createsSession(Sample.session());
        var mcp = Sample.mcp(Sample.id());
        mcp.remove("tool_arguments");
        mcp.remove("tool_result");
        var start = Json.write(mcp);
        var body = start.substring(0, start.length() - 1) + ",\"tool_arguments\":{\"v\":" + value
                + "},\"tool_result\":{\"v\":" + value + "}}";

        tarsy.post(session(id) + "/mcp-communications", body).expect(201);
        tarsy.post(session(id) + "/mcp-communications", body).expect(200);

        var sent = Json.parse("{\"v\":" + value + "}");
        var details = tarsy.detail(id).at("/session_level_interactions/0/details");
        same(details.path("tool_arguments"), sent);
        same(details.path("tool_result"), sent);
    }

    @ParameterizedTest
    @Tag("smoke")
    @MethodSource("texts")
    void plainTextKeepsIt(String text) {
        var id = tarsy.createsSession(Sample.session());
        var llm = Json.write(Sample.llm(Sample.id()).without(List.of("conversation")));
        var body = llm.substring(0, llm.length() - 1) + ",\"error_message\":" + text
                + ",\"conversation\":{\"messages\":[{\"role\":\"user\",\"content\":" + text + "}]}}";

        tarsy.patch(session(id), "{\"error_message\":" + text + ",\"final_analysis\":" + text + "}")
                .expect(200);
        tarsy.post(session(id) + "/llm-interactions", body).expect(201);

        var sent = Json.parse(text);
        var detail = tarsy.detail(id);
        same(detail.path("error_message"), sent);
        same(detail.path("final_analysis"), sent);
        same(detail.at("/session_level_interactions/0/details/error_message"), sent);
        same(detail.at("/session_level_interactions/0/details/conversation/messages/0/content"), sent);
        tarsy.get(session(id) + "/final-analysis?format=markdown").expect(200);
    }

    private static void same(JsonNode received, JsonNode sent) {
        assertThat(Json.same(received, sent))
                .as("%s came back as %s", sent, received)
                .isTrue();
    }
}
