package io.tarsy.history.it;

import static io.tarsy.history.it.TarsyClient.encoded;
import static io.tarsy.history.it.TarsyClient.session;
import static io.tarsy.history.it.TarsyClient.sessions;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The list of sessions: filters, orders and pages, on 23 rows with ties and gaps that this class alone can see. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ListIT {

    private static final int ROWS = 23;
    private static final List<String> RUNNING = List.of("pending", "in_progress");

    private final TarsyClient tarsy = TestServer.shared().client();
    private final String agent = Sample.word("agent");
    private final String typeA = Sample.word("a-type");
    private final String typeB = Sample.word("b-type");
    private final String chain = Sample.word("chain");

    @BeforeAll
    void rows() {
        var lines = new ArrayList<ObjectNode>();
        var statuses = List.of("completed", "failed", "in_progress", "pending", "completed", "timed_out");
        for (var i = 0; i < ROWS; i++) {
            var id = Sample.id();
            var status = statuses.get(i % statuses.size());
            var started = Sample.START + (i / 4) * 1_000_000L;
            lines.add(Sample.line(
                    "session",
                    id,
                    Sample.session(id)
                            .put("agent_type", agent)
                            .put("alert_type", i % 3 == 0 ? typeB : typeA)
                            .put("chain_id", i % 2 == 0 ? chain : "another-chain")
                            .put("started_at_us", started)
                            .put("status", RUNNING.contains(status) ? status : "in_progress")));
            if (i % 2 == 0) {
                lines.add(Sample.line(
                        "llm_interaction", id, Sample.llm(Sample.id()).put("input_tokens", 100 * (i % 5))));
            }
            var change = Json.object().put("status", status);
            if (!RUNNING.contains(status)) {
                change.put("completed_at_us", started + (i % 4) * 500_000L);
                lines.add(Sample.line("session_patch", id, change));
            }
        }
        assertThat(tarsy.batch(lines).expect(200).lines())
                .extracting(line -> line.path("status").asText())
                .doesNotContain("rejected", "unchanged");
    }

    static Stream<Arguments> orders() {
        return Stream.of(
                        "started_at_us",
                        "completed_at_us",
                        "status",
                        "alert_type",
                        "agent_type",
                        "duration_ms",
                        "session_total_tokens")
                .flatMap(field -> Stream.of(Arguments.of(field, "asc"), Arguments.of(field, "desc")));
    }

    @ParameterizedTest
    @MethodSource("orders")
    void everyOrderIsKeptWithTiesAndGaps(String field, String direction) {
        var rows = rows("&page_size=250&sort_by=" + field + "&sort_order=" + direction);

        assertThat(rows).hasSize(ROWS);
        var known = rows.stream().filter(row -> row.hasNonNull(field)).toList();
        assertThat(known)
                .as("rows without %s stand together at one end", field)
                .isIn(rows.subList(0, known.size()), rows.subList(rows.size() - known.size(), rows.size()));
        if (!field.equals("status")) {
            assertThat(known)
                    .extracting(row -> row.path(field))
                    .isSortedAccordingTo(
                            direction.equals("asc") ? byValue() : byValue().reversed());
        }
        assertThat(runs(rows, field))
                .as("equal values stand together")
                .hasSameSizeAs(
                        new HashSet<>(rows.stream().map(row -> row.path(field)).toList()));
        assertThat(runs(rows, field).stream().allMatch(ListIT::ascends)
                        || runs(rows, field).stream().allMatch(run -> ascends(reversed(run))))
                .as("ties are broken by session_id, all the same way")
                .isTrue();
    }

    @ParameterizedTest
    @MethodSource("orders")
    void everyOrderShowsEachRowOnceByPageAndByCursor(String field, String direction) {
        var order = "&sort_by=" + field + "&sort_order=" + direction;
        var whole = ids(rows("&page_size=250" + order));

        var byPage = new ArrayList<String>();
        for (var page = 1; page <= 5; page++) {
            byPage.addAll(ids(rows("&page_size=5&page=" + page + order)));
        }
        var byCursor = new ArrayList<String>();
        var part = list("&page_size=5" + order);
        byCursor.addAll(ids(listed(part.path("sessions"))));
        for (var i = 0; i < ROWS && part.path("pagination").hasNonNull("next_cursor"); i++) {
            var cursor = part.at("/pagination/next_cursor").asText();
            part = list("&page_size=5" + order + "&cursor=" + encoded(cursor));
            byCursor.addAll(ids(listed(part.path("sessions"))));
        }

        assertThat(byPage).isEqualTo(whole).doesNotHaveDuplicates();
        assertThat(byCursor).isEqualTo(whole);
        assertThat(part.at("/pagination/next_cursor").isNull()).isTrue();
    }

    @Test
    @Tag("smoke")
    void theNewestStandFirstUnlessAskedOtherwise() {
        var rows = rows("");

        assertThat(rows).hasSize(20);
        assertThat(rows)
                .extracting(row -> row.path("started_at_us"))
                .isSortedAccordingTo(byValue().reversed());
    }

    @Test
    @Tag("smoke")
    void thePageSaysHowManyThereAre() {
        var pagination = list("&page=2&page_size=10").path("pagination");

        assertThat(pagination.path("page").intValue()).isEqualTo(2);
        assertThat(pagination.path("page_size").intValue()).isEqualTo(10);
        assertThat(pagination.path("total_items").intValue()).isEqualTo(ROWS);
        assertThat(pagination.path("total_pages").intValue()).isEqualTo(3);
    }

    @Test
    void aPagePastTheEndIsEmptyWithTrueTotals() {
        var list = list("&page=1000&page_size=10");

        assertThat(list.path("sessions")).isEmpty();
        assertThat(list.at("/pagination/total_items").intValue()).isEqualTo(ROWS);
        assertThat(list.at("/pagination/total_pages").intValue()).isEqualTo(3);
    }

    @Test
    void rowsHaveTheFieldsOfTheContractAndNoBodies() {
        var row = rows("&page_size=1").get(0);

        assertThat(row.fieldNames())
                .toIterable()
                .contains(
                        "session_id",
                        "alert_id",
                        "alert_type",
                        "agent_type",
                        "status",
                        "started_at_us",
                        "completed_at_us",
                        "error_message",
                        "llm_interaction_count",
                        "mcp_communication_count",
                        "total_interactions",
                        "session_input_tokens",
                        "session_output_tokens",
                        "session_total_tokens",
                        "chain_id",
                        "total_stages",
                        "completed_stages",
                        "failed_stages",
                        "current_stage_index",
                        "duration_ms")
                .doesNotContain("alert_data", "final_analysis", "stages", "chain_definition");
    }

    @Test
    void sumsAreRealNumbersAndNullWhereNothingIsKnown() {
        for (var row : rows("&page_size=250")) {
            var counted = row.path("llm_interaction_count").intValue();
            assertThat(row.path("session_total_tokens").isNull()).isEqualTo(counted == 0);
            assertThat(row.path("total_interactions").intValue()).isEqualTo(counted);
            assertThat(row.path("duration_ms").isNull())
                    .isEqualTo(row.path("completed_at_us").isNull());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "completed, 8",
        "failed, 4",
        "in_progress, 4",
        "pending, 4",
        "timed_out, 3",
        "completed failed, 12",
    })
    void statusesAreAnyOf(String statuses, int expected) {
        var query = new StringBuilder();
        for (var status : statuses.split(" ", -1)) {
            query.append("&status=").append(status);
        }

        var list = list("&page_size=250" + query);

        var wanted = List.of(statuses.split(" ", -1));
        var found = listed(list.path("sessions"));
        assertThat(found).allMatch(row -> wanted.contains(row.path("status").asText()));
        assertThat(list.at("/pagination/total_items").intValue()).isEqualTo(found.size());
        assertThat(found).hasSize(expected);
        assertThat(listed(list.at("/filters_applied/status")))
                .extracting(JsonNode::asText)
                .containsExactlyInAnyOrderElementsOf(wanted);
    }

    @Test
    void exactFiltersNarrowTogether() {
        assertThat(rows("&page_size=250&alert_type=" + typeB)).hasSize(8);
        assertThat(rows("&page_size=250&alert_type=" + typeB + "&alert_type=" + typeA))
                .hasSize(ROWS);
        assertThat(rows("&page_size=250&chain_id=" + chain)).hasSize(12);
        assertThat(rows("&page_size=250&chain_id=" + chain + "&alert_type=" + typeB))
                .hasSize(4);
        assertThat(rows("&alert_type=" + typeB.substring(0, 5))).isEmpty();
        assertThat(rows("&alert_type=%25")).isEmpty();
        assertThat(list("&chain_id=" + chain).at("/filters_applied/chain_id").toString())
                .contains(chain);
    }

    @Test
    void datesAreInclusiveAtBothEnds() {
        var from = Sample.START + 1_000_000;
        var until = Sample.START + 2_000_000;

        var list = list("&page_size=250&start_date_us=" + from + "&end_date_us=" + until);

        assertThat(list.path("sessions")).hasSize(8);
        assertThat(list.at("/filters_applied/start_date_us").asLong()).isEqualTo(from);
        assertThat(list.at("/filters_applied/end_date_us").asLong()).isEqualTo(until);
        assertThat(rows("&page_size=250&start_date_us=" + (until + 1))).hasSize(ROWS - 12);
        assertThat(rows("&page_size=250&end_date_us=" + (from - 1))).hasSize(4);
    }

    @Test
    void aCursorHoldsItsPlaceWhileRowsAreAdded() {
        var type = Sample.word("moving");
        for (var i = 0; i < 4; i++) {
            tarsy.createsSession(Sample.session().put("alert_type", type).put("started_at_us", Sample.START + i));
        }
        var path = sessions() + "?page_size=2&alert_type=" + type;
        var first = tarsy.get(path).expect(200).json();
        tarsy.createsSession(Sample.session().put("alert_type", type).put("started_at_us", Sample.START + 9));

        var second = tarsy.get(path + "&cursor="
                        + encoded(first.at("/pagination/next_cursor").asText()))
                .expect(200)
                .json();

        assertThat(listed(second.path("sessions")))
                .extracting(row -> row.path("started_at_us").longValue())
                .containsExactly(Sample.START + 1, Sample.START);
    }

    @Test
    void aDeletedRowIsCountedNoMore() {
        var type = Sample.word("deleted");
        var id = tarsy.createsSession(Sample.session().put("alert_type", type));
        tarsy.delete(session(id)).expect(204);

        assertThat(tarsy.get(sessions() + "?alert_type=" + type)
                        .expect(200)
                        .json()
                        .at("/pagination/total_items")
                        .intValue())
                .isZero();
    }

    private JsonNode list(String query) {
        return tarsy.get(sessions() + "?agent_type=" + agent + query)
                .expect(200)
                .json();
    }

    private List<JsonNode> rows(String query) {
        return listed(list(query).path("sessions"));
    }

    private static List<JsonNode> listed(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }

    private static List<String> ids(List<JsonNode> rows) {
        return rows.stream().map(row -> row.path("session_id").asText()).toList();
    }

    private static Comparator<JsonNode> byValue() {
        return (one, other) -> one.isNumber()
                ? one.decimalValue().compareTo(other.decimalValue())
                : one.asText().compareTo(other.asText());
    }

    /** The ids of neighbours that have the same value. */
    private static List<List<String>> runs(List<JsonNode> rows, String field) {
        var runs = new ArrayList<List<String>>();
        for (var i = 0; i < rows.size(); i++) {
            if (i == 0 || !rows.get(i).path(field).equals(rows.get(i - 1).path(field))) {
                runs.add(new ArrayList<>());
            }
            runs.get(runs.size() - 1).add(rows.get(i).path("session_id").asText());
        }
        return runs;
    }

    private static boolean ascends(List<String> ids) {
        return ids.stream().sorted().toList().equals(ids);
    }

    private static List<String> reversed(List<String> ids) {
        var turned = new ArrayList<>(ids);
        Collections.reverse(turned);
        return turned;
    }
}
