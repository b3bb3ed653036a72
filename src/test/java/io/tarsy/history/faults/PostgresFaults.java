package io.tarsy.history.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.postgresql.util.PSQLException;

/** Everything that can happen to a PostgreSQL server while agents write. */
final class PostgresFaults {
    /** The bound that the product promises for a request, and what a busy machine may add. */
    private static final long REQUEST_MS = 5_000 + 1_500;

    private static final long READY_MS = 10_000;
    private static final int WRITERS = 10;
    private static final long PAUSE_MS = 80;

    private final String kind;
    private final Path folder;
    private final Faults.Extent extent;
    private final boolean brief;
    private final Consumer<Outcome> report;

    PostgresFaults(String kind, Path folder, Faults.Extent extent, Consumer<Outcome> report) {
        this.kind = kind;
        this.folder = folder;
        this.extent = extent;
        this.brief = extent == Faults.Extent.BRIEF;
        this.report = report;
    }

    /** Does something to the database. */
    private interface Deed {
        void run() throws Exception;
    }

    void run() throws Exception {
        if (extent == Faults.Extent.STOP) {
            serverStopped();
            return;
        }
        try (var postgres = new OwnPostgres(fresh("data"));
                var wire = new Wire(postgres.port());
                var server = new Server(kind, fresh("server"), postgres.url(wire.port()), Map.of()).start()) {
            stoppedAndKilled(postgres, server);
            frozen(postgres, server);
            if (!brief) {
                outage(postgres, server, "network silent for 20 s", wire::fallSilent, wire::mend, 20);
                outage(postgres, server, "network cut for 15 s", wire::cut, wire::mend, 15);
                outOfConnections(postgres, server);
                lockedRows(postgres, server);
            }
            leaks(server);
        }
        if (!brief) {
            failover();
            fullPool();
        }
        serverKilled();
        if (!brief) {
            serverStopped();
        }
    }

    private Path fresh(String name) throws IOException {
        return Files.createTempDirectory(folder, kind + "-" + name + "-");
    }

    private Outcome outcome(String done, String promised) {
        return new Outcome(kind, "PostgreSQL", done, promised);
    }

    private static Agents agents(Server server) {
        return new Agents(List.of(server.root()), WRITERS, PAUSE_MS);
    }

    private void stoppedAndKilled(OwnPostgres postgres, Server server) throws Exception {
        if (!brief) {
            outage(
                    postgres,
                    server,
                    "stopped by its administrator, started after 15 s",
                    postgres::stop,
                    postgres::start,
                    15);
        }
        int times = brief ? 2 : 5;
        var outcome = outcome(
                "killed (SIGKILL) and started " + times + " times under about 100 writes/s",
                "each time ready again within 10 s; nothing lost, nothing twice");
        try (var watch = new Watch(server);
                var agents = agents(server)) {
            long slowest = 0;
            for (int i = 0; i < times; i++) {
                TimeUnit.SECONDS.sleep(3);
                long killed = System.nanoTime();
                postgres.kill();
                outcome.expect(watch.awaitTurn(false, killed, 20) >= 0, "readiness did not go down");
                TimeUnit.SECONDS.sleep(2);
                postgres.start();
                long back = watch.awaitTurn(true, System.nanoTime(), 60);
                slowest = back < 0 || slowest < 0 ? -1 : Math.max(slowest, back);
            }
            outcome.bounded("slowest return of readiness after the start", slowest, READY_MS);
            outcome.bounded("longest request", agents.takeLongestMs(), REQUEST_MS);
            finish(outcome, agents, watch, server, postgres);
        }
    }

    private void frozen(OwnPostgres postgres, Server server) throws Exception {
        int seconds = brief ? 12 : 60;
        outage(postgres, server, "frozen (SIGSTOP) for " + seconds + " s", postgres::freeze, postgres::thaw, seconds);
    }

