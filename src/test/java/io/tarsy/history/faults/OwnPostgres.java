package io.tarsy.history.faults;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A PostgreSQL server of one case, as durable as a user's, that can be stopped in every way. */
final class OwnPostgres implements AutoCloseable {
    /** What must never be seen anywhere; the server trusts local users, so any password will do. */
    static final String CANARY = "c4nary-p4ssw0rd";

    private final Path data;
    private final int port;
    private String command;

    OwnPostgres(Path data) throws IOException {
        this(data, freePort(), "");
    }

    private OwnPostgres(Path data, int port, String command) throws IOException {
        this.data = data;
        this.port = port;
        this.command = command;
        start();
    }

    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    int port() {
        return port;
    }

    /** The address for the product, with the canary as password. */
    String url(int atPort) {
        return "postgresql://postgres:" + CANARY + "@127.0.0.1:" + atPort + "/postgres";
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/postgres", "postgres", "x");
    }

    /** Starts it, the second time with what it held and as it was started the first time. */
    void start() throws IOException {
        if (command.isEmpty()) {
            first();
        } else {
            again();
        }
    }

    private void first() throws IOException {
        var builder = EmbeddedPostgres.builder()
                .setPort(port)
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setServerConfig("fsync", "on") // as durable as a server of users
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("wal_level", "replica")
                .setServerConfig("max_connections", "100");
        // ended by its processes, never through this handle, which could not end a killed one
        @SuppressWarnings("resource")
        var started = builder.start();
        if (started.getPort() != port) {
            throw new IOException("PostgreSQL chose another port");
        }
        command = Files.readString(data.resolve("postmaster.opts")).trim();
    }

    /** After a kill it may take some tries. */
    private void again() throws IOException {
        boolean isRoot = "root".equals(System.getProperty("user.name"));
        for (int tries = 0; tries < 60; tries++) {
            var process = new ProcessBuilder("bash", "-c", (isRoot ? "exec unshare -U " : "exec ") + command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            data.resolve("again.log").toFile()))
                    .start();
            for (int waits = 0; waits < 200 && process.isAlive(); waits++) {
                if (isReady()) {
                    return;
                }
                pause(100);
            }
            pause(300);
        }
        throw new IOException("PostgreSQL did not start: " + Files.readString(data.resolve("again.log")));
    }

    private boolean isReady() {
        try (var connection = connect()) {
            return connection.isValid(2);
        } catch (SQLException notYet) {
            return false;
        }
    }

    private static void pause(long ms) throws IOException {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            throw new IOException(ended);
        }
    }

    private long postmaster() throws IOException {
        return Long.parseLong(
                Files.readAllLines(data.resolve("postmaster.pid")).get(0).trim());
    }

    private List<ProcessHandle> processes() throws IOException {
        var all = new ArrayList<ProcessHandle>();
        ProcessHandle.of(postmaster()).ifPresent(main -> {
            all.add(main);
            main.descendants().forEach(all::add);
        });
        return all;
    }

    /** The administrator's stop: clients are disconnected. */
    void stop() throws IOException {
        signal("INT", List.of(postmaster()));
        awaitEnd();
    }

    /** As if the machine had lost it: every process ends at once. */
    void kill() throws IOException {
        signal("KILL", processes().stream().map(ProcessHandle::pid).toList());
        awaitEnd();
    }

    private void awaitEnd() throws IOException {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (answersOnPort() && System.nanoTime() < end) {
            pause(50);
        }
    }

    private boolean answersOnPort() {
        try (var socket = new java.net.Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    /** Nothing ends and nothing answers. */
    void freeze() throws IOException {
        signal("STOP", processes().stream().map(ProcessHandle::pid).toList());
    }

    void thaw() throws IOException {
        signal("CONT", processes().stream().map(ProcessHandle::pid).toList());
    }

    /** A standby that follows this server: a copy of its files, taken while it is stopped for a moment. */
    OwnPostgres standby(Path folder) throws IOException {
        stop();
        Commands.run("cp", "-a", data + "/.", folder.toString());
        Files.deleteIfExists(folder.resolve("postmaster.pid"));
        start();
        Files.createFile(folder.resolve("standby.signal"));
        Files.writeString(
                folder.resolve("postgresql.auto.conf"),
                "primary_conninfo = 'host=127.0.0.1 port=" + port + " user=postgres'\n");
        Commands.run("chmod", "700", folder.toString());
        int other = freePort();
        return new OwnPostgres(
                folder,
                other,
                command.replace(data.toString(), folder.toString()).replace(Integer.toString(port), "" + other));
    }

    /** Makes a standby the one that can be written to. */
    void promote() throws SQLException {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            statement.execute("select pg_promote()");
        }
    }

    private static void signal(String name, List<Long> processes) throws IOException {
        var command = new ArrayList<>(List.of("kill", "-" + name));
        processes.forEach(process -> command.add(Long.toString(process)));
        Commands.attempt(command.toArray(String[]::new));
    }

    @Override
    public void close() throws IOException {
        if (Files.exists(data.resolve("postmaster.pid"))) {
            thaw();
            kill();
        }
    }
}
