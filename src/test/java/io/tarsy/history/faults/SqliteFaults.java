package io.tarsy.history.faults;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Everything that can happen to a SQLite file while agents write. */
final class SqliteFaults {
    private static final long REQUEST_MS = 5_000 + 1_500;
    private static final long READY_MS = 10_000;
    private static final int WRITERS = 10;
    private static final long PAUSE_MS = 80;

    private final String kind;
    private final Path folder;
    private final Faults.Extent extent;
    private final boolean brief;
    private final Consumer<Outcome> report;

    SqliteFaults(String kind, Path folder, Faults.Extent extent, Consumer<Outcome> report) {
        this.kind = kind;
        this.folder = folder;
        this.extent = extent;
        this.brief = extent == Faults.Extent.BRIEF;
        this.report = report;
    }

    void run() throws Exception {
        if (extent == Faults.Extent.STOP) {
            serverStopped();
            return;
        }
        var home = fresh("server");
        try (var server = server(home, Map.of()).start()) {
            lockedByAnother(server, home);
            removedAndPutBack(server, home);
            if (!brief) {
                replaced(server, home);
                secondServer(server, home);
            }
        }
        damaged(home);
        if (!brief) {
            diskFull();
            readOnlyFolder();
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
        return new Outcome(kind, "SQLite", done, promised);
    }

    private Server server(Path home, Map<String, String> more) throws IOException {
        return new Server(kind, home, "sqlite:///" + home.resolve("history.db"), more);
    }

    private static Connection connect(Path database) throws SQLException {
        var connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        try (var statement = connection.createStatement()) {
            statement.execute("pragma busy_timeout = 20000");
        }
        return connection;
    }

    private static Agents agents(Server server) {
        return new Agents(List.of(server.root()), WRITERS, PAUSE_MS);
    }

    private void finish(Outcome outcome, Agents agents, Watch watch, Server server, Path database) throws Exception {
        TimeUnit.SECONDS.sleep(2);
        agents.stop();
        outcome.saw("answers " + agents.statuses());
        agents.surprises().forEach(surprise -> outcome.expect(false, surprise));
        watch.deaths().forEach(death -> outcome.expect(false, death));
        TimeUnit.SECONDS.sleep(2);
        long stuck = server.stuckThreads();
        outcome.expect(stuck == 0, stuck + " threads are stuck");
        try (var connection = connect(database)) {
            outcome.compared(agents.compare(connection));
        }
        report.accept(outcome);
    }

    private void lockedByAnother(Server server, Path home) throws Exception {
        var outcome = outcome(
                "file locked by another process for 15 s",
                "503 within 5 s, reads are served, not ready within 10 s, ready within 10 s afterwards; nothing lost");
        try (var watch = new Watch(server);
                var agents = agents(server)) {
            TimeUnit.SECONDS.sleep(3);
            agents.takeLongestMs();
            long begun = System.nanoTime();
            try (var other = connect(home.resolve("history.db"));
                    var statement = other.createStatement()) {
                statement.execute("begin exclusive");
                outcome.bounded("not ready after", watch.awaitTurn(false, begun, 30), READY_MS);
                TimeUnit.MILLISECONDS.sleep(
                        Math.max(0, 15_000 - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun)));
                outcome.expect(server.status("api/v1/history/sessions") == 200, "the list was not served");
                statement.execute("rollback");
            }
            long released = System.nanoTime();
            outcome.bounded("longest request", agents.takeLongestMs(), REQUEST_MS);
            outcome.bounded("ready again after", watch.awaitTurn(true, released, 60), READY_MS);
            finish(outcome, agents, watch, server, home.resolve("history.db"));
        }
    }

    private void removedAndPutBack(Server server, Path home) throws Exception {
        var database = home.resolve("history.db");
        var aside = home.resolve("aside.db");
        var outcome = outcome(
                "file moved away while running, put back after 8 s",
                "503 instead of writing into nothing; goes on with the file when it is back, without restart;"
                        + " nothing acknowledged is lost");
        try (var watch = new Watch(server);
                var agents = agents(server)) {
            TimeUnit.SECONDS.sleep(3);
            long begun = System.nanoTime();
            Files.move(database, aside);
            outcome.bounded("not ready after", watch.awaitTurn(false, begun, 30), READY_MS);
            TimeUnit.SECONDS.sleep(8);
            outcome.expect(!Files.exists(database), "an empty file was made in its place");
            Files.move(aside, database);
            outcome.bounded("ready again after", watch.awaitTurn(true, System.nanoTime(), 60), READY_MS);
            finish(outcome, agents, watch, server, database);
        }
    }

    private void replaced(Server server, Path home) throws Exception {
        var database = home.resolve("history.db");
        var outcome = outcome(
                "file replaced by a backup while running",
                "the backup is opened within 10 s without restart and can be written to");
        var made = server.send("POST", "api/v1/system/backups", "");
        outcome.expect(made.statusCode() == 201, "the backup was answered " + made.statusCode());
        try (var files = Files.list(home.resolve("backups"))) {
            var backup = files.filter(file -> file.toString().endsWith(".db"))
                    .findFirst()
                    .orElseThrow();
            var copy = home.resolve("restored.db");
            Files.copy(backup, copy, StandardCopyOption.REPLACE_EXISTING);
            Files.move(copy, database, StandardCopyOption.REPLACE_EXISTING);
        }
        long begun = System.nanoTime();
        TimeUnit.SECONDS.sleep(2);
        outcome.expect(server.becomes("health/ready", 200, 30), "it did not become ready");
        try (var watch = new Watch(server);
                var agents = agents(server)) {
            outcome.bounded("ready after", watch.awaitTurn(true, begun, 30), READY_MS);
            finish(outcome, agents, watch, server, database);
        }
    }

