package io.tarsy.history.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What agents feel while the history is tidied up: retention deletes three sessions of ten as they go on writing. */
final class Upkeep {
    private static final String RUNS = "api/v1/system/retention/runs";
    private static final int WRITERS = 16;
    private static final long WRITES_EACH_MS = 160; // a hundred a second together
    private static final int INTERACTIONS = 10;
    private static final JsonMapper JSON = new JsonMapper();
    private static final long DAY_US = TimeUnit.DAYS.toMicros(1);

    private final String server;
    private final Path folder;
    private final boolean quick;

    Upkeep(String server, Path folder, boolean quick) {
        this.server = server;
        this.folder = folder;
        this.quick = quick;
    }

    /**
     * What came of it.
     *
     * @param sessions before it began
     * @param before the writes of half a minute
     * @param during the writes until the last run had ended
     * @param failed writes that were not answered 201
     * @param deleted sessions
     * @param rows deleted
     * @param seconds from the first run to the end of the last
     * @param refused answers 409 to a second server that wanted to run it too, or null where there can be none
     * @param bytesBefore size of the database
     * @param bytesAfter the same
     */
    record Figures(
            int sessions,
            Load.Result before,
            Load.Result during,
            long failed,
            long deleted,
            long rows,
            double seconds,
            @Nullable Long refused,
            long bytesBefore,
            long bytesAfter) {}

    Figures measure(String kind) throws Exception {
        var place = Place.fresh(kind, folder);
        var settings = Map.of("HISTORY_RETENTION_DAYS", "30");
        new Service(server, place, folder, settings).close(); // makes the tables
        int sessions = quick ? 5_000 : 100_000;
        seed(place, sessions);
        try (var service = new Service(server, place, folder, settings);
                var other = kind.equals("sqlite") ? null : new Service(server, place, folder, settings)) {
            warmUp(service);
            var before = new Writers(service);
            Thread.sleep(quick ? 5_000 : 30_000);
            var calm = before.end();
            long bytesBefore = bytes(place);
            long begin = System.nanoTime();
            var during = new Writers(service);
            var totals = runsToTheEnd(service, other);
            var busy = during.end();
            return new Figures(
                    sessions,
                    calm,
                    busy,
                    before.failed() + during.failed(),
                    totals[0],
                    totals[1],
                    (System.nanoTime() - begin) / 1e9,
                    other == null ? null : (Long) totals[2],
                    bytesBefore,
                    bytes(place));
        }
    }

    private void warmUp(Service service) throws Exception {
        Load.measure(WRITERS, Duration.ZERO, Duration.ofSeconds(quick ? 3 : 45), 1, thread -> write(service, thread));
    }

    private static void write(Service service, int thread) throws IOException, InterruptedException {
        var id = "new-" + thread;
        service.post("api/v1/history/sessions/" + id + "/llm-interactions", "application/json", Rows.body(id));
    }

    /** Starts runs until one is completed; sessions and rows that went, and how often another server was refused. */
    private static long[] runsToTheEnd(Service service, @Nullable Service other) throws Exception {
        long[] totals = new long[3];
        for (var state = "paused"; state.equals("paused"); ) {
            var shown = JSON.readTree(service.post(RUNS, "application/json", new byte[0]));
            var run = shown.path("run_id").asText();
            for (state = "running"; state.equals("running"); ) {
                totals[2] += other == null ? 0 : refusals(other);
                Thread.sleep(500);
                shown = JSON.readTree(service.get(RUNS + "/" + run).body());
                state = shown.path("state").asText();
            }
            totals[0] += shown.path("sessions_deleted").longValue();
            totals[1] += shown.path("rows_deleted").longValue();
            if (state.equals("failed")) {
                throw new IllegalStateException("Retention failed: " + shown.path("error"));
            }
        }
        return totals;
    }

    private static int refusals(Service other) throws IOException, InterruptedException {
        int status = other.status(RUNS);
        if (status == 202) {
            throw new IllegalStateException("A second server ran retention at the same time.");
        }
        return status == 409 ? 1 : 0;
    }

    /** Agents that write at a steady pace. A write is as slow as it is late against that pace. */
    private static final class Writers {
        private final AtomicBoolean done = new AtomicBoolean();
        private final ArrayList<Future<long[]>> running = new ArrayList<>();
        private final ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        private final AtomicLong failed = new AtomicLong();
        private final long begun = System.nanoTime();

