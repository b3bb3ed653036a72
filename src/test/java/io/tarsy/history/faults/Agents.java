package io.tarsy.history.faults;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAccumulator;

/**
 * Agents that write without end, each its own session, and resend whatever was not acknowledged. What was is noted in a
 * journal, to be compared with the database.
 */
final class Agents implements AutoCloseable {
    private static final String CONVERSATION = "{\"messages\":[{\"role\":\"user\",\"content\":\""
            + "Why does it crash? ".repeat(45)
            + "\"},{\"role\":\"assistant\",\"content\":\"" + "Because the quota is full. ".repeat(33) + "\"}]}";

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final Set<String> acknowledged = java.util.concurrent.ConcurrentHashMap.newKeySet();
    private final Queue<String> surprises = new ConcurrentLinkedQueue<>();
    private final TreeMap<Integer, Long> statuses = new TreeMap<>();
    private final LongAccumulator longestMs = new LongAccumulator(Math::max, 0);
    private final AtomicLong resent = new AtomicLong();
    private final ExecutorService threads;
    private final List<URI> servers;
    private final long pauseMs;
    private volatile boolean stopping;

    /**
     * Begins to write.
     *
     * @param servers who is written to; an agent keeps to one and goes on to the next when it is gone
     * @param writers how many agents
     * @param pauseMs between two writes of one agent
     */
    Agents(List<URI> servers, int writers, long pauseMs) {
        this.servers = servers;
        this.pauseMs = pauseMs;
        this.threads = Executors.newFixedThreadPool(writers, work -> {
            var thread = new Thread(work, "agent");
            thread.setDaemon(true);
            return thread;
        });
        for (int i = 0; i < writers; i++) {
            int first = i;
            threads.execute(() -> work(first));
        }
    }

    private void work(int number) {
        var session = UUID.randomUUID().toString();
        try {
            deliver(
                    number,
                    "api/v1/history/sessions",
                    "{\"session_id\":\"" + session
                            + "\",\"agent_type\":\"fault-suite\",\"alert_type\":\"Fault\",\"chain_id\":\"c\","
                            + "\"alert_data\":{\"severity\":\"high\"},\"status\":\"in_progress\"}");
            while (!stopping) {
                var id = UUID.randomUUID().toString();
                deliver(
                        number,
                        "api/v1/history/sessions/" + session + "/llm-interactions",
                        "{\"interaction_id\":\"" + id + "\",\"model_name\":\"m\",\"conversation\":" + CONVERSATION
                                + "}");
                acknowledged.add(id);
                TimeUnit.MILLISECONDS.sleep(pauseMs);
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sends until it is acknowledged, or until it is time to stop. */
    private void deliver(int number, String path, String body) throws InterruptedException {
        int server = number;
        while (true) {
            long begun = System.nanoTime();
            try {
                var request = HttpRequest.newBuilder(
                                servers.get(server % servers.size()).resolve(path))
                        .header("Content-Type", "application/json")
                        .timeout(Duration.ofMinutes(2))
                        .POST(BodyPublishers.ofString(body))
                        .build();
                var answer = http.send(request, BodyHandlers.ofString());
                longestMs.accumulate(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
                note(answer);
                if (answer.statusCode() / 100 == 2) {
                    return;
                }
            } catch (IOException broken) {
                longestMs.accumulate(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
                synchronized (statuses) {
                    statuses.merge(0, 1L, Long::sum);
                }
                server++;
            }
            if (stopping) {
                throw new InterruptedException("given up");
            }
            resent.incrementAndGet();
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    private void note(HttpResponse<String> answer) {
        int status = answer.statusCode();
        synchronized (statuses) {
            statuses.merge(status, 1L, Long::sum);
        }
        if (status == 503 || status == 429) {
            if (answer.headers().firstValue("Retry-After").isEmpty()) {
                surprises.add(status + " without Retry-After");
            }
        } else if (status / 100 != 2) {
            surprises.add(status + " " + answer.body());
        }
        if (answer.body().contains(OwnPostgres.CANARY)) {
            surprises.add("an answer with the secret");
        }
    }

    /** The longest that one request waited so far, since it was last asked, in milliseconds. */
    long takeLongestMs() {
        return longestMs.getThenReset();
    }

    long written() {
        return acknowledged.size();
    }

    /** Answers that no client should have to expect. */
    List<String> surprises() {
        return List.copyOf(surprises).stream().distinct().limit(5).toList();
    }

    /** How many answers of each status there were; 0 is a connection that broke. */
    String statuses() {
        synchronized (statuses) {
            return statuses.toString();
        }
    }

    long resent() {
        return resent.get();
    }

    @Override
    public void close() {
        stop();
    }

    /** Ends all writing: what is on its way is waited for. */
    void stop() {
        stopping = true;
        threads.shutdown();
        try {
            if (!threads.awaitTermination(130, TimeUnit.SECONDS)) {
                surprises.add("an agent got no answer within two minutes");
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
        threads.shutdownNow();
    }

    /** What the comparison of the journal with the database found. */
    record Verdict(long acknowledged, long lost, long twice) {}

    /** Compares the journal with what is there. */
    Verdict compare(Connection database) throws SQLException {
        var there = new HashSet<String>();
        long twice = 0;
        try (var statement = database.createStatement()) {
            try (var rows = statement.executeQuery("select interaction_id from llm_interactions")) {
                while (rows.next()) {
                    if (!there.add(rows.getString(1))) {
                        twice++;
                    }
                }
            }
            // a write that was applied twice would have been counted twice
            try (var rows = statement.executeQuery("select count(*) from session_totals t where"
                    + " t.llm_interaction_count <> (select count(*) from llm_interactions i"
                    + " where i.session_id = t.session_id)")) {
                rows.next();
                twice += rows.getLong(1);
            }
        }
        long lost = acknowledged.stream().filter(id -> !there.contains(id)).count();
        return new Verdict(acknowledged.size(), lost, twice);
    }
}
