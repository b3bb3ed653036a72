package io.tarsy.history.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Measures the product on both databases and writes down what came of it. */
public final class Bench {
    private static final Pattern CURSOR = Pattern.compile("\"next_cursor\":\"([^\"]+)\"");
    private static final String NDJSON = "application/x-ndjson";
    private static final String JSON = "application/json";
    private static final int BATCH_LINES = 1_000;
    private static final int BUNDLE = 200;

    private final String server;
    private final boolean quick;
    private final Path folder;

    private Bench(String server, boolean quick) throws IOException {
        this.server = server;
        this.quick = quick;
        this.folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "bench-");
    }

    /**
     * Runs it: {@code [payara|liberty] [quick] [sqlite|postgresql] [upkeep|durability|finding|added]}.
     *
     * @param arguments the server, whether a rough answer will do, which database alone to measure, and whether to
     *     measure only retention, only what durable commits cost on SQLite, only search and statistics, or only what
     *     these add to a write
     */
    public static void main(String[] arguments) throws Exception {
        var given = List.of(arguments);
        var server = given.contains("liberty") ? "liberty" : "payara";
        var bench = new Bench(server, given.contains("quick"));
        if (given.contains("durability")) {
            bench.lessDurable(new LinkedHashMap<>());
            bench.end();
        }
        var kinds = List.of("sqlite", "postgresql").stream()
                .filter(kind -> given.contains(kind) || !(given.contains("sqlite") || given.contains("postgresql")))
                .toList();
        var alone = List.of("added", "finding", "upkeep").stream()
                .filter(given::contains)
                .toList();
        for (var kind : alone.isEmpty() ? List.<String>of() : kinds) {
            for (var part : alone) {
                say(kind + " "
                        + switch (part) {
                            case "added" -> new Added(server, bench.folder, bench.quick).measure(kind);
                            case "finding" -> new Finding(server, bench.folder, bench.quick).measure(kind);
                            default -> new Upkeep(server, bench.folder, bench.quick).measure(kind);
                        });
            }
        }
        if (!alone.isEmpty()) {
            bench.end();
        }
        var figures = new LinkedHashMap<String, Figures>();
        for (var kind : kinds) {
            figures.put(kind, bench.measure(kind));
        }
        var page = Report.page(server, bench.quick, figures);
        if (bench.quick || figures.size() < 2) {
            say(page);
        } else {
            Files.writeString(Path.of("docs/performance.md"), page);
            say("Written: docs/performance.md");
        }
        bench.end();
    }

    /** What was written for it are gigabytes; where it failed they are left, for who looks why. */
    private void end() {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException inUse) {
            say("Left behind: " + folder + " (" + inUse + ")");
        }
        System.exit(0); // the database of the run would keep it alive
    }

    /** What was measured on one database. */
    record Figures(
            Map<String, Load.Result> results,
            long heapMib,
            long residentMib,
            Upkeep.Figures upkeep,
            Added.Figures added,
            Finding.Figures finding) {
        Load.Result of(String name) {
            var found = results.get(name);
            if (found == null) {
                throw new IllegalStateException("not measured: " + name);
            }
            return found;
        }
    }

    private Figures measure(String kind) throws Exception {
        var results = new LinkedHashMap<String, Load.Result>();
        floorOfWrites(kind, results);
        var place = Place.fresh(kind, folder);
        long heap;
        long resident;
        try (var service = new Service(server, place, folder, Map.of())) {
            writes(place, service, results);
            seed(place);
            reads(place, service, results);
            heap = service.heapMib();
            resident = service.residentMib();
        }
        if (kind.equals("sqlite")) {
            lessDurable(results);
        }
        return new Figures(
                results,
                heap,
                resident,
                new Upkeep(server, folder, quick).measure(kind),
                new Added(server, folder, quick).measure(kind),
                new Finding(server, folder, quick).measure(kind));
    }

    /**
     * What each commit's way to the disk costs: the same with synchronous NORMAL, which a power cut may cost writes. The
     * two take turns, so that what else the machine does meets both.
     */
    private void lessDurable(Map<String, Load.Result> results) throws Exception {
        var durable = Place.fresh("sqlite", folder);
        var other = Place.fresh("sqlite", folder);
        try (var full = new Service(server, durable, folder, Map.of("HISTORY_SQLITE_SYNCHRONOUS", "full"));
                var normal = new Service(server, other, folder, Map.of("HISTORY_SQLITE_SYNCHRONOUS", "normal"))) {
            sessions(durable);
            sessions(other);
            warmUp(thread -> record(full, thread));
            warmUp(thread -> record(normal, thread));
            var round = Duration.ofSeconds(quick ? 1 : 4);
            var both = Load.inTurns(16, round, 5, thread -> record(full, thread), thread -> record(normal, thread));
            note("sqlite", "POST, 16, FULL", results, "post-16-full", both.get(0));
            note("sqlite", "POST, 16, NORMAL", results, "post-16-normal", both.get(1));
        }
    }

    private static void record(Service service, int thread) throws IOException, InterruptedException {
        service.post("api/v1/history/sessions/s-" + thread + "/llm-interactions", JSON, Rows.body("s-" + thread));
    }

    private void floorOfWrites(String kind, Map<String, Load.Result> results) throws Exception {
        var place = Place.fresh(kind, folder);
        place.insistOnDurability();
        place.layTables();
        sessions(place);
        for (int threads : new int[] {1, 16}) {
            var writers = writers(place, threads);
            note(kind, "floor of POST, " + threads, results, "floor-" + threads, load(threads, thread -> {
                writers.get(thread).begin();
                writers.get(thread).write();
                writers.get(thread).commit();
            }));
            for (var writer : writers) {
                writer.close();
            }
        }
        try (var writer = new Rows.Writer(place, "s-0")) {
            var result = load(1, thread -> {
                writer.begin();
                for (int i = 0; i < BUNDLE; i++) {
                    writer.write();
                }
                writer.commit();
            });
            note(kind, "floor of batch", results, "floor-batch", result.times(BUNDLE));
        }
    }

    private static List<Rows.Writer> writers(Place place, int threads) throws SQLException {
        var writers = new ArrayList<Rows.Writer>();
        for (int i = 0; i < threads; i++) {
            writers.add(new Rows.Writer(place, "s-" + i));
        }
        return writers;
    }

    private static void sessions(Place place) throws SQLException {
        try (var connection = place.connect()) {
            connection.setAutoCommit(false);
            for (int i = 0; i < 16; i++) {
                Rows.session(connection, "s-" + i, Rows.START_US + i, "in_progress");
            }
            connection.commit();
        }
    }

    private void writes(Place place, Service service, Map<String, Load.Result> results) throws Exception {
        sessions(place);
        warmUp(thread -> service.post(
                "api/v1/history/sessions/s-" + thread + "/llm-interactions", JSON, Rows.body("s-" + thread)));
        note(
                place.kind(),
                "HTTP alone, 16",
                results,
                "http-16",
                load(16, thread -> service.get("api/v1/history/sessions?x=1")));
        for (int threads : new int[] {1, 16}) {
            note(place.kind(), "POST, " + threads, results, "post-" + threads, load(threads, thread -> {
                var path = "api/v1/history/sessions/s-" + thread + "/llm-interactions";
                service.post(path, JSON, Rows.body("s-" + thread));
            }));
        }
        var batch = load(1, thread -> {
            var answer = service.post("api/v1/history/batch", NDJSON, Rows.batch("s-0", BATCH_LINES));
            if (new String(answer, StandardCharsets.UTF_8).contains("rejected")) {
                throw new IOException("A line was rejected.");
            }
        });
        note(place.kind(), "batch", results, "batch", batch.times(BATCH_LINES));
    }

    private void seed(Place place) throws SQLException {
        int count = quick ? 10_000 : 100_000;
        try (var connection = place.connect()) {
            connection.setAutoCommit(false);
            for (int i = 0; i < count; i++) {
                Rows.session(
                        connection, "list-" + i, Rows.START_US + 1_000L * i, i % 50 == 0 ? "in_progress" : "completed");
                if (i % BUNDLE == 0) {
                    connection.commit();
                }
            }
            connection.commit();
            Rows.session(connection, "detail", Rows.START_US, "completed");
            connection.commit();
            connection.setAutoCommit(true);
            try (var writer = new Rows.Writer(place, "detail")) {
                writer.begin();
                for (int i = 0; i < 100; i++) {
                    writer.write();
                }
                writer.commit();
            }
            try (var statement = connection.createStatement()) {
                statement.execute("analyze"); // what PostgreSQL does by itself after a while
            }
        }
    }

    private void reads(Place place, Service service, Map<String, Load.Result> results) throws Exception {
        var kind = place.kind();
        var last = lastCursor(service);
        var list = "api/v1/history/sessions?page_size=50";
        try (var connection = place.connect()) {
            note(kind, "floor of list", results, "floor-list", load(1, thread -> bareList(connection)));
            note(kind, "floor of detail", results, "floor-detail", load(1, thread -> bareDetail(connection)));
        }
        load(1, thread -> insist(service, list)); // once more for the compiler, unmeasured
        note(kind, "list, first page", results, "list-first", load(1, thread -> insist(service, list)));
        note(
                kind,
                "list, deepest",
                results,
                "list-deepest",
                load(1, thread -> insist(service, list + "&cursor=" + last)));
        note(kind, "detail", results, "detail", load(1, thread -> insist(service, "api/v1/history/sessions/detail")));
    }

    /** The cursor of the last full page of fifty. */
    private static String lastCursor(Service service) throws IOException, InterruptedException {
        var cursors = new ArrayList<String>();
        var path = "api/v1/history/sessions?page_size=250";
        for (var next = ""; !next.isEmpty() || cursors.isEmpty(); ) {
            var answer = new String(insist(service, path + next), StandardCharsets.UTF_8);
            var found = CURSOR.matcher(answer);
            if (!found.find()) {
                break;
            }
            cursors.add(found.group(1));
            next = "&cursor=" + found.group(1);
        }
        return cursors.get(cursors.size() - 1);
    }

    private static byte[] insist(Service service, String path) throws IOException, InterruptedException {
        var answer = service.get(path);
        if (answer.statusCode() != 200) {
            throw new IOException(answer.statusCode() + " " + path);
        }
        return answer.body();
    }

    private static void bareList(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            drain(statement.executeQuery("select count(*) from (select 1 from alert_sessions s limit 10001) x"));
            drain(statement.executeQuery("select s.session_id, s.alert_id, s.alert_type, s.agent_type, s.status,"
                    + " s.started_at_us, s.completed_at_us, s.error_message, s.chain_id, s.current_stage_index,"
                    + " s.duration_ms, s.author, t.llm_interaction_count, t.mcp_communication_count,"
                    + " t.session_input_tokens, t.session_output_tokens, t.session_total_tokens, t.total_stages,"
                    + " t.completed_stages, t.failed_stages from alert_sessions s join session_totals t"
                    + " on t.session_id = s.session_id order by s.started_at_us desc, s.session_id desc limit 51"));
        }
    }

    private static void bareDetail(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            drain(statement.executeQuery("select * from alert_sessions where session_id = 'detail'"));
            drain(statement.executeQuery("select * from stage_executions where session_id = 'detail'"));
            drain(statement.executeQuery("select * from llm_interactions where session_id = 'detail'"));
        }
    }

    private static void drain(java.sql.ResultSet rows) throws SQLException {
        try (rows) {
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                for (int i = 1; i <= columns; i++) {
                    rows.getObject(i);
                }
            }
        }
    }

    private Load.Result load(int threads, Load.Work work) throws Exception {
        return quick
                ? Load.measure(threads, Duration.ofSeconds(1), Duration.ofSeconds(1), 1, work)
                : Load.measure(threads, Duration.ofSeconds(5), Duration.ofSeconds(4), 3, work);
    }

    /** Lets the server's compiler see what will be measured: a server that has just started is several times slower. */
    private void warmUp(Load.Work work) throws Exception {
        Load.measure(16, Duration.ZERO, Duration.ofSeconds(quick ? 5 : 60), 1, work);
    }

    private static void note(
            String kind, String what, Map<String, Load.Result> results, String name, Load.Result result) {
        results.put(name, result);
        say("%-11s %-18s %9.0f /s   p50 %7.2f ms   p99 %7.2f ms"
                .formatted(kind, what, result.perSecond(), result.p50Ms(), result.p99Ms()));
    }

    @SuppressWarnings("SystemOut") // a command that people watch
    static void say(String line) {
        System.out.println(line);
    }
}
