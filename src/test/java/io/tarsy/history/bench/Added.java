package io.tarsy.history.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What search and statistics add to a write: two servers take turns, one of them without the two classes that note what
 * is written. They observe; nobody else knows them, so the rest is the same program.
 */
final class Added {
    private static final int SESSIONS = 40_000;
    private static final int OF_A_SESSION = Investigation.INTERACTIONS;
    private static final int INVESTIGATIONS = 10_000;
    private static final int CLIENTS = 16;

    /** The sessions wait long for their turn. */
    private static final Map<String, String> SILENT = Map.of("ORPHANED_SESSION_TIMEOUT_MINUTES", "0");

    private static final String WITHOUT = """
            <beans xmlns="https://jakarta.ee/xml/ns/jakartaee" version="4.0" bean-discovery-mode="annotated">
              <scan>
                <exclude name="io.tarsy.history.search.IndexEntries"/>
                <exclude name="io.tarsy.history.statistics.Changes"/>
              </scan>
            </beans>
            """;

    private final String server;
    private final Path folder;
    private final boolean quick;
    private final List<String[]> investigations = new ArrayList<>();
    private final Map<Service, int[]> written = new ConcurrentHashMap<>();

    Added(String server, Path folder, boolean quick) {
        this.server = server;
        this.folder = folder;
        this.quick = quick;
        var speech = new Speech(9);
        for (int i = 0; i < (quick ? INVESTIGATIONS / 10 : INVESTIGATIONS); i++) {
            investigations.add(Investigation.bodies(speech, i).toArray(String[]::new));
        }
    }

    /**
     * What came of it.
     *
     * @param with search and statistics, as the program is
     * @param without either
     * @param cpuMsWith of the processor for each write, by the server and its database, with all that it does afterwards
     * @param cpuMsWithout the same without
     */
    record Figures(Load.Result with, Load.Result without, double cpuMsWith, double cpuMsWithout) {
        /** How much dearer a write is, in percent. */
        double percent() {
            return 100 * (without.perSecond() / with.perSecond() - 1);
        }
    }

    /** How often a server was written to, and what that took of the processor. */
    private final class Meter {
        final Service service;
        final Cpu cpu;
        private double fromMs;
        private long from;

        Meter(Service service, Place place) throws IOException {
            this.service = service;
            this.cpu = new Cpu(service, place);
        }

        private long writes() {
            return Arrays.stream(written.getOrDefault(service, new int[CLIENTS]))
                    .asLongStream()
                    .sum();
        }

        void begin() throws IOException {
            fromMs = cpu.ms();
            from = writes();
        }

        double end() throws IOException {
            return (cpu.ms() - fromMs) / (writes() - from);
        }
    }

    Figures measure(String kind) throws Exception {
        var placeWith = Place.fresh(kind, folder);
        var placeWithout = Place.fresh(kind, folder);
        try (var with = new Service(server, placeWith, folder, SILENT);
                var without = new Service(server, placeWithout, folder, SILENT, withoutNotes())) {
            begin(placeWith);
            begin(placeWithout);
            var warmUp = Duration.ofSeconds(Integer.getInteger("bench.added.warm", quick ? 5 : 60));
            Load.measure(CLIENTS, Duration.ZERO, warmUp, 1, thread -> write(with, thread));
            Load.measure(CLIENTS, Duration.ZERO, warmUp, 1, thread -> write(without, thread));
            var meterWith = new Meter(with, placeWith);
            var meterWithout = new Meter(without, placeWithout);
            meterWith.begin();
            meterWithout.begin();
            // long turns, since some of what a write leaves behind is done in the turn of the other
            var both = Load.inTurns(
                    CLIENTS,
                    Duration.ofSeconds(Integer.getInteger("bench.added.turn", quick ? 2 : 20)),
                    Integer.getInteger("bench.added.turns", quick ? 2 : 5),
                    thread -> write(with, thread),
                    thread -> write(without, thread));
            var figures = new Figures(both.get(0), both.get(1), meterWith.end(), meterWithout.end());
            Bench.say(("%-11s POST, 16 clients: %.0f/s with search and statistics, %.0f/s without: %.0f %% dearer;"
                            + " processor %.3f and %.3f ms a write: %.0f %% more; p99 %.1f and %.1f ms")
                    .formatted(
                            kind,
                            figures.with.perSecond(),
                            figures.without.perSecond(),
                            figures.percent(),
                            figures.cpuMsWith,
                            figures.cpuMsWithout,
                            100 * (figures.cpuMsWith / figures.cpuMsWithout - 1),
                            figures.with.p99Ms(),
                            figures.without.p99Ms()));
            return figures;
        }
    }

