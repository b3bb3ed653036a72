package io.tarsy.history.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Two servers of different kind on one PostgreSQL: one schema, every event on both, and no loss with one of them. */
@Tag("across")
@Execution(ExecutionMode.CONCURRENT)
class ManyServersIT {

    @Test
    void shareOneDatabase() throws Exception {
        var url = TestPostgresql.freshUrl();
        var starts = Executors.newFixedThreadPool(2);
        try {
            // at once, so that both want to make the tables
            var few = Map.of(
                    "HISTORY_LIVE_CLIENTS", "2",
                    "HISTORY_RETENTION_CHUNK_ROWS", "10",
                    "HISTORY_RETENTION_PAUSE_MS", "500");
            var payaraStart = starts.submit(() -> TestServer.start("payara", url, few));
            var libertyStart = starts.submit(() -> TestServer.start("liberty", url, few));
            try (var payara = payaraStart.get();
                    var liberty = libertyStart.get()) {
                eventsCross(payara, liberty);
                try (var connection = TestPostgresql.connect(url);
                        var statement = connection.createStatement()) {
                    statement.execute("select pg_terminate_backend(pid) from pg_stat_activity"
                            + " where application_name = 'tarsy-events' and datname = current_database()");
                }
                eventsCross(liberty, payara);
                numbersKeepTheirOrder(url, payara, false);
                numbersKeepTheirOrder(url, payara, true);
                onlySoManyMayListen(payara);
                onlySoManyMayListen(liberty);
                bothAreSeen(payara);
                nothingAcknowledgedIsLost(payara, liberty);
                aServerThatStopsPausesItsRun(url, liberty);
            }
        } finally {
            starts.shutdownNow();
        }
    }

    private static void eventsCross(TestServer writing, TestServer listening) throws InterruptedException {
        try (var stream = listening(listening)) {
            var id = writing.client().createsSession(Sample.session());
            assertThat(stream.await(EventStream.of(id), 1)).hasSize(1);
        }
    }

    /**
     * PostgreSQL numbers before it commits: who comes later with a smaller number must not be missed, whichever of the
     * two transactions began first.
     */
    private static void numbersKeepTheirOrder(String url, TestServer server, boolean quickBeganFirst) throws Exception {
        var insert = "insert into events (at_us, type, session_id, data)"
                + " values (1, 'session_created', '%1$s', '{\"session_id\":\"%1$s\"}')";
        try (var stream = listening(server);
                var first = TestPostgresql.connect(url);
                var second = TestPostgresql.connect(url);
                var slow = first.createStatement();
                var quick = second.createStatement()) {
            first.setAutoCommit(false);
            second.setAutoCommit(false);
            if (quickBeganFirst) {
                quick.execute("select pg_current_xact_id()");
            }
            slow.executeUpdate(insert.formatted("slow"));
            quick.executeUpdate(insert.formatted("quick"));
            second.commit();
            Thread.sleep(1_500); // long enough for a wrong reader to have passed the hole
            first.commit();

            var marker = server.client().createsSession(Sample.session());
            stream.await(EventStream.of(marker), 1);
            assertThat(stream.events())
                    .extracting(event -> String.valueOf(event.data()))
                    .filteredOn(data -> data.contains("slow") || data.contains("quick"))
                    .containsExactly("{\"session_id\":\"slow\"}", "{\"session_id\":\"quick\"}");
        }
    }

    /** Clients that have gone are noticed only when something is sent to them, so room is waited for. */
    private static void onlySoManyMayListen(TestServer server) throws InterruptedException {
        try (var first = listening(server);
                var second = listening(server)) {
            var refused = server.client().get("api/v1/history/events").expect(503);

            assertThat(refused.header("Retry-After")).isNotEmpty();
            assertThat(refused.header("Content-Type")).contains("application/problem+json");
            assertThat(refused.text()).contains("Already 2 clients listen");
            var id = server.client().createsSession(Sample.session());
            first.await(EventStream.of(id), 1);
            second.await(EventStream.of(id), 1);
        }
    }

    private static EventStream listening(TestServer server) throws InterruptedException {
        for (var tries = 0; ; tries++) {
            try {
                return EventStream.open(server.root(), "");
            } catch (UncheckedIOException full) {
                if (tries == 60) {
                    throw full;
                }
                server.client().createsSession(Sample.session());
                Thread.sleep(500);
            }
        }
    }

    private static void bothAreSeen(TestServer server) throws InterruptedException {
        var tries = 0;
        while (server.client()
                                .get("api/v1/system/database")
                                .expect(200)
                                .json()
                                .path("servers")
                                .size()
                        < 2
                && tries++ < 60) {
            Thread.sleep(500);
        }
        var servers =
                server.client().get("api/v1/system/database").expect(200).json().path("servers");
        assertThat(servers).hasSize(2);
    }

    private static void nothingAcknowledgedIsLost(TestServer killed, TestServer left) {
        var id = killed.client().createsSession(Sample.session());
        var written = new ArrayList<String>();
        for (var i = 0; i < 50; i++) {
            var one = Sample.id();
            killed.client().recordsLlm(id, Sample.llm(one)).expect(201);
            written.add(one);
        }
        killed.kill();

        var detail = left.client().detail(id);
        assertThat(detail.path("session_level_interactions").findValuesAsText("id"))
                .containsAll(written);
        left.client().patchesSession(id, "{'status':'completed'}");
    }

    /** Also where something runs in the background: what it did is recorded, and the next server may go on at once. */
    private static void aServerThatStopsPausesItsRun(String url, TestServer server) throws Exception {
        var runs = "api/v1/system/retention/runs";
        for (var i = 0; i < 40; i++) {
            var id = server.client().createsSession(Sample.session());
            server.client().recordsLlm(id, Sample.llm(Sample.id())).expect(201);
            server.client().patchesSession(id, "{'status':'completed','completed_at_us':1}");
        }
        var run =
                server.client().post(runs, "").expect(202).json().path("run_id").asText();
        for (var tries = 0; deleted(server, runs + "/" + run) == 0 && tries < 100; tries++) {
            Thread.sleep(100);
        }
        server.close();

        try (var connection = TestPostgresql.connect(url);
                var statement = connection.createStatement();
                var row = statement.executeQuery("select state, sessions_deleted,"
                        + " (select count(*) from leases where name = 'retention') as held,"
                        + " (select count(*) from alert_sessions where completed_at_us = 1) as kept"
                        + " from retention_runs where run_id = '" + run + "'")) {
            assertThat(row.next()).isTrue();
            assertThat(row.getString("state")).isEqualTo("paused");
            assertThat(row.getInt("sessions_deleted") + row.getInt("kept")).isEqualTo(40);
            assertThat(row.getInt("kept")).isPositive();
            assertThat(row.getInt("held")).isZero();
        }
    }

    private static int deleted(TestServer server, String run) {
        return server.client()
                .get(run)
                .expect(200)
                .json()
                .path("sessions_deleted")
                .intValue();
    }
}