    /** One outage with a beginning and an end, under load. */
    private void outage(OwnPostgres postgres, Server server, String done, Deed begin, Deed end, int seconds)
            throws Exception {
        var outcome = outcome(
                done, "503 within 5 s; not ready within 10 s, ready within 10 s of the return; live; nothing lost");
        try (var watch = new Watch(server);
                var agents = agents(server)) {
            TimeUnit.SECONDS.sleep(5);
            agents.takeLongestMs();
            long begun = System.nanoTime();
            begin.run();
            long down = watch.awaitTurn(false, begun, 30);
            outcome.bounded("not ready after", down, READY_MS);
            long left = seconds * 1_000L - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
            TimeUnit.MILLISECONDS.sleep(Math.max(0, left));
            outcome.bounded("longest request", agents.takeLongestMs(), REQUEST_MS);
            end.run();
            long returned = System.nanoTime();
            outcome.bounded("ready again after", watch.awaitTurn(true, returned, 60), READY_MS);
            finish(outcome, agents, watch, server, postgres);
        }
    }

    private void finish(Outcome outcome, Agents agents, Watch watch, Server server, OwnPostgres postgres)
            throws Exception {
        TimeUnit.SECONDS.sleep(3);
        agents.stop();
        outcome.saw("answers " + agents.statuses());
        agents.surprises().forEach(surprise -> outcome.expect(false, surprise));
        watch.deaths().forEach(death -> outcome.expect(false, death));
        TimeUnit.SECONDS.sleep(6);
        long stuck = server.stuckThreads();
        outcome.expect(stuck == 0, stuck + " threads are stuck");
        try (var connection = postgres.connect()) {
            outcome.compared(agents.compare(connection));
        }
        report.accept(outcome);
    }

    private void outOfConnections(OwnPostgres postgres, Server server) throws Exception {
        var hogs = new ArrayList<Connection>();
        outage(
                postgres,
                server,
                "every connection taken by others for 15 s",
                () -> {
                    try (var first = postgres.connect();
                            var statement = first.createStatement()) {
                        statement.execute("select pg_terminate_backend(pid) from pg_stat_activity"
                                + " where application_name like 'tarsy%'");
                        take(postgres, hogs);
                    }
                    for (int i = 0; i < 50; i++) {
                        take(postgres, hogs); // whatever the pool gave back meanwhile
                        try (var statement = hogs.get(0).createStatement()) {
                            statement.execute("select pg_terminate_backend(pid) from pg_stat_activity"
                                    + " where application_name like 'tarsy%'");
                        }
                        TimeUnit.MILLISECONDS.sleep(20);
                    }
                },
                () -> {
                    for (var hog : hogs) {
                        hog.close();
                    }
                },
                15);
    }

    private static void take(OwnPostgres postgres, List<Connection> hogs) throws SQLException {
        try {
            for (int i = 0; i < 200; i++) {
                hogs.add(postgres.connect());
            }
        } catch (PSQLException full) {
            if (!"53300".equals(full.getSQLState())) {
                throw full;
            }
        }
    }

    private void lockedRows(OwnPostgres postgres, Server server) throws Exception {
        var outcome = outcome(
                "a table locked by somebody else for 12 s", "503 within 5 s, reads are served meanwhile; nothing lost");
        try (var watch = new Watch(server);
                var agents = agents(server)) {
            TimeUnit.SECONDS.sleep(2);
            agents.takeLongestMs();
            try (var connection = postgres.connect();
                    var statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.execute("lock table llm_interactions in share row exclusive mode");
                TimeUnit.SECONDS.sleep(12);
                outcome.expect(server.status("api/v1/history/sessions") == 200, "the list was not served");
                connection.rollback();
            }
            outcome.bounded("longest request", agents.takeLongestMs(), REQUEST_MS);
            outcome.bounded("ready again after", watch.awaitTurn(true, System.nanoTime(), 30), READY_MS);
            finish(outcome, agents, watch, server, postgres);
        }
    }

