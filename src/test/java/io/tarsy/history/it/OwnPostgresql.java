package io.tarsy.history.it;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL that belongs to one test, which may stop it and start it again with all it held. */
final class OwnPostgresql implements AutoCloseable {
    private final Path data;
    private final int port;
    private @Nullable EmbeddedPostgres running;

    OwnPostgresql() throws IOException {
        this.data = Files.createTempDirectory("tarsy-it-postgresql-");
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            this.port = socket.getLocalPort();
        }
        start();
    }

    String url() {
        return "postgresql://postgres:postgres@127.0.0.1:" + port + "/postgres";
    }

    void start() throws IOException {
        running = EmbeddedPostgres.builder()
                .setPort(port)
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .start();
    }

    void stop() throws IOException {
        var open = running;
        running = null;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void close() throws IOException {
        stop();
    }
}