        Writers(Service service) {
            for (int i = 0; i < WRITERS; i++) {
                int thread = i;
                running.add(threads.submit(() -> repeat(service, thread)));
            }
        }

        private long[] repeat(Service service, int thread) throws InterruptedException {
            var took = new long[1024];
            int count = 0;
            long due = begun + TimeUnit.MILLISECONDS.toNanos(thread * WRITES_EACH_MS / WRITERS);
            while (!done.get()) {
                long early = due - System.nanoTime();
                if (early > 0) {
                    TimeUnit.NANOSECONDS.sleep(early);
                }
                try {
                    write(service, thread);
                } catch (IOException refused) {
                    failed.incrementAndGet();
                }
                if (count == took.length) {
                    took = Arrays.copyOf(took, count * 2);
                }
                took[count++] = System.nanoTime() - due;
                due += TimeUnit.MILLISECONDS.toNanos(WRITES_EACH_MS);
            }
            return Arrays.copyOf(took, count);
        }

        Load.Result end() throws Exception {
            done.set(true);
            var all = new ArrayList<long[]>();
            for (var one : running) {
                all.add(one.get());
            }
            threads.shutdownNow();
            return Load.result(all, (System.nanoTime() - begun) / 1e9);
        }

        long failed() {
            return failed.get();
        }
    }

    /** Sessions with their interactions, three of ten of them old; the writers' own besides. */
    private static void seed(Place place, int sessions) throws SQLException {
        long now = TimeUnit.SECONDS.toMicros(Instant.now().getEpochSecond());
        var old = now - 60 * DAY_US;
        var numbers =
                " with recursive n(i) as (select 0 union all select i + 1 from n where i < " + (sessions - 1) + ") ";
        var each = " with recursive n(i) as (select 0 union all select i + 1 from n where i < "
                + ((long) sessions * INTERACTIONS - 1) + ") ";
        var at = "(case when i % 10 < 3 then " + old + " else " + (now - DAY_US) + " end + i)";
        try (var connection = place.connect()) {
            execute(
                    connection,
                    "insert into alert_sessions (session_id, agent_type, alert_type, chain_id, status, started_at_us,"
                            + " completed_at_us, duration_ms, created_at_us, content_digest, alert_data)" + numbers
                            + "select 's-' || i, 'agent-' || (i % 7), 'alert-' || (i % 23), 'chain', 'completed', " + at
                            + ", " + at + " + 60000000, 60000, " + at + ", 'd', '{\"pod\":\"a\"}' from n",
                    "insert into session_totals (session_id, llm_interaction_count, total_stages, updated_at_us,"
                            + " size_bytes)" + numbers + "select 's-' || i, " + INTERACTIONS + ", 1, 1, 12 from n",
                    "insert into stage_executions (execution_id, session_id, stage_id, stage_index, stage_name, agent,"
                            + " status, created_at_us, content_digest)" + numbers
                            + "select 's-' || i || '-stage', 's-' || i, 's', 0, 's', 'a', 'completed', 1, 'd' from n",
                    "insert into llm_interactions (interaction_id, session_id, stage_execution_id, timestamp_us,"
                            + " duration_ms, success, model_name, size_bytes, created_at_us, content_digest,"
                            + " conversation)" + each
                            + "select 'i-' || i, 's-' || (i / 10), 's-' || (i / 10) || '-stage', " + now + ", 5, "
                            + (place.kind().equals("sqlite") ? "1" : "true") + ", 'a-model', 400, 1,"
                            + " 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', '{\"messages\":[{\"role\":\"user\","
                            + "\"content\":\"" + "Why does it crash? ".repeat(20) + "\"}]}' from n",
                    "analyze");
            connection.setAutoCommit(false);
            for (int i = 0; i < WRITERS; i++) {
                Rows.session(connection, "new-" + i, now, "in_progress");
            }
            connection.commit();
        }
    }

    private static void execute(Connection connection, String... statements) throws SQLException {
        try (var statement = connection.createStatement()) {
            for (var sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static long bytes(Place place) throws IOException, SQLException {
        if (place.kind().equals("sqlite")) {
            return Files.size(Path.of(place.url().substring("sqlite:///".length())));
        }
        try (var connection = place.connect();
                var statement = connection.createStatement();
                var row = statement.executeQuery("select pg_database_size(current_database())")) {
            row.next();
            return row.getLong(1);
        }
    }
}
