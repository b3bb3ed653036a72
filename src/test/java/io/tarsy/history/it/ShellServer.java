package io.tarsy.history.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A server that a script of shell commands starts, in a folder of its own. */
final class ShellServer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(8);

    private final Path log;
    private final URI root;
    private final TarsyClient client;
    private final Process process;

    private ShellServer(Path log, URI root, TarsyClient client, Process process) {
        this.log = log;
        this.root = root;
        this.client = client;
        this.process = process;
    }

    /**
     * Starts it and waits until it is ready.
     *
     * @param folder where the script runs
     * @param port where it will listen
     * @param environment added to that of this process, less our own settings
     */
    static ShellServer start(List<String> command, Path folder, int port, Map<String, String> environment)
            throws IOException, InterruptedException {
        var root = URI.create("http://127.0.0.1:" + port + "/");
        return start(command, folder, root, new TarsyClient(root), environment);
    }

    /** The same where the address is another, and by a client that trusts it. */
    static ShellServer start(
            List<String> command, Path folder, URI root, TarsyClient client, Map<String, String> environment)
            throws IOException, InterruptedException {
        var log = Files.createTempFile(
                Files.createDirectories(Path.of("target/it-logs").toAbsolutePath()), "shell-", ".log");
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().keySet().removeIf(name -> name.matches(Shell.OURS));
        builder.environment().putAll(environment);
        var server = new ShellServer(log, root, client, builder.start());
        try {
            server.awaitReady();
        } catch (IllegalStateException late) {
            server.close();
            throw late;
        }
        return server;
    }

    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitReady() throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            try {
                if (client().get("health/ready").status() == 200) {
                    return;
                }
            } catch (UncheckedIOException notYet) {
                assertThat(notYet).isNotNull();
            }
            if (!process.isAlive() && process.exitValue() != 0) {
                break;
            }
            TimeUnit.MILLISECONDS.sleep(250);
        }
        throw new IllegalStateException("not ready; " + log + ":\n" + logged());
    }

    TarsyClient client() {
        return client;
    }

    URI root() {
        return root;
    }

    String logged() {
        try {
            return new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** SIGTERM to what was started, as an engine or an operator sends it; how long it took to end. */
    Duration terminate() throws InterruptedException {
        long begun = System.nanoTime();
        process.destroy();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    int exitValue() {
        return process.exitValue();
    }

    @Override
    public void close() {
        var all = process.descendants().toList();
        process.destroy();
        all.forEach(ProcessHandle::destroy); // a shell that waits for a command does not pass a signal on
        try {
            process.waitFor(30, TimeUnit.SECONDS);
            for (var one : all) {
                one.onExit().get(30, TimeUnit.SECONDS);
            }
        } catch (ExecutionException | TimeoutException late) {
            assertThat(late).isNotNull();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
        all.forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
