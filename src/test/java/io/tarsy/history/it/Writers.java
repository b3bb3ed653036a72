package io.tarsy.history.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Agents that write until the server is gone, and note what was acknowledged. */
final class Writers implements AutoCloseable {
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads;
    private volatile boolean stopping;

    Writers(TarsyClient client, int many) {
        this.threads = Executors.newFixedThreadPool(many);
        for (int i = 0; i < many; i++) {
            threads.execute(() -> write(client));
        }
    }

    private void write(TarsyClient client) {
        try {
            var session = client.createsSession(Sample.session());
            while (!stopping) {
                var id = Sample.id();
                int status = client.recordsLlm(session, Sample.llm(id)).status();
                if (status == 201) {
                    acknowledged.add(id);
                }
            }
        } catch (UncheckedIOException gone) {
            assertThat(gone).isNotNull(); // what was on its way was not acknowledged
        }
    }

    /** Lets them write for a while. */
    void run(int least) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (acknowledged.size() < least && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(least);
    }

    /** Every acknowledged write must be there. */
    void lostNothing(Connection database) throws SQLException, InterruptedException {
        close();
        assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        var there = new HashSet<String>();
        try (var statement = database.createStatement();
                var rows = statement.executeQuery("select interaction_id from llm_interactions")) {
            while (rows.next()) {
                there.add(rows.getString(1));
            }
        }
        assertThat(there).containsAll(acknowledged);
    }

    @Override
    public void close() {
        stopping = true;
        threads.shutdown();
    }
}
