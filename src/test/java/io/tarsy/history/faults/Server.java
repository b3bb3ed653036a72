package io.tarsy.history.faults;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The product as users start it, on one port and in one folder, where it can be killed and started again. */
final class Server implements AutoCloseable {
    private static final long START_SECONDS = 180;
    private static final Pattern OURS = Pattern.compile("at io\\.tarsy\\.history\\.");

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final String kind;
    private final Path folder;
    private final Map<String, String> environment;
    private final int port;
    private final List<Path> logs = new ArrayList<>();
    private @Nullable Process process;

    Server(String kind, Path folder, String databaseUrl, Map<String, String> more) throws IOException {
        this.kind = kind;
        this.folder = folder;
        this.port = OwnPostgres.freePort();
        this.environment = new HashMap<>(more);
        // as a secret in a file, as containers hand it over
        var secret = folder.resolve("url.secret");
        Files.writeString(secret, databaseUrl + "\n");
        environment.put("HISTORY_DATABASE_URL_FILE", secret.toString());
        environment.put("TARSY_HTTP_PORT", Integer.toString(port));
        environment.put("TARSY_SKIP_BUILD", "true");
    }

    String kind() {
        return kind;
    }

    URI root() {
        return URI.create("http://127.0.0.1:" + port + "/");
    }

    /** Starts it without waiting for anything. */
    void launch() throws IOException {
        var log = folder.resolve(kind + "-" + (logs.size() + 1) + ".log");
        logs.add(log);
        var start = new ProcessBuilder(
                        "bash", Path.of("server-config/run").toAbsolutePath().toString(), kind)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        start.environment()
                .keySet()
                .removeIf(name -> name.startsWith("HISTORY_") || name.startsWith("DATABASE_") || name.equals("PORT"));
        start.environment().putAll(environment);
        process = start.start();
    }

    Server start() throws IOException, InterruptedException {
        launch();
        if (!becomes("health/ready", 200, START_SECONDS)) {
            throw new IOException(kind + " did not become ready:\n" + logged());
        }
        return this;
    }

    boolean isRunning() {
        return process != null && process.isAlive();
    }

    /** Waits until an address answers with a status. */
    boolean becomes(String path, int status, long seconds) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() < end) {
            if (status(path) == status) {
                return true;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        return false;
    }

    /** The status of a GET, 0 where there is no answer within ten seconds. */
    int status(String path) throws InterruptedException {
        try {
            return get(path).statusCode();
        } catch (IOException none) {
            return 0;
        }
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(root().resolve(path))
                        .timeout(Duration.ofSeconds(10))
                        .build(),
                BodyHandlers.ofString());
    }

    HttpResponse<String> send(String method, String path, String body) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(root().resolve(path))
                        .header("Content-Type", "application/json")
                        .timeout(Duration.ofSeconds(60))
                        .method(method, BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    /** Everything it ever said. */
    String logged() throws IOException {
        var all = new StringBuilder();
        for (var log : logs) {
            all.append(new String(Files.readAllBytes(log), StandardCharsets.UTF_8));
        }
        return all.toString();
    }

    private List<ProcessHandle> machines() {
        return process == null
                ? List.of()
                : process.descendants()
                        .filter(one -> one.info().command().orElse("").endsWith("java"))
                        .toList();
    }

    /** kill -9: no chance to say or store anything more. */
    void kill() throws InterruptedException {
        var running = process;
        if (running == null) {
            return;
        }
        var all = running.descendants().toList();
        all.forEach(ProcessHandle::destroyForcibly);
        running.destroyForcibly();
        running.waitFor(30, TimeUnit.SECONDS);
        for (var one : all) {
            while (one.isAlive()) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
    }

    /** SIGTERM: it may finish what it does; how many milliseconds that took. */
    long stop() throws InterruptedException {
        long begun = System.nanoTime();
        close();
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    }

    /** Threads that are inside of the product while nobody asks anything of it. */
    long stuckThreads() throws IOException {
        long stuck = 0;
        for (var machine : machines()) {
            var dump = Commands.attempt("jstack", Long.toString(machine.pid())).output();
            for (var thread : dump.split("\n\n", -1)) {
                if (thread.startsWith("\"tarsy-")) {
                    continue; // those that always listen
                }
                boolean reads = thread.contains("socketRead0") || thread.contains("NioSocketImpl.park");
                if (OURS.matcher(thread).find() && (reads || thread.contains("SqliteWriter.await"))) {
                    stuck++;
                }
            }
        }
        return stuck;
    }

    /** Where the secret can be seen that must not be: answers of every public address, logs, the process list. */
    List<String> leaks() throws IOException, InterruptedException {
        var leaks = new ArrayList<String>();
        for (var path : List.of(
                "health",
                "metrics",
                "openapi",
                "",
                "api/v1/history/health",
                "api/v1/history/sessions",
                "api/v1/system/info",
                "api/v1/system/config",
                "api/v1/system/database",
                "api/v1/system/checks")) {
            try {
                if (get(path).body().contains(OwnPostgres.CANARY)) {
                    leaks.add("/" + path);
                }
            } catch (IOException none) {
                // no answer shows nothing
            }
        }
        if (logged().contains(OwnPostgres.CANARY)) {
            leaks.add("the log");
        }
        if (Commands.attempt("ps", "axww", "-o", "args").output().contains(OwnPostgres.CANARY)) {
            leaks.add("the process list");
        }
        return leaks;
    }

    @Override
    public void close() {
        var running = process;
        if (running == null) {
            return;
        }
        running.destroy();
        try {
            if (!running.waitFor(60, TimeUnit.SECONDS)) {
                kill();
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
