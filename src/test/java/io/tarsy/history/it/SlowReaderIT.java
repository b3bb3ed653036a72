package io.tarsy.history.it;

import static io.tarsy.history.it.TarsyClient.session;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** Who takes an answer slowly holds nothing of the database meanwhile. */
class SlowReaderIT {
    private static final int MIBS = 24;
    private static final int PATIENCE_TENTHS = 300;

    private final TestServer server = TestServer.shared();
    private final TarsyClient tarsy = server.client();

    @Test
    void r5NoReadHoldsATransactionWhileItStreams() throws Exception {
        var id = tarsy.createsSession(Sample.session());
        for (int i = 0; i < MIBS; i++) { // far more than the buffers on the way hold
            var heavy = Sample.mcp(Sample.id());
            heavy.putObject("tool_result").put("log", Integer.toString(i).repeat(524_288));
            tarsy.recordsMcp(id, heavy).expect(201);
        }
        try (var slow = new Socket()) {
            slow.setReceiveBufferSize(4_096);
            slow.setSoTimeout(60_000);
            var root = server.root();
            slow.connect(new InetSocketAddress(root.getHost(), root.getPort()));
            slow.getOutputStream()
                    .write(("GET /" + session(id) + "/export?format=ndjson HTTP/1.1\r\nHost: localhost\r\n"
                                    + "Connection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(slow.getInputStream().readNBytes(15), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 200 OK");

            if (TestServer.databaseOfThisRun().equals("sqlite")) {
                logCanBeEmptied(server.folder().resolve("history.db"));
            } else {
                nobodyIsInATransaction();
            }
            awaitZero(() -> (long) Scrape.of(tarsy).value("tarsy_pool_in_use"), "connections in use");

            long rest = slow.getInputStream().transferTo(OutputStream.nullOutputStream());
            assertThat(rest).as("it was still on its way").isGreaterThan(8L * 1_048_576);
        }
    }

    /** Emptied means that nobody read an older state. */
    private static void logCanBeEmptied(Path file) throws Exception {
        try (var beside = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            awaitZero(() -> number(beside, "pragma wal_checkpoint(truncate)"), "readers that keep the log");
            assertThat(Files.size(file.resolveSibling("history.db-wal"))).isLessThan(8L * 1_048_576);
        }
    }

    private void nobodyIsInATransaction() throws Exception {
        try (var beside = TestPostgresql.connect(server.databaseUrl())) {
            awaitZero(
                    () -> number(
                            beside,
                            "select count(*) from pg_stat_activity where datname = current_database()"
                                    + " and application_name = 'tarsy' and xact_start < now() - interval '2 s'"),
                    "transactions that stay open");
        }
    }

    /** Asks for a number. */
    @FunctionalInterface
    private interface Question {
        long ask() throws SQLException, IOException;
    }

    private static void awaitZero(Question question, String what) throws Exception {
        for (int i = 0; i < PATIENCE_TENTHS && question.ask() != 0; i++) {
            Thread.sleep(100);
        }
        assertThat(question.ask()).as(what).isZero();
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
