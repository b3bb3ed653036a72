package io.tarsy.history.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** What search and statistics answer in, and what their index takes: sessions with ten interactions each. */
final class Finding {
    static final int AT_ONCE = 4;
    static final String TWO_WORDS = "two words";
    static final String STATISTICS = "statistics of 90 days by day, 1 client";
    private static final long DAY_US = 86_400_000_000L;
    private static final int DAYS = 120;
    private static final JsonMapper JSON = new JsonMapper();

    private final String server;
    private final Path folder;
    private final int sessions;
    private final boolean quick;

    Finding(String server, Path folder, boolean quick) {
        this.server = server;
        this.folder = folder;
        this.quick = quick;
        this.sessions = Integer.getInteger("bench.sessions", quick ? 2_000 : 100_000);
    }

    /**
     * What came of it.
     *
     * @param sessions that were searched
     * @param bodies bytes of their bodies
     * @param index bytes of the index and what it is made of
     * @param counts bytes of what statistics are made of
     * @param all bytes of the whole database
     * @param indexSeconds that the index took to be made of the texts
     * @param countSeconds that counting everything anew took
     * @param results by what was asked
     */
    record Figures(
            int sessions,
            long bodies,
            long index,
            long counts,
            long all,
            double indexSeconds,
            double countSeconds,
            Map<String, Load.Result> results) {}

    Figures measure(String kind) throws Exception {
        var place = Place.keptOrFresh(kind, folder);
        new Service(server, place, folder, Map.of()).close(); // makes the tables
        long bodies;
        try (var connection = place.connect()) {
            bodies = isSeeded(connection) ? bodiesIn(connection) : seed(connection, kind);
        }
        try (var service = new Service(server, place, folder, Map.of())) {
            double indexed = until(service, "search", "sessions_to_make_anew");
            service.post("api/v1/system/statistics/rebuild", "application/json", new byte[0]);
            double counted = until(service, "statistics", "rebuild_due");
            if (kind.equals("postgresql")) {
                try (var connection = place.connect();
                        var statement = connection.createStatement()) {
                    statement.execute("vacuum analyze");
                }
            }
            Bench.say("%-11s index made in %.0f s, counts in %.0f s".formatted(kind, indexed, counted));
            var results = new LinkedHashMap<String, Load.Result>();
            asks(service, results);
            return new Figures(
                    sessions,
                    bodies,
                    bytes(place, "search_%"),
                    bytes(place, "statistics%"),
                    bytes(place, "%"),
                    indexed,
                    counted,
                    results);
        }
    }

    private boolean isSeeded(Connection connection) throws SQLException {
        long there = number(connection, "select count(*) from alert_sessions");
        if (there != 0 && there != sessions) {
            throw new SQLException("BENCH_DATABASE has " + there + " sessions and not " + sessions);
        }
        return there != 0;
    }

    private static long bodiesIn(Connection connection) throws SQLException {
        return number(
                connection,
                "select (select sum(size_bytes) from llm_interactions)"
                        + " + (select sum(size_bytes) from mcp_communications)");
    }

