package io.tarsy.history.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The product, started as a user starts it: the run script in an empty folder, on a port of its own. */
final class TestServer implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Map<String, TestServer> SHARED = new LinkedHashMap<>();
    private static final AtomicInteger STARTED = new AtomicInteger();
    private static final Path PROJECT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(TestServer::stopShared, "stops the shared servers"));
    }

    private final String name;
    private final String databaseUrl;
    private final Path folder;
    private final Path log;
    private final URI root;
    private final Process process;

    private TestServer(String server, String databaseUrl, Map<String, String> environment) {
        try {
            this.name = server;
            this.databaseUrl = databaseUrl;
            this.folder = Files.createTempDirectory("tarsy-it-");
            this.log = Files.createDirectories(PROJECT.resolve("target/it-logs"))
                    .resolve(server + "-" + ProcessHandle.current().pid() + "-" + STARTED.incrementAndGet() + ".log");
            var port = freePort();
            this.root = URI.create("http://127.0.0.1:" + port + "/");
            var builder = new ProcessBuilder(
                            "bash", PROJECT.resolve("server-config/run").toString(), server)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            var given = builder.environment();
            given.keySet()
                    .removeIf(key -> key.startsWith("HISTORY_")
                            || key.startsWith("DATABASE_")
                            || key.startsWith("POSTGRES_")
                            || key.startsWith("TARSY_"));
            given.put("TARSY_HTTP_PORT", Integer.toString(port));
            given.put("TARSY_SKIP_BUILD", "true");
            given.put("HISTORY_DATABASE_URL", databaseUrl);
            given.putAll(environment);
            this.process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The server that all tests of this run share, on the server and the database that the build named. */
    static TestServer shared() {
        return shared(serverOfThisRun(), databaseOfThisRun());
    }

    static synchronized TestServer shared(String server, String database) {
        return SHARED.computeIfAbsent(server + "-" + database, pair -> start(server, freshDatabase(database)));
    }

    static TestServer start(String server, String databaseUrl) {
        return start(server, databaseUrl, Map.of());
    }

    /** A private one: the caller closes it. */
    static TestServer start(String server, String databaseUrl, Map<String, String> environment) {
        var started = launch(server, databaseUrl, environment);
        started.awaitReady();
        return started;
    }

    /** One that may never be ready: nobody waits for it. */
    static TestServer launch(String server, String databaseUrl, Map<String, String> environment) {
        return new TestServer(server, databaseUrl, environment);
    }

    static String freshDatabase(String database) {
        return switch (database) {
            case "sqlite" -> "sqlite:///history.db";
            case "postgresql" -> TestPostgresql.freshUrl();
            default -> throw new IllegalArgumentException("no such database to test on: " + database);
        };
    }

    static String serverOfThisRun() {
        return System.getProperty("it.server", "payara");
    }

    static String databaseOfThisRun() {
        return System.getProperty("it.database", "sqlite");
    }

    TarsyClient client() {
        return new TarsyClient(root);
    }

    URI root() {
        return root;
    }

    /** The process of the Java machine. */
    long javaProcess() {
        return process.descendants()
                .filter(one -> one.info().command().orElse("").endsWith("java"))
                .findFirst()
                .orElseThrow()
                .pid();
    }

    String databaseUrl() {
        return databaseUrl;
    }

    /** A connection to its database, beside it. */
    Connection connect() throws SQLException {
        return databaseUrl.startsWith("sqlite")
                ? DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("history.db"))
                : TestPostgresql.connect(databaseUrl);
    }

    /** Changes its database behind its back. */
    void execute(String sql) throws SQLException {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The working directory: what a relative SQLite address is relative to. */
    Path folder() {
        return folder;
    }

    String logged() {
        try {
            return Files.exists(log) ? new String(Files.readAllBytes(log), StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends it as a power cut would: nothing of it is told. */
    void kill() {
        var all = process.descendants().toList();
        all.forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        all.forEach(one -> one.onExit().join());
        process.onExit().join();
    }

    @Override
    public void close() {
        var children = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        children.forEach(ProcessHandle::destroyForcibly);
    }

    private void awaitReady() {
        var http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
        var probe = HttpRequest.newBuilder(root.resolve("health/ready"))
                .timeout(Duration.ofSeconds(10))
                .build();
        var end = Instant.now().plus(PATIENCE);
        while (process.isAlive() && Instant.now().isBefore(end)) {
            try {
                if (http.send(probe, BodyHandlers.discarding()).statusCode() == 200) {
                    return;
                }
                Thread.sleep(250);
            } catch (IOException notYet) {
                pause();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        var why = process.isAlive() ? "was not ready in time" : "ended with " + process.exitValue();
        close();
        throw new IllegalStateException(name + " " + why + "; the end of " + log + ":\n" + tail());
    }

    private static void pause() {
        try {
            Thread.sleep(250);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String tail() {
        List<String> lines = logged().lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 80), lines.size()));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void stopShared() {
        List<TestServer> servers;
        synchronized (TestServer.class) {
            servers = List.copyOf(SHARED.values());
        }
        servers.parallelStream().forEach(TestServer::close);
    }
}
