package io.tarsy.history.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** What search takes and answers in: sessions with ten interactions each, whose words are as unequal as in speech. */
final class Finding {
    private static final int INTERACTIONS = 10;
    private static final int WORDS_OF_2_KB = 300;
    private static final int LARGE_EVERY = 2_000;
    private static final int VOCABULARY = 30_000;
    private static final int TWO_WORDS = 4;
    private static final JsonMapper JSON = new JsonMapper();

    private final String server;
    private final Path folder;
    private final int sessions;
    private final boolean quick;

    Finding(String server, Path folder, boolean quick, int sessions) {
        this.server = server;
        this.folder = folder;
        this.quick = quick;
        this.sessions = sessions;
    }

    /**
     * What came of it.
     *
     * @param sessions that were searched
     * @param textBytes of their bodies
     * @param indexBytes of the index and what it is made of
     * @param seconds that the index took to be made of the texts
     * @param results by what was looked for
     */
    record Figures(int sessions, long textBytes, long indexBytes, double seconds, Map<String, Load.Result> results) {}

    Figures measure(String kind) throws Exception {
        var place = Place.fresh(kind, folder);
        new Service(server, place, folder, Map.of()).close(); // makes the tables
        long bytes;
        try (var connection = place.connect()) {
            bytes = seed(connection, kind);
        }
        try (var service = new Service(server, place, folder, Map.of())) {
            long begin = System.nanoTime();
            while (JSON.readTree(service.get("api/v1/system/search").body())
                            .path("sessions_to_make_anew")
                            .longValue()
                    > 0) {
                Thread.sleep(500);
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            var results = new LinkedHashMap<String, Load.Result>();
            var random = new Random(5);
            note(results, "two words", service, () -> word(random, 3) + " " + word(random, 3));
            note(results, "two rare words", service, () -> word(random, 1) + " " + word(random, 1));
            note(results, "two common words", service, () -> word(random, 9) + " " + word(random, 9));
            note(results, "an identifier", service, () -> "pod-" + random.nextInt(sessions) + "-x");
            note(results, "a pair as phrase", service, () -> '"' + word(random, 5) + " " + word(random, 5) + '"');
            note(results, "a beginning", service, () -> word(random, 2) + "* " + word(random, 5));
            note(results, "a word and not another", service, () -> word(random, 5) + " -" + word(random, 5));
            return new Figures(sessions, bytes, indexBytes(place), seconds, results);
        }
    }

    private interface Question {
        String next();
    }

    private void note(Map<String, Load.Result> results, String what, Service service, Question question)
            throws Exception {
        var seconds = Duration.ofSeconds(quick ? 2 : 10);
        results.put(what, Load.measure(TWO_WORDS, quick ? Duration.ofSeconds(2) : seconds, seconds, 1, thread -> {
            String search;
            synchronized (results) {
                search = question.next();
            }
            var answer = service.get(
                    "api/v1/history/sessions?page_size=20&search=" + URLEncoder.encode(search, StandardCharsets.UTF_8));
            if (answer.statusCode() != 200) {
                throw new IOException(answer.statusCode() + " " + search);
            }
        }));
    }

    /** The greater the power, the more common. */
    private static String word(Random random, int power) {
        return "w" + Integer.toString((int) (Math.pow(random.nextDouble(), power) * VOCABULARY) + 1_000, 36);
    }

    private String text(Random random, int words, int session) {
        var text = new StringBuilder("pod-").append(session).append("-x");
        for (int i = 0; i < words; i++) {
            text.append(' ').append(word(random, 4));
        }
        return text.toString();
    }

    private long seed(Connection connection, String kind) throws SQLException {
        long bytes = 0;
        var random = new Random(3);
        connection.setAutoCommit(false);
        try (var insert = connection.prepareStatement("insert into llm_interactions (interaction_id, session_id,"
                + " stage_execution_id, timestamp_us, duration_ms, success, model_name, size_bytes, created_at_us,"
                + " content_digest, conversation) values (?, ?, ?, ?, 5, "
                + (kind.equals("sqlite") ? "1" : "true") + ", 'a-model', ?, 1,"
                + " 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', ?)")) {
            for (int i = 0; i < sessions; i++) {
                var id = "f-" + i;
                Rows.session(connection, id, Rows.START_US + 1_000L * i, "completed");
                for (int at = 0; at < INTERACTIONS; at++) {
                    boolean large = (i * INTERACTIONS + at) % LARGE_EVERY == 0;
                    var said = text(random, large ? 100 * WORDS_OF_2_KB : WORDS_OF_2_KB, i);
                    insert.setString(1, id + "-" + at);
                    insert.setString(2, id);
                    insert.setString(3, id + "-stage");
                    insert.setLong(4, Rows.START_US + at);
                    insert.setLong(5, said.length());
                    insert.setString(6, "{\"messages\":[{\"role\":\"user\",\"content\":\"" + said + "\"}]}");
                    insert.addBatch();
                    bytes += said.length();
                }
                if (i % 20 == 19) {
                    insert.executeBatch();
                    connection.commit();
                }
            }
            insert.executeBatch();
        }
        try (var statement = connection.createStatement()) {
            statement.execute("insert into search_renewals (session_id, wrong) select session_id, "
                    + (kind.equals("sqlite") ? "1" : "true") + " from alert_sessions");
            connection.commit();
            connection.setAutoCommit(true);
            statement.execute("analyze");
        }
        return bytes;
    }

    private static long indexBytes(Place place) throws SQLException {
        var query = place.kind().equals("sqlite")
                ? "select sum(pgsize) from dbstat where name like 'search_%'"
                : "select pg_total_relation_size('search_sessions') + pg_total_relation_size('search_recent')";
        try (var connection = place.connect();
                var statement = connection.createStatement();
                var row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }
}
