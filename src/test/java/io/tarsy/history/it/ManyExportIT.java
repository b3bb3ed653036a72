package io.tarsy.history.it;

import static io.tarsy.history.it.TarsyClient.encoded;
import static io.tarsy.history.it.TarsyClient.session;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many sessions at once: out of the history and in again, and held back. */
class ManyExportIT {
    private static final String EXPORT = "api/v1/history/export";
    private static final String HOLDS = "api/v1/history/holds";

    private final TarsyClient tarsy = TestServer.shared().client();
    private final String type = Sample.word("export");

    @Test
    @Tag("smoke")
    void whatGoesOutComesInAgainAsItWas() {
        var ids = sessions(3, "");
        var named = ids.stream().map(id -> "session_id=" + id).collect(Collectors.joining("&"));
        var export = tarsy.get(EXPORT + "?" + named).expect(200);

        assertThat(export.header("Content-Type")).startsWith(TarsyClient.NDJSON);
        assertThat(export.header("Content-Disposition"))
                .matches("attachment; filename=\"sessions-\\d{8}-\\d{6}\\.ndjson\"");
        assertThat(exported(export)).isEqualTo(ids);
        assertThat(export.text())
                .isEqualTo(ids.stream()
                        .map(id -> tarsy.get(session(id) + "/export").text())
                        .collect(Collectors.joining()));

        assertThat(statuses(tarsy.batch(export.text()))).containsOnly("unchanged");
        ids.forEach(id -> tarsy.delete(session(id)).expect(204));
        assertThat(statuses(tarsy.batch(export.text()))).containsOnly("created", "updated");
        assertThat(tarsy.get(EXPORT + "?" + named).expect(200).text()).isEqualTo(export.text());
    }

    @Test
    @Tag("smoke")
    void allThatAListWouldShowGoesOut() {
        var ids = sessions(260, "word-" + type);
        var newest = new ArrayList<>(ids);
        Collections.reverse(newest);

        for (var filter : List.of(
                "alert_type=" + type,
                "alert_type=" + type + "&search=" + encoded("word-" + type),
                "search=" + encoded("\"word-" + type + " is what it says\""))) {
            var export =
                    tarsy.get(EXPORT + "?" + filter, "Accept-Encoding", "gzip").expect(200);
            assertThat(export.isGzip()).isTrue();
            assertThat(exported(export)).as(filter).isEqualTo(newest);
        }
        assertThat(exported(tarsy.get(EXPORT + "?alert_type=" + type + "&status=failed")
                        .expect(200)))
                .isEmpty();
    }

    @Test
    void nothingIsSentIfOneIsUnknown() {
        var known = sessions(1, "").get(0);

        var problem = tarsy.get(EXPORT + "?session_id=" + known + "&session_id=nobody-here")
                .problem(404);

        assertThat(problem.path("detail").asText()).isEqualTo("Session nobody-here not found");
    }

    @Test
    void asManyAsFiveHundredCanBeNamed() {
        var many = IntStream.range(0, 500)
                .mapToObj(i -> "session_id=" + Sample.id())
                .collect(Collectors.joining("&"));

        tarsy.get(EXPORT + "?" + many).problem(404);
        tarsy.get(EXPORT + "?" + many + "&session_id=a").problem(422);
    }

    @ParameterizedTest
    @ValueSource(strings = {"session_id=a&status=failed", "page=1", "sort_by=status", "cursor=x", "status=done"})
    void otherParametersAreRefused(String query) {
        tarsy.get(EXPORT + "?" + query).problem(422);
    }

    @Test
    @Tag("smoke")
    void manySessionsAreHeldAtOnce() {
        var ids = sessions(45, "");
        tarsy.patchesSession(ids.get(7), "{'status':'completed','retention_hold':true}");
        var revision = tarsy.get(session(ids.get(0))).expect(200).header("ETag");
        var sent = new ArrayList<>(ids);
        sent.add(3, "nobody-2");
        sent.add("nobody-1");
        sent.add(ids.get(0));

        var held = hold(sent, true);

        assertThat(held)
                .isEqualTo(Json.parse("{\"changed\":44,\"unchanged\":1,\"unknown\":[\"nobody-2\",\"nobody-1\"]}"));
        ids.forEach(id -> assertThat(tarsy.detail(id).path("retention_hold").booleanValue())
                .isTrue());
        assertThat(tarsy.get(session(ids.get(0))).expect(200).header("ETag")).isNotEqualTo(revision);
        assertThat(hold(ids, true)).isEqualTo(Json.parse("{\"changed\":0,\"unchanged\":45,\"unknown\":[]}"));
        assertThat(hold(ids.subList(0, 2), false))
                .isEqualTo(Json.parse("{\"changed\":2,\"unchanged\":0,\"unknown\":[]}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'session_ids':[],'retention_hold':true}",
                "{'session_ids':'a','retention_hold':true}",
                "{'session_ids':['a',1],'retention_hold':true}",
                "{'session_ids':['a b'],'retention_hold':true}",
                "{'session_ids':['a']}",
                "{'session_ids':['a'],'retention_hold':'yes'}",
                "{'session_ids':['a'],'retention_hold':null}",
                "{'session_id':['a'],'retention_hold':true}"
            })
    void whatIsNoHoldIsRefused(String body) {
        tarsy.post(HOLDS, body.replace('\'', '"')).problem(422);
    }

    @Test
    void noMoreThanFiveHundredAreHeldAtOnce() {
        var body = Json.object().put("retention_hold", true);
        var ids = body.putArray("session_ids");
        IntStream.range(0, 501).forEach(i -> ids.add("nobody-" + i));

        tarsy.post(HOLDS, body).problem(422);
    }

    private JsonNode hold(List<String> ids, boolean hold) {
        var body = Json.object().put("retention_hold", hold);
        ids.forEach(body.putArray("session_ids")::add);
        return tarsy.post(HOLDS, body).expect(200).json();
    }

    private List<String> sessions(int count, String message) {
        var ids = new ArrayList<String>();
        var lines = new ArrayList<ObjectNode>();
        for (var i = 0; i < count; i++) {
            var id = Sample.id();
            ids.add(id);
            var session = Sample.session(id).put("alert_type", type).put("started_at_us", Sample.START + i);
            session.putObject("alert_data").put("message", message + " is what it says");
            lines.add(Sample.line("session", id, session));
            lines.add(Sample.line("mcp_communication", id, Sample.mcp(Sample.id())));
            if (i == 0) {
                lines.add(Sample.line("session_patch", id, Json.object().put("status", "completed")));
            }
        }
        assertThat(statuses(tarsy.batch(lines))).containsOnly("created", "updated");
        return ids;
    }

    private static List<String> exported(Answer export) {
        return export.lines().stream()
                .filter(line -> line.path("kind").asText().equals("session"))
                .map(line -> line.path("session_id").asText())
                .toList();
    }

    private static List<String> statuses(Answer results) {
        return results.expect(200).lines().stream()
                .map(line -> line.path("status").asText())
                .toList();
    }
}
