package io.tarsy.history.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a body must be like to be taken, and how it is told what is wrong. */
class ShapeTest {

    private static final long NOW_US = 1_758_355_200_000_000L;
    private static final Shape SHAPE = Shape.of(
            Field.identity("session_id"),
            Field.name("agent_type").needed(),
            Field.word("status", List.of("pending", "completed")),
            Field.time("started_at_us"),
            Field.number("temperature"),
            Field.flag("success"),
            Field.object("alert_data"),
            Field.any("tool_result"));

    @Test
    void freeJsonIsKeptAsItCame() {
        var free = "{ \"n\": 1.500, \"big\": 123456789012345678901234567890, \"s\": \"\\u0000\\ud800 ü 😀\" }";

        var read = read("{\"agent_type\":\"a\",\"alert_data\":" + free + ",\"tool_result\": 1e999 }");

        assertThat(read.text("alert_data")).isEqualTo(free);
        assertThat(read.text("tool_result")).isEqualTo("1e999");
    }

    @Test
    void lineEndsInFreeJsonBecomeSpaces() {
        assertThat(read("{\"agent_type\":\"a\",\"alert_data\":{\r\n\"a\":\n1}}").text("alert_data"))
                .isEqualTo("{  \"a\": 1}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'agent_type':'a','sessoin_id':'x'} | sessoin_id | did you mean session_id?",
                "{'agent_type':5} | agent_type | must be a string, not a number",
                "{'agent_type':''} | agent_type | must not be empty",
                "{} | agent_type | is required",
                "{'agent_type':null} | agent_type | is required",
                "{'agent_type':'a','agent_type':'b'} | agent_type | is given twice",
                "{'agent_type':'a','session_id':'a/b'} | session_id | must be 1 to 64 characters",
                "{'agent_type':'a','status':'done'} | status | must be one of pending, completed",
                "{'agent_type':'a','started_at_us':-1} | started_at_us | must not be negative",
                "{'agent_type':'a','started_at_us':1.0} | started_at_us | must be a whole number",
                "{'agent_type':'a','started_at_us':99999999999999999999} | started_at_us | is out of range",
                "{'agent_type':'a','started_at_us':1758441600000001} | started_at_us | more than a day ahead",
                "{'agent_type':'a','temperature':'hot'} | temperature | must be a number",
                "{'agent_type':'a','temperature':1e999} | temperature | is out of range",
                "{'agent_type':'a','success':'yes'} | success | must be true or false",
                "{'agent_type':'a','alert_data':[]} | alert_data | must be an object, not an array",
            })
    void whatIsWrongIsNamed(String body, String field, String message) {
        var refused = refused(body.replace('\'', '"'));

        assertThat(refused.problem().status()).isEqualTo(422);
        assertThat(refused.errors()).hasSize(1);
        assertThat(refused.errors().get(0).field()).isEqualTo(field);
        assertThat(refused.errors().get(0).message()).contains(message);
    }

    @Test
    void everythingThatIsWrongIsNamedAtOnce() {
        assertThat(refused("{\"status\":\"x\",\"success\":1,\"nope\":2}").errors())
                .extracting(Problem.FieldError::field)
                .containsExactly("status", "success", "nope", "agent_type");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "{\"a\"", "{'a':1}", "{\"agent_type\":\"a\"} x", "{\"agent_type\":\"a\"}{}"})
    void whatIsNoJsonIsMalformed(String body) {
        assertThat(refused(body).problem()).isEqualTo(Problem.MALFORMED_BODY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "5", "\"a\"", "null"})
    void aBodyIsAnObject(String body) {
        assertThat(refused(body).problem().status()).isEqualTo(422);
    }

    @Test
    void depthIsLimitedButNotByTheStack() {
        int deep = 100_000;
        var body = "{\"agent_type\":\"a\",\"alert_data\":{\"x\":" + "[".repeat(deep) + "]".repeat(deep) + "}}";

        assertThat(refused(body).detail()).contains("deeper than 100 levels");
    }

    @Test
    void orderSpacesAndEscapesDoNotChangeTheDigestButContentDoes() {
        var one = read("{\"agent_type\":\"ä\",\"alert_data\":{\"x\":1,\"y\":[true,null]}}")
                .digest();

        assertThat(
                        read("{\"alert_data\": {\"y\":[true, null],\"x\":1}, \"agent_type\":\"\\u00e4\",\"session_id\":\"i\"}")
                                .digest())
                .isEqualTo(one);
        assertThat(read("{\"agent_type\":\"ä\",\"alert_data\":{\"x\":1,\"y\":[null,true]}}")
                        .digest())
                .isNotEqualTo(one);
        assertThat(read("{\"agent_type\":\"ä\",\"alert_data\":{\"x\":1.0,\"y\":[true,null]}}")
                        .digest())
                .isNotEqualTo(one);
    }

    private static JsonObject read(String body) {
        return SHAPE.read(body, 100, NOW_US);
    }

    private static ProblemException refused(String body) {
        return catchThrowableOfType(ProblemException.class, () -> read(body));
    }
}