    private static long number(Connection connection, String query) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static double until(Service service, String what, String left) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        while (isLeft(service, what, left)) {
            Thread.sleep(200);
        }
        return (System.nanoTime() - begin) / 1e9;
    }

    private static boolean isLeft(Service service, String what, String left) throws IOException, InterruptedException {
        var answer = service.get("api/v1/system/" + what);
        if (answer.statusCode() != 200) {
            throw new IOException(answer.statusCode() + " for what is left of " + what);
        }
        JsonNode value = JSON.readTree(answer.body()).path(left);
        return value.isBoolean() ? value.booleanValue() : value.longValue() > 0;
    }

    private interface Question {
        String next();
    }

    private void asks(Service service, Map<String, Load.Result> results) throws Exception {
        var speech = new Speech(7);
        // a server that has just started compiles for about two minutes what it is asked most
        for (int turn = 0; turn < (quick ? 0 : 6); turn++) {
            search(results, "while it gets warm", service, () -> speech.word(3) + " " + speech.word(3));
        }
        results.remove("while it gets warm");
        search(results, TWO_WORDS, service, () -> speech.word(3) + " " + speech.word(3));
        search(results, "two common words", service, () -> speech.word(12) + " " + speech.word(12));
        search(results, "two rare words", service, () -> speech.word(1) + " " + speech.word(1));
        var random = new Random(5);
        search(results, "an identifier", service, () -> "pod-" + random.nextInt(sessions) + "-x");
        search(results, "a phrase of two words", service, () -> '"' + speech.pair(3) + '"');
        search(results, "a beginning and a word", service, () -> speech.word(3) + "* " + speech.word(3));
        search(results, "a word and not another", service, () -> speech.word(4) + " -" + speech.word(4));
        search(
                results,
                "two words of one alert type",
                service,
                () -> speech.word(3) + " " + speech.word(3) + "&alert_type=alert-" + random.nextInt(23));
        note(
                results,
                "similar sessions",
                service,
                () -> "api/v1/history/sessions/f-" + random.nextInt(sessions) + "/similar");
        var statistics = "api/v1/history/statistics?start_date_us=" + Rows.START_US + "&end_date_us=";
        note(results, STATISTICS, 1, service, () -> statistics + (Rows.START_US + 90 * DAY_US));
        note(results, "the same, 4 clients", service, () -> statistics + (Rows.START_US + 90 * DAY_US));
        note(
                results,
                "statistics of 90 days by hour",
                service,
                () -> statistics + (Rows.START_US + 90 * DAY_US) + "&bucket=hour");
    }

    private void search(Map<String, Load.Result> results, String what, Service service, Question question)
            throws Exception {
        note(results, what, service, () -> {
            var search = question.next();
            int more = search.indexOf('&');
            return "api/v1/history/sessions?page_size=20&search="
                    + URLEncoder.encode(more < 0 ? search : search.substring(0, more), StandardCharsets.UTF_8)
                    + (more < 0 ? "" : search.substring(more));
        });
    }

    private void note(Map<String, Load.Result> results, String what, Service service, Question question)
            throws Exception {
        note(results, what, AT_ONCE, service, question);
    }

    private void note(Map<String, Load.Result> results, String what, int clients, Service service, Question question)
            throws Exception {
        var seconds = Duration.ofSeconds(quick ? 2 : 10);
        var result = Load.measure(clients, seconds, seconds, 1, thread -> {
            String path;
            synchronized (results) {
                path = question.next();
            }
            service.fetch(path);
        });
        results.put(what, result);
        Bench.say("%-30s %6.0f /s   p50 %7.2f ms   p99 %7.2f ms"
                .formatted(what, result.perSecond(), result.p50Ms(), result.p99Ms()));
    }

    private long seed(Connection connection, String kind) throws SQLException {
        var isTrue = kind.equals("sqlite") ? "1" : "true";
        long bodies = 0;
        var speech = new Speech(3);
        connection.setAutoCommit(false);
        try (var llm = connection.prepareStatement("insert into llm_interactions (interaction_id, session_id,"
                        + " stage_execution_id, timestamp_us, duration_ms, success, model_name, input_tokens,"
                        + " output_tokens, total_tokens, size_bytes, created_at_us, content_digest, conversation) values"
                        + " (?, ?, ?, ?, 5, " + isTrue + ", ?, 500, 20, 520, ?, 1,"
                        + " 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', ?)");
                var mcp = connection.prepareStatement("insert into mcp_communications (communication_id, session_id,"
                        + " stage_execution_id, timestamp_us, duration_ms, success, server_name, communication_type,"
                        + " tool_name, size_bytes, created_at_us, content_digest, tool_result) values (?, ?, ?, ?, 5, "
                        + isTrue + ", 'kubernetes', 'tool_call', ?, ?, 1,"
                        + " 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', ?)")) {
            for (int i = 0; i < sessions; i++) {
                bodies += session(connection, llm, mcp, speech, i);
                if (i % 20 == 19) {
                    llm.executeBatch();
                    mcp.executeBatch();
                    connection.commit();
                }
            }
            llm.executeBatch();
            mcp.executeBatch();
        }
        try (var statement = connection.createStatement()) {
            statement.execute("insert into search_renewals (session_id, wrong) select session_id, " + isTrue
                    + " from alert_sessions");
            connection.commit();
            connection.setAutoCommit(true);
            if (kind.equals("postgresql")) {
                statement.execute("analyze"); // what it does by itself after a while
            }
        }
        return bodies;
    }

    private long session(Connection connection, PreparedStatement llm, PreparedStatement mcp, Speech speech, int number)
            throws SQLException {
        var id = "f-" + number;
        long startUs = Rows.START_US + DAYS * DAY_US / sessions * number;
        Rows.session(connection, id, startUs, "completed");
        long bodies = 0;
        int at = 0;
        for (var body : Investigation.bodies(speech, number)) {
            boolean isLlm = Investigation.isLlm(at);
            var insert = isLlm ? llm : mcp;
            insert.setString(1, id + "-" + at);
            insert.setString(2, id);
            insert.setString(3, id + "-stage");
            insert.setLong(4, startUs + at * 1_000_000L);
            insert.setString(5, isLlm ? "model-" + number % 5 : "tool-" + (number + at) % 30);
            insert.setLong(6, body.length());
            insert.setString(
                    7,
                    isLlm
                            ? "{\"messages\":[{\"role\":\"user\",\"content\":\"" + body + "\"}]}"
                            : "{\"result\":\"" + body + "\"}");
            insert.addBatch();
            bodies += body.length();
            at++;
        }
        return bodies;
    }

    private static long bytes(Place place, String tables) throws SQLException {
        var query = place.kind().equals("sqlite")
                ? "select sum(s.pgsize) from dbstat s left join sqlite_master m on m.name = s.name where s.aggregate ="
                        + " 1 and coalesce(m.tbl_name, s.name) like '" + tables + "'"
                : "select sum(pg_total_relation_size(oid)) from pg_class where relkind = 'r' and relnamespace ="
                        + " 'public'::regnamespace and relname like '" + tables + "'";
        try (var connection = place.connect()) {
            return number(connection, query);
        }
    }
}