    private static void begin(Place place) throws Exception {
        try (var connection = place.connect();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (int i = 0; i < SESSIONS; i++) {
                Rows.session(connection, "a-" + i, Rows.START_US + i, "in_progress");
            }
            statement.execute("insert into search_sessions (session_id) select session_id from alert_sessions");
            connection.commit();
        }
    }

    /** Each agent records the ten interactions of an investigation, ends the session and begins with another. */
    private void write(Service service, int client) throws IOException, InterruptedException {
        int at = written.computeIfAbsent(service, absent -> new int[CLIENTS])[client]++;
        int number = at / (OF_A_SESSION + 1) * CLIENTS + client;
        int step = at % (OF_A_SESSION + 1);
        var session = "api/v1/history/sessions/a-" + number % SESSIONS;
        if (step == OF_A_SESSION) {
            service.patch(session, "{\"status\":\"completed\"}");
            return;
        }
        var body = investigations.get(number % investigations.size())[step];
        boolean isLlm = Investigation.isLlm(step);
        var said = isLlm
                ? "\"interaction_id\":\"%s\",\"model_name\":\"a-model\",\"input_tokens\":12,\"output_tokens\":34,"
                        + "\"conversation\":{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
                : "\"communication_id\":\"%s\",\"server_name\":\"kubernetes\",\"communication_type\":\"tool_call\","
                        + "\"tool_name\":\"a-tool\",\"tool_result\":{\"result\":\"%s\"}";
        service.post(
                session + (isLlm ? "/llm-interactions" : "/mcp-communications"),
                "application/json",
                ("{\"stage_execution_id\":\"a-" + number % SESSIONS + "-stage\",\"timestamp_us\":" + Rows.START_US
                                + ",\"duration_ms\":5," + said.formatted(UUID.randomUUID(), body) + "}")
                        .getBytes(StandardCharsets.UTF_8));
    }

    /** The same installation with another archive. */
    private Path withoutNotes() throws IOException {
        var home = Files.createDirectories(folder.resolve("without"));
        var target = Files.createDirectories(home.resolve("target"));
        var war = target.resolve("tarsy-history.war");
        if (Files.exists(war)) {
            return home;
        }
        var here = Path.of("").toAbsolutePath();
        for (var same : List.of("pom.xml", "src", "docs")) {
            Files.createSymbolicLink(home.resolve(same), here.resolve(same));
        }
        try (var files = Files.walk(here.resolve("server-config"))) {
            for (var file : files.toList()) {
                Files.copy(file, home.resolve(here.relativize(file).toString()));
            }
        }
        for (var same : List.of("servers", "jdbc", "tarsy-history-jdbc.jar")) {
            Files.createSymbolicLink(
                    target.resolve(same), here.resolve("target").resolve(same));
        }
        Files.copy(here.resolve("target/tarsy-history.war"), war);
        try (var archive = FileSystems.newFileSystem(URI.create("jar:" + war.toUri()), Map.of())) {
            Files.writeString(archive.getPath("WEB-INF/beans.xml"), WITHOUT);
        }
        return home;
    }
}
