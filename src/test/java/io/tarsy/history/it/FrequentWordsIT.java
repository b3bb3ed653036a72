package io.tarsy.history.it;

import static io.tarsy.history.it.TarsyClient.encoded;
import static io.tarsy.history.it.TarsyClient.sessions;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Words that stand in thousands of sessions: every page has what it should have, in whatever order. */
@Tag("across")
class FrequentWordsIT {
    private static final int SESSIONS = 2_600;

    /** What is known of a session: its place among all in the order of time, which is not that of its writing. */
    private record Known(String id, int place) {
        String type() {
            return "type-" + place % 5;
        }

        String says() {
            return "often " + (place % 3 == 0 ? "third " : "") + (place > SESSIONS - 40 ? "" : "early ")
                    + (place == 1_234 ? "single" : "");
        }

        long durationMs() {
            return (place * 7_919L) % SESSIONS;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqlite", "postgresql"})
    void everyPageIsRight(String database) throws InterruptedException {
        try (var server = TestServer.start("payara", TestServer.freshDatabase(database))) {
            var tarsy = server.client();
            var all = writes(tarsy);
            var busy = new Known(Sample.id(), -2);
            assertThat(tarsy.batch(investigation(busy.id)).expect(200).text()).doesNotContain("rejected");
            settles(tarsy);
            var late = Sample.session(Sample.id()).put("started_at_us", Sample.START + 5_000_500);
            late.withObject("/alert_data").put("message", "often noted");
            var noted = new Known(tarsy.createsSession(late), -1);

            var byTime = new ArrayList<>(all);
            byTime.sort(Comparator.comparing(Known::place));
            byTime.add(6, noted);
            byTime.add(11, busy);
            expect(tarsy, byTime, "third often", "", one -> one.place >= 0 && one.place % 3 == 0);
            expect(tarsy, byTime, "often -third", "", one -> one.place < 0 || one.place % 3 != 0);
            tarsy.recordsLlm(busy.id, llm("third")).expect(201);
            expect(tarsy, byTime, "often", "", one -> true);
            expect(tarsy, byTime, "often", between(300, 2_000), one -> one.place >= 300 && one.place <= 2_000);
            expect(
                    tarsy,
                    byTime,
                    "often",
                    between(8, 12),
                    one -> one.equals(busy) || (one.place >= 8 && one.place <= 12));
            expect(tarsy, byTime, "third often", "", one -> one.equals(busy) || (one.place >= 0 && one.place % 3 == 0));
            expect(
                    tarsy,
                    byTime,
                    "third often",
                    between(0, 9),
                    one -> one.equals(busy) || List.of(0, 3, 6, 9).contains(one.place));
            expect(
                    tarsy,
                    byTime,
                    "often -third",
                    "",
                    one -> one.equals(noted) || (one.place >= 0 && one.place % 3 != 0));
            expect(tarsy, byTime, "early often", "", one -> one.place >= 0 && one.place <= SESSIONS - 40);
            expect(tarsy, byTime, "often single", "", one -> one.place == 1_234);
            expect(tarsy, byTime, "oft*", "&alert_type=type-2", one -> one.place >= 0 && one.place % 5 == 2);
            expect(tarsy, byTime, "often", "&status=failed", one -> false);
            for (var search : List.of("often", "third often")) {
                var facets = tarsy.get("api/v1/history/facets?status=completed&search=" + encoded(search))
                        .expect(200)
                        .json();
                assertThat(facets.path("is_estimate").booleanValue()).isFalse();
                assertThat(facets.at("/facets/alert_type")).hasSize(5);
                facets.at("/facets/alert_type")
                        .forEach(type -> assertThat(type.path("count").longValue())
                                .as("%s, %s", search, type)
                                .isEqualTo(all.stream()
                                        .filter(one -> one.type()
                                                .equals(type.path("value").asText()))
                                        .filter(one -> one.says().contains(search.split(" ", -1)[0]))
                                        .count()));
            }
            var byDuration = new ArrayList<>(all);
            byDuration.sort(Comparator.comparing(Known::durationMs).thenComparing(Known::id));
            expect(
                    tarsy,
                    byDuration,
                    "often third",
                    "&sort_by=duration_ms&status=completed",
                    one -> one.place % 3 == 0);
        }
    }

    private static List<Known> writes(TarsyClient tarsy) {
        var places = new ArrayList<>(IntStream.range(0, SESSIONS).boxed().toList());
        Collections.shuffle(places, new Random(4));
        var all = places.stream().map(place -> new Known(Sample.id(), place)).toList();
        var answers = tarsy.batch(all.stream()
                .map(one -> {
                    long at = Sample.START + one.place * 1_000_000L;
                    var session = Sample.session(one.id)
                            .put("started_at_us", at)
                            .put("alert_type", one.type())
                            .put("status", "completed")
                            .put("completed_at_us", at + one.durationMs() * 1_000);
                    session.withObject("/alert_data").put("message", one.says());
                    return Sample.line("session", one.id, session);
                })
                .toList());
        assertThat(answers.expect(200).text()).doesNotContain("rejected");
        return all;
    }

    /** A session that is in the index although it goes on: it has many interactions. */
    private static List<ObjectNode> investigation(String id) {
        var lines = new ArrayList<ObjectNode>();
        var session = Sample.session(id).put("started_at_us", Sample.START + 9_000_500);
        session.withObject("/alert_data").put("message", "often asked");
        lines.add(Sample.line("session", id, session));
        for (int at = 0; at < 64; at++) {
            lines.add(Sample.line("llm_interaction", id, llm("often")));
        }
        return lines;
    }

    private static ObjectNode llm(String says) {
        var llm = Sample.llm(Sample.id());
        llm.putObject("conversation")
                .putArray("messages")
                .addObject()
                .put("role", "user")
                .put("content", says);
        return llm;
    }

    private static String between(int first, int last) {
        return "&start_date_us=" + (Sample.START + first * 1_000_000L) + "&end_date_us="
                + (Sample.START + last * 1_000_000L + 900_000);
    }

    private static void settles(TarsyClient tarsy) throws InterruptedException {
        for (int tries = 0; notSettled(tarsy) > 0; tries++) {
            assertThat(tries).as("waited for the index").isLessThan(600);
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    private static long notSettled(TarsyClient tarsy) {
        return tarsy.get("api/v1/system/search")
                .expect(200)
                .json()
                .path("recent_records")
                .longValue();
    }

    /** All pages by cursor, upwards and downwards, and some by number. */
    private static void expect(
            TarsyClient tarsy, List<Known> order, String search, String more, Predicate<Known> matching) {
        var expected = order.stream().filter(matching).map(Known::id).toList();
        var backwards = new ArrayList<>(expected);
        Collections.reverse(backwards);
        for (var direction : List.of("asc", "desc")) {
            var right = direction.equals("asc") ? expected : backwards;
            var path = sessions() + "?page_size=100&search=" + encoded(search) + more + "&sort_order=" + direction;
            var found = new ArrayList<String>();
            for (var next = ""; next != null; ) {
                var page = tarsy.get(path + next).expect(200).json();
                page.path("sessions")
                        .forEach(row -> found.add(row.path("session_id").asText()));
                assertThat(page.at("/pagination/total_items").intValue())
                        .as(search)
                        .isEqualTo(right.size());
                var cursor = page.at("/pagination/next_cursor");
                next = cursor.isNull() ? null : "&cursor=" + cursor.asText();
            }
            assertThat(found).as("%s %s %s", search, more, direction).isEqualTo(right);
            for (int number : new int[] {2, 7, 20}) {
                var ids = new ArrayList<String>();
                tarsy.get(path + "&page=" + number)
                        .expect(200)
                        .json()
                        .path("sessions")
                        .forEach(row -> ids.add(row.path("session_id").asText()));
                assertThat(ids)
                        .as("%s %s, page %d", search, more, number)
                        .isEqualTo(right.subList(
                                Math.min(right.size(), (number - 1) * 100), Math.min(right.size(), number * 100)));
            }
        }
    }
}
