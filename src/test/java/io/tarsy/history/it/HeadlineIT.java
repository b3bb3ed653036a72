package io.tarsy.history.it;

import static io.tarsy.history.it.TarsyClient.session;
import static io.tarsy.history.it.TarsyClient.sessions;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The line by which an alert is recognised stands wherever its session is shown. */
class HeadlineIT {

    private final TestServer server = TestServer.shared();
    private final TarsyClient tarsy = server.client();

    @Test
    @Tag("smoke")
    void itStandsWhereverASessionIsShown() {
        var type = Sample.word("headline");
        var earlier =
                tarsy.createsSession(saying(type, "{'title':'The \\u001b[1mdisk\\u001b[0m\\tis full \\ud83d\\ude00'}"));
        var later = tarsy.createsSession(saying(type, "{'n':1}").put("started_at_us", Sample.START + 1));

        assertThat(headlines(type, earlier))
                .hasSize(5)
                .allSatisfy((where, line) -> assertThat(line).as(where).isEqualTo("The disk is full 😀"));
        var similar = tarsy.get(session(later) + "/similar?limit=50")
                .expect(200)
                .json()
                .path("similar");
        assertThat(similar)
                .filteredOn(row -> row.path("session_id").asText().equals(earlier))
                .singleElement()
                .satisfies(
                        row -> assertThat(row.path("alert_headline").asText()).isEqualTo("The disk is full 😀"));
        headlines(type, later)
                .forEach((where, line) -> assertThat(line).as(where).isEqualTo("null"));
        assertThat(tarsy.detail(later).has("alert_headline")).isTrue();
    }

    @Test
    void itIsReadFromTheAlertOfASessionFromBefore() throws SQLException {
        var type = Sample.word("before");
        var small = tarsy.createsSession(saying(type, "{'message':'It was small'}"));
        var large = tarsy.createsSession(saying(type, "{'message':'It was large'}"));
        var huge = tarsy.createsSession(saying(type, "{'message':'It was huge'}"));
        for (var change : Map.of(large, 100_000, huge, 300_000).entrySet()) {
            server.execute("update alert_sessions set alert_data = '{\"message\":\"It was large\",\"log\":\""
                    + "é".repeat(change.getValue()) + "\"}' where session_id = '" + change.getKey() + "'");
        }
        server.execute(
                "delete from session_headlines where session_id in ('" + small + "', '" + large + "', '" + huge + "')");

        headlines(type, small)
                .forEach((where, line) -> assertThat(line).as(where).isEqualTo("It was small"));
        headlines(type, large)
                .forEach((where, line) -> assertThat(line).as(where).isEqualTo("It was large"));
        headlines(type, huge)
                .forEach((where, line) -> assertThat(line).as(where).isEqualTo("null"));
    }

    private static ObjectNode saying(String type, String alert) {
        var session = Sample.session().put("alert_type", type);
        session.set("alert_data", Json.parse(alert.replace('\'', '"')));
        return session;
    }

    private Map<String, String> headlines(String type, String id) {
        var found = new TreeMap<String, String>();
        for (var row :
                tarsy.get(sessions() + "?alert_type=" + type).expect(200).json().path("sessions")) {
            note(found, "list", row, id);
        }
        for (var row : tarsy.get("api/v1/history/active-sessions").expect(200).json()) {
            note(found, "active", row, id);
        }
        note(found, "detail", tarsy.detail(id), id);
        for (var rest : new String[] {"?include=skeleton", "/summary"}) {
            var shown = tarsy.get(session(id) + rest).expect(200).json();
            found.put(rest, shown.path("alert_headline").asText());
        }
        return found;
    }

    private static void note(Map<String, String> found, String where, JsonNode row, String id) {
        if (row.path("session_id").asText().equals(id)) {
            found.put(where, row.path("alert_headline").asText());
        }
    }
}
