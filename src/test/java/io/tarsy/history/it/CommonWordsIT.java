package io.tarsy.history.it;

import static io.tarsy.history.it.TarsyClient.encoded;
import static io.tarsy.history.it.TarsyClient.sessions;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Words that stand in more sessions than a total counts: pages stay right, and with a filter the total is exact. */
@Tag("across")
class CommonWordsIT {
    private static final int SESSIONS = 24_000;
    private static final int COUNTED = 10_000;
    private static final int PAGE = 100;

    @ParameterizedTest
    @ValueSource(strings = {"sqlite", "postgresql"})
    void pagesAreRightAndTotalsTrue(String database) throws SQLException {
        try (var server = TestServer.start("payara", TestServer.freshDatabase(database))) {
            boolean isPostgres = database.equals("postgresql");
            writes(server, isPostgres);
            var tarsy = server.client();
            if (isPostgres) {
                // what stands nearly everywhere it knows from its statistics, without asking the index
                server.execute("analyze search_sessions");
                server.execute("alter function search_matches rename to search_matches_away");
                expect(tarsy, "often most", "", place -> place % 10 != 0);
                expect(tarsy, "often -third", "", place -> place % 3 != 0);
                server.execute("alter function search_matches_away rename to search_matches");
            }
            expect(tarsy, "most often", "", place -> place % 10 != 0);
            expect(tarsy, "often", "", place -> true);
            expect(tarsy, "often half", "", place -> place % 2 == 0);
            expect(tarsy, "often -half", "", place -> place % 2 != 0);
            expect(tarsy, "often most", "&alert_type=type-3", place -> place % 5 == 3 && place % 10 != 0);
            expect(tarsy, "often third", "&alert_type=type-3", place -> place % 5 == 3 && place % 3 == 0);
            expect(tarsy, "third", "&alert_type=type-3&status=failed", place -> false);
            expect(tarsy, "often most", "&status=completed", place -> place % 10 != 0);
        }
    }

    /** As if all had been written and had come to rest; by the API that takes minutes. */
    private static void writes(TestServer server, boolean isPostgres) throws SQLException {
        var numbers = " with recursive n(i) as (select 0 union all select i + 1 from n where i < " + (SESSIONS - 1)
                + ") select 'c-' || i, ";
        var words =
                "'often' || case when i % 10 != 0 then ' most' else '' end || case when i % 2 = 0 then ' half' else ''"
                        + " end || case when i % 3 = 0 then ' third' else '' end";
        server.execute(
                "insert into alert_sessions (session_id, agent_type, alert_type, chain_id, status, started_at_us,"
                        + " completed_at_us, duration_ms, created_at_us, content_digest, alert_data)" + numbers
                        + "'agent', 'type-' || (i % 5), 'chain', 'completed', " + Sample.START
                        + " + i * cast(1000000 as bigint), "
                        + Sample.START
                        + " + i * cast(1000000 as bigint) + 5000, 5, 1, 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',"
                        + " '{\"message\":\"' || " + words + " || '\"}' from n");
        server.execute("insert into session_totals (session_id, updated_at_us)" + numbers + "1 from n");
        server.execute("insert into search_sessions (session_id, settled_at_us, lexemes)" + numbers + "1, "
                + (isPostgres ? "array_to_tsvector(string_to_array(" + words + ", ' '))" : words) + " from n");
    }

    /** The first pages by cursor, and a later one by its number. */
    private static void expect(TarsyClient tarsy, String search, String more, IntPredicate matching) {
        var right = IntStream.range(0, SESSIONS)
                .map(place -> SESSIONS - 1 - place)
                .filter(matching)
                .mapToObj(place -> "c-" + place)
                .toList();
        var path = sessions() + "?page_size=" + PAGE + "&search=" + encoded(search) + more;
        var found = new ArrayList<String>();
        var cursor = "";
        for (int pages = 0; pages < 4 && cursor != null; pages++) {
            var page = tarsy.get(path + cursor).expect(200).json();
            found.addAll(ids(page));
            assertThat(page.at("/pagination/total_items").intValue())
                    .as("%s %s", search, more)
                    .isEqualTo(Math.min(right.size(), COUNTED));
            assertThat(page.at("/pagination/total_is_estimate").booleanValue())
                    .as("%s %s", search, more)
                    .isEqualTo(right.size() > COUNTED);
            var next = page.at("/pagination/next_cursor");
            cursor = next.isNull() ? null : "&cursor=" + next.asText();
        }
        assertThat(found).as("%s %s", search, more).isEqualTo(right.subList(0, Math.min(right.size(), 4 * PAGE)));
        assertThat(ids(tarsy.get(path + "&page=9").expect(200).json()))
                .as("%s %s, page 9", search, more)
                .isEqualTo(right.subList(Math.min(right.size(), 8 * PAGE), Math.min(right.size(), 9 * PAGE)));
    }

    private static List<String> ids(JsonNode page) {
        var ids = new ArrayList<String>();
        page.path("sessions").forEach(row -> ids.add(row.path("session_id").asText()));
        return ids;
    }
}