    private void secondServer(Server first, Path home) throws Exception {
        var outcome =
                outcome("a second server started on the same file", "it is refused and says why; the first goes on");
        try (var second = new Server(kind, fresh("second"), "sqlite:///" + home.resolve("history.db"), Map.of())) {
            second.launch();
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
            while (!second.logged().contains("Another server uses") && System.nanoTime() < end) {
                TimeUnit.MILLISECONDS.sleep(200);
            }
            outcome.expect(second.logged().contains("Another server uses"), "it did not say why");
            outcome.expect(second.status("health/ready") != 200, "it became ready");
            outcome.expect(first.status("health/ready") == 200, "the first is not ready");
            outcome.saw("refused, naming PostgreSQL as the way to more servers");
        }
        report.accept(outcome);
    }

    /** Header and page damaged while the server is stopped. */
    private void damaged(Path home) throws Exception {
        for (var where : List.of("header", "page")) {
            var broken = fresh("damaged");
            var database = broken.resolve("history.db");
            Files.copy(home.resolve("history.db"), database);
            try (var channel = FileChannel.open(database, StandardOpenOption.WRITE)) {
                long at = where.equals("header") ? 0 : channel.size() / 2 / 4096 * 4096;
                channel.write(ByteBuffer.wrap(new byte[512]), at);
            }
            var outcome = outcome(
                    "started on a file with a damaged " + where,
                    "live, not ready, 503, and it says which file is damaged and what to do");
            try (var server = server(broken, Map.of())) {
                server.launch();
                long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
                while (!server.logged().contains("damaged") && System.nanoTime() < end) {
                    TimeUnit.MILLISECONDS.sleep(200);
                }
                outcome.expect(server.becomes("health/live", 200, 60), "it is not live");
                outcome.expect(server.logged().contains("history.db is"), "it did not say which file");
                outcome.expect(server.logged().contains("restore a backup"), "it did not say what to do");
                outcome.expect(server.status("health/ready") == 503, "readiness was not 503");
                outcome.expect(server.status("api/v1/history/sessions") == 503, "the list was not 503");
                outcome.saw("refused with the file's name and what to do");
            }
            report.accept(outcome);
            if (brief) {
                return;
            }
        }
    }

    private void diskFull() throws Exception {
        var outcome = outcome(
                "disk full while writing, space made after 10 s",
                "503 while it is full, not ready; goes on by itself; nothing acknowledged is lost");
        var disk = fresh("disk");
        if (Commands.attempt("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", disk.toString())
                        .status()
                != 0) {
            outcome.saw("not run: mounting a small disk needs root");
            report.accept(outcome);
            return;
        }
        try {
            var home = Files.createDirectory(disk.resolve("home"));
            var logs = fresh("logs");
            try (var server = new Server(kind, logs, "sqlite:///" + home.resolve("history.db"), Map.of()).start();
                    var watch = new Watch(server);
                    var agents = agents(server)) {
                TimeUnit.SECONDS.sleep(2);
                agents.takeLongestMs();
                long begun = System.nanoTime();
                var filler = disk.resolve("filler");
                fill(filler);
                outcome.bounded("not ready after", watch.awaitTurn(false, begun, 60), 20_000);
                TimeUnit.SECONDS.sleep(10);
                outcome.bounded("longest request", agents.takeLongestMs(), REQUEST_MS);
                Files.delete(filler);
                outcome.bounded("ready again after", watch.awaitTurn(true, System.nanoTime(), 60), READY_MS);
                finish(outcome, agents, watch, server, home.resolve("history.db"));
            }
        } finally {
            Commands.attempt("umount", "-l", disk.toString());
        }
    }

    private static void fill(Path filler) throws IOException {
        try (var out = Files.newOutputStream(filler)) {
            var block = new byte[65_536];
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            if (!Files.exists(filler)) {
                throw full;
            }
        }
    }

    private void readOnlyFolder() throws Exception {
        var outcome = outcome(
                "started in a folder that cannot be written to, made writable after 5 s",
                "live, not ready, says so; ready without restart once it can be written to");
        var disk = fresh("readonly");
        if (Commands.attempt("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", disk.toString())
                        .status()
                != 0) {
            outcome.saw("not run: mounting needs root");
            report.accept(outcome);
            return;
        }
        try {
            Commands.run("mount", "-o", "remount,ro", disk.toString());
            try (var server = new Server(kind, fresh("logs"), "sqlite:///" + disk.resolve("history.db"), Map.of())) {
                server.launch();
                outcome.expect(server.becomes("health/live", 200, 120), "it is not live");
                TimeUnit.SECONDS.sleep(5);
                outcome.expect(server.status("health/ready") == 503, "readiness was not 503");
                outcome.expect(server.logged().contains("cannot be written to"), "it did not say so");
                Commands.run("mount", "-o", "remount,rw", disk.toString());
                outcome.expect(server.becomes("health/ready", 200, 60), "it did not become ready");
                outcome.saw("refused with the folder's name; ready by itself afterwards");
            }
        } finally {
            Commands.attempt("umount", "-l", disk.toString());
        }
        report.accept(outcome);
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
        var home = fresh("ended");
        try (var server = server(home, Map.of()).start();
                var agents = new Agents(List.of(server.root()), 32, 5)) {
            ending.of(server);
            agents.stop();
            outcome.saw("answers " + agents.statuses());
            try (var connection = connect(home.resolve("history.db"))) {
                outcome.compared(agents.compare(connection));
            }
            KilledServer.searchAgrees(outcome, server);
            KilledServer.statisticsAgree(outcome, server);
            report.accept(outcome);
        }
    }
}
