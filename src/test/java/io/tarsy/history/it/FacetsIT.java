package io.tarsy.history.it;

import static io.tarsy.history.it.TarsyClient.encoded;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** How many sessions have which value: what is chosen in one column narrows the others and not itself. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FacetsIT {
    /** A time that no other test uses. */
    private static final long BEGIN = Sample.START - 900_000_000_000L;

    private static final String DATES = "start_date_us=" + BEGIN + "&end_date_us=" + (BEGIN + 100);

    private final TarsyClient tarsy = TestServer.shared().client();
    private final String word = Sample.word("facet");

    /** Twelve sessions: every third failed, every second of another type, every fourth of none, one agent each third. */
    @BeforeAll
    void rows() {
        var lines = new ArrayList<ObjectNode>();
        for (var i = 0; i < 12; i++) {
            var id = Sample.id();
            var session = Sample.session(id)
                    .put("started_at_us", BEGIN + i)
                    .put("status", i % 3 == 0 ? "failed" : "completed")
                    .put("agent_type", "agent-" + i / 4)
                    .put("chain_id", "chain")
                    .put("alert_type", i % 2 == 0 ? "b" : "a");
            if (i % 4 == 0) {
                session.remove("alert_type");
            }
            session.putObject("alert_data").put("message", i < 6 ? word : "another");
            lines.add(Sample.line("session", id, session));
        }
        assertThat(tarsy.batch(lines).expect(200).lines())
                .extracting(line -> line.path("status").asText())
                .containsOnly("created");
    }

    @Test
    @Tag("smoke")
    void everythingIsCountedTheMostFirst() {
        var facets = facets(DATES);

        assertThat(facets.path("sessions_looked_at").longValue()).isEqualTo(12);
        assertThat(facets.path("is_estimate").booleanValue()).isFalse();
        assertThat(counts(facets, "status")).containsExactly(Map.entry("completed", 8L), Map.entry("failed", 4L));
        assertThat(counts(facets, "alert_type")).containsExactly(Map.entry("a", 6L), Map.entry("b", 3L));
        assertThat(counts(facets, "agent_type"))
                .containsExactly(Map.entry("agent-0", 4L), Map.entry("agent-1", 4L), Map.entry("agent-2", 4L));
        assertThat(counts(facets, "chain_id")).containsExactly(Map.entry("chain", 12L));
        for (var column : List.of("status", "alert_type", "agent_type", "chain_id")) {
            assertThat(facets.path("facets").path(column + "_has_more").booleanValue())
                    .isFalse();
        }
    }

    @Test
    @Tag("smoke")
    void aFilterNarrowsTheOtherColumnsAndNotItsOwn() {
        var facets = facets(DATES + "&status=failed&agent_type=agent-0&agent_type=agent-1");

        assertThat(counts(facets, "status")).containsExactly(Map.entry("completed", 5L), Map.entry("failed", 3L));
        assertThat(counts(facets, "agent_type"))
                .containsExactly(Map.entry("agent-0", 2L), Map.entry("agent-1", 1L), Map.entry("agent-2", 1L));
        assertThat(counts(facets, "alert_type")).containsExactly(Map.entry("a", 1L), Map.entry("b", 1L));
        assertThat(counts(facets, "chain_id")).containsExactly(Map.entry("chain", 3L));
        assertThat(facets.path("sessions_looked_at").longValue()).isEqualTo(12);
    }

    @Test
    void wordsNarrowAllOfThem() {
        for (var search : List.of(word, word + " -nothing", "\"" + word + "\"")) {
            var facets = facets(DATES + "&search=" + encoded(search));
            assertThat(facets.path("sessions_looked_at").longValue()).as(search).isEqualTo(6);
            assertThat(counts(facets, "status")).containsExactly(Map.entry("completed", 4L), Map.entry("failed", 2L));
        }
        assertThat(facets(DATES + "&search=" + encoded("\"" + word + " stands nowhere\""))
                        .path("sessions_looked_at")
                        .longValue())
                .isZero();
    }

    @Test
    void whatIsCountedIsWhatTheListShows() {
        var facets = facets(DATES + "&status=completed");
        counts(facets, "alert_type")
                .forEach((value, count) -> assertThat(tarsy.get(
                                        TarsyClient.sessions() + "?" + DATES + "&status=completed&alert_type=" + value)
                                .expect(200)
                                .json()
                                .path("pagination")
                                .path("total_items")
                                .longValue())
                        .isEqualTo(count));
    }

    @Test
    void thereIsNoOrderAndNoPage() {
        tarsy.get("api/v1/history/facets?sort_by=status").problem(422);
        tarsy.get("api/v1/history/facets?page=2").problem(422);
        tarsy.get("api/v1/history/facets?status=done").problem(422);
        tarsy.get("api/v1/history/facets?start_date_us=5&end_date_us=5").problem(400);
    }

    @Test
    void whatHasNotChangedIsNotSentAgain() {
        var path = "api/v1/history/facets?" + DATES;
        var tag = tarsy.get(path).expect(200).header("ETag");

        tarsy.get(path, "If-None-Match", tag).expect(304);
    }

    private JsonNode facets(String query) {
        return tarsy.get("api/v1/history/facets?" + query).expect(200).json();
    }

    private static Map<String, Long> counts(JsonNode facets, String column) {
        var counts = new LinkedHashMap<String, Long>();
        for (var one : facets.path("facets").path(column)) {
            counts.put(one.path("value").asText(), one.path("count").longValue());
        }
        return counts;
    }
}
