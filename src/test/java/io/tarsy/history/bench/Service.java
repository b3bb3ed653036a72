package io.tarsy.history.bench;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
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
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The product as users start it, and how much memory it takes while it is measured. */
final class Service implements AutoCloseable {
    private static final Pattern RESIDENT = Pattern.compile("VmHWM:\\s+(\\d+) kB");
    private static final long START_SECONDS = 180;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Process process;
    private final URI root;
    private final Thread watch = new Thread(this::watch, "watches the heap");
    private volatile long heapKib;
    private volatile long java = -1;
    private volatile boolean closed;

    Service(String server, Place place, Path folder, Map<String, String> settings)
            throws IOException, InterruptedException {
        this(server, place, folder, settings, Path.of("").toAbsolutePath());
    }

    /** One that is installed elsewhere. */
    Service(String server, Place place, Path folder, Map<String, String> settings, Path home)
            throws IOException, InterruptedException {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        root = URI.create("http://127.0.0.1:" + port + "/");
        var log = folder.resolve(server + "-" + place.kind() + ".log").toFile();
        var start = new ProcessBuilder("bash", home.resolve("server-config/run").toString(), server)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(log));
        start.environment().put("TARSY_HTTP_PORT", Integer.toString(port));
        start.environment().remove("PORT");
        start.environment().put("TARSY_SKIP_BUILD", "true");
        start.environment().put("HISTORY_DATABASE_URL", place.url());
        start.environment().putAll(settings);
        process = start.start();
        awaitReady();
        watch.setDaemon(true);
        watch.start();
    }

    private void awaitReady() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (process.isAlive() && System.nanoTime() < end) {
            try {
                if (get("health/ready").statusCode() == 200) {
                    return;
                }
            } catch (IOException notYet) {
                // asked again below
            }
            Thread.sleep(300);
        }
        close();
        throw new IllegalStateException("The server did not become ready.");
    }

    HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(root.resolve(path)).build(), BodyHandlers.ofByteArray());
    }

    /**
     * Asks on the thread that calls, by a connection that stays open, and insists on 200: a client whose own threads
     * hand an answer on to each other takes from the cores that are measured.
     */
    byte[] fetch(String path) throws IOException {
        var connection = (HttpURLConnection) root.resolve(path).toURL().openConnection();
        int status = connection.getResponseCode();
        try (var body = status == 200 ? connection.getInputStream() : connection.getErrorStream()) {
            var bytes = body == null ? new byte[0] : body.readAllBytes();
            if (status != 200) {
                throw new IOException(status + " " + path + ": " + new String(bytes, StandardCharsets.UTF_8));
            }
            return bytes;
        }
    }

    /** How an empty body is answered. */
    int status(String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(root.resolve(path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.noBody())
                .build();
        return http.send(request, BodyHandlers.discarding()).statusCode();
    }

    /** Sends a body and insists on one of the 2xx answers. */
    byte[] post(String path, String type, byte[] body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(root.resolve(path))
                .header("Content-Type", type)
                .POST(BodyPublishers.ofByteArray(body))
                .timeout(Duration.ofMinutes(2))
                .build();
        var answer = http.send(request, BodyHandlers.ofByteArray());
        if (answer.statusCode() / 100 != 2) {
            throw new IOException(answer.statusCode() + " " + new String(answer.body(), StandardCharsets.UTF_8));
        }
        return answer.body();
    }

    /** Changes something, and insists on 200. */
    void patch(String path, String change) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(root.resolve(path))
                .header("Content-Type", "application/merge-patch+json")
                .method("PATCH", BodyPublishers.ofString(change))
                .timeout(Duration.ofMinutes(2))
                .build();
        var answer = http.send(request, BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(answer.statusCode() + " " + answer.body());
        }
    }

    /** The most heap that was in use at any second so far, in MiB. */
    long heapMib() {
        return heapKib / 1024;
    }

    /** The most memory that the server has had, in MiB. */
    long residentMib() throws IOException {
        var status = RESIDENT.matcher(Files.readString(Path.of("/proc/" + java() + "/status")));
        return status.find() ? Long.parseLong(status.group(1)) / 1024 : 0;
    }

    /** The process of the Java machine. */
    long java() {
        long known = java;
        if (known < 0) {
            known = process.descendants()
                    .filter(one -> one.info().command().orElse("").endsWith("java"))
                    .findFirst()
                    .map(ProcessHandle::pid)
                    .orElse(-1L);
            java = known;
        }
        return known;
    }

    private void watch() {
        Process jstat = null;
        try {
            jstat = new ProcessBuilder("jstat", "-gc", Long.toString(java()), "1000")
                    .redirectErrorStream(true)
                    .start();
            try (var lines = jstat.inputReader(StandardCharsets.UTF_8)) {
                var columns = List.of(String.valueOf(lines.readLine()).trim().split("\\s+", -1));
                for (var line = lines.readLine(); line != null && !closed; line = lines.readLine()) {
                    var values = line.trim().split("\\s+", -1);
                    double kib = 0;
                    for (var used : List.of("S0U", "S1U", "EU", "OU")) {
                        kib += Double.parseDouble(values[columns.indexOf(used)]);
                    }
                    heapKib = Math.max(heapKib, (long) kib);
                }
            }
        } catch (IOException ended) {
            closed = true;
        } finally {
            if (jstat != null) {
                jstat.destroy();
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        process.destroy();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