    private void failover() throws Exception {
        var outcome = outcome(
                "the primary of two hosts killed, the standby promoted",
                "goes on with the other host of the connection string within 10 s of its promotion");
        try (var primary = new OwnPostgres(fresh("primary"));
                var standby = primary.standby(fresh("standby"))) {
            var url = "postgresql://postgres:" + OwnPostgres.CANARY + "@127.0.0.1:" + primary.port() + ",127.0.0.1:"
                    + standby.port() + "/postgres";
            try (var server = new Server(kind, fresh("server"), url, Map.of()).start()) {
                // so that nothing acknowledged is only on the host that dies
                try (var connection = primary.connect();
                        var statement = connection.createStatement()) {
                    statement.execute("alter system set synchronous_standby_names = '*'");
                    statement.execute("select pg_reload_conf()");
                }
                try (var watch = new Watch(server);
                        var agents = agents(server)) {
                    TimeUnit.SECONDS.sleep(5);
                    agents.takeLongestMs();
                    primary.kill();
                    TimeUnit.SECONDS.sleep(2);
                    standby.promote();
                    outcome.bounded(
                            "ready after the promotion", watch.awaitTurn(true, System.nanoTime(), 60), READY_MS);
                    outcome.bounded("longest request", agents.takeLongestMs(), REQUEST_MS);
                    finish(outcome, agents, watch, server, standby);
                }
            }
        }
    }

    private void fullPool() throws Exception {
        var outcome = outcome(
                "pool of one connection, taken for 8 s, pool_timeout=2",
                "who gets none has 503 within the pool's timeout; others go on afterwards");
        try (var postgres = new OwnPostgres(fresh("data"));
                var server = new Server(
                                kind,
                                fresh("server"),
                                postgres.url(postgres.port()) + "?pool_size=1&max_overflow=0&pool_timeout=2",
                                Map.of())
                        .start();
                var watch = new Watch(server);
                var agents = agents(server)) {
            TimeUnit.SECONDS.sleep(3);
            agents.takeLongestMs();
            try (var connection = postgres.connect();
                    var statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.execute("lock table llm_interactions in share row exclusive mode");
                TimeUnit.SECONDS.sleep(8);
                connection.rollback();
            }
            outcome.bounded("longest request", agents.takeLongestMs(), REQUEST_MS);
            finish(outcome, agents, watch, server, postgres);
        }
    }

    private void serverKilled() throws Exception {
        int times = brief ? 2 : 10;
        var outcome = outcome(
                "the server killed (SIGKILL) " + times + " times during ingest from 32 writers",
                "every acknowledged write is there, none twice");
        serverEnds(outcome, server -> KilledServer.again(server, times));
    }

    private void serverStopped() throws Exception {
        var outcome = outcome(
                "the server asked to end (SIGTERM) 3 times during ingest from 32 writers",
                "it ends within 30 s; every acknowledged write is there, none twice");
        serverEnds(outcome, server -> KilledServer.politely(outcome, server, 3));
    }

    private void serverEnds(Outcome outcome, KilledServer.Ending ending) throws Exception {
        try (var postgres = new OwnPostgres(fresh("data"));
                var server = new Server(kind, fresh("server"), postgres.url(postgres.port()), Map.of()).start();
                var agents = new Agents(List.of(server.root()), 32, 5)) {
            ending.of(server);
            agents.stop();
            outcome.saw("answers " + agents.statuses());
            try (var connection = postgres.connect()) {
                outcome.compared(agents.compare(connection));
            }
            KilledServer.searchAgrees(outcome, server);
            KilledServer.statisticsAgree(outcome, server);
            report.accept(outcome);
        }
    }

    private void leaks(Server server) throws Exception {
        var outcome = outcome(
                "looked for the password in logs, answers, metrics and the process list after all of this",
                "it is nowhere");
        var leaks = server.leaks();
        outcome.expect(leaks.isEmpty(), "seen in " + leaks);
        outcome.saw(leaks.isEmpty() ? "nowhere" : leaks.toString());
        report.accept(outcome);
    }
}
