package io.tarsy.history.it;

import static io.tarsy.history.it.TarsyClient.session;
import static io.tarsy.history.it.TarsyClient.sessions;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What retention promises, whatever it runs on. Every test leaves nothing behind that is old enough to be deleted. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RetentionPromises {
    private static final String RETENTION = "api/v1/system/retention";
    private static final String RUNS = RETENTION + "/runs";
    private static final int CHUNK_ROWS = 20;
    private static final int MOST_SESSIONS = 60;
    private static final long DAY_US = 24L * 3_600 * 1_000_000;
    private static final long OLD_DAYS = 40;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final String product;
    private final String database;

    @SuppressWarnings("NullAway.Init")
    private Path archive;

    @SuppressWarnings("NullAway.Init")
    private TestServer server;

    @SuppressWarnings("NullAway.Init")
    private TarsyClient tarsy;

    RetentionPromises(String product, String database) {
        this.product = product;
        this.database = database;
    }

    @BeforeAll
    void start() throws IOException {
        archive = Files.createTempDirectory("tarsy-archive-");
        server = TestServer.start(
                product,
                TestServer.freshDatabase(database),
                Map.of(
                        "HISTORY_RETENTION_DAYS", "30",
                        "HISTORY_RETENTION_INTERVAL_HOURS", "1",
                        "HISTORY_RETENTION_MAX_SESSIONS", Integer.toString(MOST_SESSIONS),
                        "HISTORY_RETENTION_MAX_MEGABYTES", "12",
                        "HISTORY_RETENTION_CHUNK_ROWS", Integer.toString(CHUNK_ROWS),
                        "HISTORY_RETENTION_PAUSE_MS", "10",
                        "HISTORY_RETENTION_BUDGET_SECONDS", "1",
                        "HISTORY_RETENTION_ARCHIVE_DIRECTORY", archive.toString(),
                        "ORPHANED_SESSION_TIMEOUT_MINUTES", "1"));
        tarsy = server.client();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @AfterEach
    void forget() {
        runsToTheEnd();
        for (var row :
                tarsy.get(sessions() + "?page_size=250").expect(200).json().path("sessions")) {
            tarsy.delete(session(row.path("session_id").asText())).expect(204);
        }
    }

    @Test
    void r1RunningAndHeldSessionsAreNeverDeleted() {
        var old = finished(OLD_DAYS, "old", 3);
        var young = finished(1, "young", 3);
        var held = finished(OLD_DAYS, "held", 3);
        tarsy.patchesSession(held, "{'retention_hold':true}");
        var running = tarsy.createsSession(Sample.session().put("status", "paused"));
        tarsy.patchesSession(running, "{'completed_at_us':1}");
        var released = finished(OLD_DAYS, "released", 3);
        tarsy.patchesSession(released, "{'retention_hold':true}");
        tarsy.patchesSession(released, "{'retention_hold':null}");

        var preview = tarsy.post(RUNS + "?dry_run=true", "").expect(200).json();
        var shown = tarsy.get(RETENTION).expect(200).json();
        tarsy.get(session(old)).expect(200);
        var run = runsToTheEnd();

        tarsy.get(session(old)).expect(404);
        tarsy.get(session(released)).expect(404);
        for (var kept : List.of(young, held, running)) {
            tarsy.get(session(kept)).expect(200);
        }
        assertThat(preview.path("sessions").intValue()).isEqualTo(2);
        assertThat(preview.at("/reasons/age").intValue()).isEqualTo(2);
        assertThat(shown.path("preview").path("sessions")).isEqualTo(preview.path("sessions"));
        assertThat(shown.at("/policy/HISTORY_RETENTION_DAYS/value").asText()).isEqualTo("30");
        assertThat(run.path("sessions_deleted")).isEqualTo(preview.path("sessions"));
        assertThat(run.path("rows_deleted")).isEqualTo(preview.path("rows"));
        assertThat(StreamSupport.stream(preview.path("rows_by_table").spliterator(), false)
                        .mapToLong(JsonNode::longValue)
                        .sum())
                .isEqualTo(preview.path("rows").longValue());
        assertThat(run.path("bytes_deleted")).isEqualTo(preview.path("bytes"));
        assertThat(preview.path("by_alert_type"))
                .extracting(type -> type.path("alert_type").asText())
                .containsExactlyInAnyOrder("old", "released");
    }

    @Test
    void r2NoTransactionDeletesMoreThanTheLimit() throws SQLException {
        var large = finished(OLD_DAYS, "large", 3 * CHUNK_ROWS);
        var parent = Sample.id();
        tarsy.addsStage(large, Sample.stage(parent, 1)).expect(201);
        for (int i = 2; i < CHUNK_ROWS + 5; i++) {
            tarsy.addsStage(large, Sample.stage(Sample.id(), i).put("parent_stage_execution_id", parent))
                    .expect(201);
        }
        for (int i = 0; i < 20; i++) {
            finished(OLD_DAYS, "small", i % 4);
        }
        var preview = tarsy.post(RUNS + "?dry_run=true", "").expect(200).json();
        long rows = number("select coalesce(sum(rows_deleted), 0) from retention_runs");
        long bytes = number("select coalesce(sum(bytes_deleted), 0) from retention_runs");
        boolean counts = database.equals("postgresql");
        if (counts) {
            execute(
                    "create table deletions (transaction_id bigint)",
                    "create function count_deletion() returns trigger language plpgsql as"
                            + " $$ begin insert into deletions values (txid_current()); return null; end $$");
            for (var table : tables()) {
                execute("create trigger counts after delete on " + table
                        + " for each row execute function count_deletion()");
            }
        }

        var run = runsToTheEnd();

        tarsy.get(session(large)).expect(404);
        assertThat(run.path("error").isNull()).isTrue();
        assertThat(number("select sum(rows_deleted) from retention_runs") - rows)
                .isEqualTo(preview.path("rows").longValue());
        assertThat(number("select sum(bytes_deleted) from retention_runs") - bytes)
                .isEqualTo(preview.path("bytes").longValue());
        for (var table : tables()) {
            assertThat(number("select count(*) from " + table)).as(table).isZero();
        }
        if (counts) {
            assertThat(number("select max(n) from (select count(*) as n from deletions group by transaction_id) x"))
                    .isBetween(2L, (long) CHUNK_ROWS);
            for (var table : tables()) {
                execute("drop trigger counts on " + table);
            }
        }
        assertThat(number("select count(*) from audit_entries where session_id = '" + large + "'"))
                .isEqualTo(1);
    }

    @Test
    void r2ARunPausesWhenItsTimeIsOverAndTheNextGoesOn() {
        var lines = new ArrayList<JsonNode>();
        for (int i = 0; i < 200; i++) {
            lines.addAll(lines(Sample.id(), OLD_DAYS, "many", 9));
        }
        stores(lines);

        var started = tarsy.post(RUNS, "").expect(202);
        var id = started.json().path("run_id").asText();
        var second = tarsy.post(RUNS, "").problem(409);
        var ended = ended(id);

        assertThat(started.header("Location")).endsWith(RUNS + "/" + id);
        assertThat(second.path("detail").asText()).contains(id);
        assertThat(ended.path("state").asText()).isEqualTo("paused");
        assertThat(ended.path("sessions_deleted").intValue()).isBetween(1, 199);
        assertThat(number("select count(*) from alert_sessions")).isBetween(1L, 199L);

        int left = (int) number("select count(*) from alert_sessions");
        var stopped = tarsy.post(RUNS, "").expect(202).json().path("run_id").asText();
        tarsy.delete(RUNS + "/" + stopped).expect(202);
        assertThat(ended(stopped).path("state").asText()).isEqualTo("paused");
        tarsy.delete(RUNS + "/" + stopped).problem(409);
        tarsy.delete(RUNS + "/none").problem(404);
        assertThat(number("select count(*) from alert_sessions")).isLessThanOrEqualTo(left);
        runsToTheEnd();
        assertThat(number("select count(*) from alert_sessions")).isZero();
        assertThat(tarsy.get(RUNS + "?limit=2").expect(200).json().path("runs")).hasSize(2);
    }

    @Test
    void r2AFailureIsAFailureAndNothingIsDeletedThatIsNotArchived() throws IOException {
        var old = finished(OLD_DAYS, "old", 2);
        var aside = archive.resolveSibling(archive.getFileName() + "-aside");
        Files.move(archive, aside);
        Files.writeString(archive, "no folder");
        try {
            var run =
                    ended(tarsy.post(RUNS, "").expect(202).json().path("run_id").asText());

            assertThat(run.path("state").asText()).isEqualTo("failed");
            assertThat(run.path("error").asText()).isNotBlank().doesNotContain("\n");
            assertThat(run.path("finished_at_us").isNumber()).isTrue();
            tarsy.get(session(old)).expect(200);
        } finally {
            Files.delete(archive);
            Files.move(aside, archive);
        }
    }

    @Test
    void whatIsArchivedComesBackAsItWas() throws IOException {
        var first = finished(OLD_DAYS, "first", 5);
        tarsy.addsStage(first, Sample.stage(Sample.id(), 1)).expect(201);
        tarsy.patchesSession(first, "{'final_analysis':'The quota was full \\u0000','session_metadata':{'k':1.50}}");
        var second = finished(OLD_DAYS, "second", 2 * CHUNK_ROWS);
        var before = List.of(export(first), export(second));

        var folder = Path.of(runsToTheEnd().path("archive").asText());

        tarsy.get(session(first)).expect(404);
        tarsy.get(session(second)).expect(404);
        var manifest = Json.parse(Files.readAllBytes(folder.resolve("manifest.json")));
        assertThat(manifest.path("sessions").intValue()).isEqualTo(2);
        assertThat(manifest.path("cutoff_us").isNumber()).isTrue();
        for (var file : manifest.path("files")) {
            var bytes = Files.readAllBytes(folder.resolve(file.path("name").asText()));
            assertThat(file.path("bytes").intValue()).isEqualTo(bytes.length);
            assertThat(file.path("sha256").asText()).isEqualTo(sha256(bytes));
            assertThat(unzipped(bytes).lines()).hasSize(file.path("lines").intValue());
            var back = tarsy.send(
                    "POST",
                    "api/v1/history/batch",
                    bytes,
                    "Content-Type",
                    TarsyClient.NDJSON,
                    "Content-Encoding",
                    "gzip");
            assertThat(back.expect(200).lines())
                    .extracting(line -> line.path("status").asText())
                    .containsOnly("created", "updated");
        }
        assertThat(List.of(export(first), export(second))).isEqualTo(before);
    }

    @Test
    void beyondTheMostSessionsThoseThatEndedFirstGo() {
        var lines = new ArrayList<JsonNode>();
        var ids = new ArrayList<String>();
        for (int i = 0; i < MOST_SESSIONS + 5; i++) {
            ids.add(Sample.id());
            lines.addAll(lines(ids.get(i), 20, "young", 1));
        }
        stores(lines);
        for (int i = 0; i < 7; i++) {
            tarsy.patchesSession(ids.get(i), "{'completed_at_us':" + (now() - (20 + i) * DAY_US) + "}");
        }
        tarsy.patchesSession(ids.get(6), "{'retention_hold':true}");

        var preview = tarsy.post(RUNS + "?dry_run=true", "").expect(200).json();
        runsToTheEnd();

        assertThat(preview.at("/reasons/max_sessions").intValue()).isEqualTo(5);
        assertThat(number("select count(*) from alert_sessions")).isEqualTo(MOST_SESSIONS);
        for (int i = 1; i < 6; i++) {
            tarsy.get(session(ids.get(i))).expect(404);
        }
        tarsy.get(session(ids.get(6))).expect(200);
        tarsy.patchesSession(ids.get(6), "{'retention_hold':false}");
    }

    @Test
    void r4BeyondTheMostMegabytesSessionsGoAndTheirSpaceIsGivenBack() {
        var ids = new ArrayList<String>();
        for (int i = 0; i < 16; i++) {
            var id = finished(29 - i * 0.5, "heavy", 0);
            var heavy = Sample.mcp(Sample.id());
            heavy.putObject("tool_result").put("log", "x".repeat(1_048_576));
            tarsy.recordsMcp(id, heavy).expect(201);
            ids.add(id);
        }
        long pages = database.equals("sqlite") ? number("pragma page_count") : 0;

        var preview = tarsy.post(RUNS + "?dry_run=true", "").expect(200).json();
        var run = runsToTheEnd();

        // twelve of a little more than a MiB are over twelve MiB, and not one more goes than must
        assertThat(preview.at("/reasons/max_megabytes").intValue()).isEqualTo(5);
        assertThat(run.path("sessions_deleted").intValue()).isLessThanOrEqualTo(5);
        assertThat(ids.stream().filter(id -> tarsy.get(session(id)).status() == 200))
                .containsExactlyElementsOf(ids.subList(5, ids.size()));
        assertThat(number("select sum(size_bytes) from session_totals")).isLessThanOrEqualTo(12L * 1_048_576);
        if (database.equals("sqlite")) {
            assertThat(number("pragma page_count")).isLessThan(pages);
            assertThat(number("pragma freelist_count")).isLessThan(64);
        }
    }

    /** What every write has added up is what is there. */
    @Test
    void theBytesOfASessionAreThoseOfItsBodies() {
        var id = finished(20, "bytes", 4);
        var stage = Sample.id();
        tarsy.addsStage(id, Json.object("{'stage_output':{'a':'ä'}}").setAll(Sample.stage(stage, 1)))
                .expect(201);
        tarsy.patchesStage(id, stage, "{'stage_output':{'found':'a longer text'}}")
                .expect(200);
        tarsy.patchesSession(id, "{'final_analysis':'The quota was full, ä','session_metadata':{'k':1.50}}");
        tarsy.patchesSession(id, "{'final_analysis':null,'session_metadata':{'l':[1]}}");

        assertThat(number("select size_bytes from session_totals where session_id = '" + id + "'"))
                .isEqualTo(number("select (select octet_length(alert_data) + octet_length(session_metadata)"
                        + " + coalesce(octet_length(final_analysis), 0) from alert_sessions)"
                        + " + (select sum(octet_length(stage_output)) from stage_executions)"
                        + " + (select sum(octet_length(conversation)) from llm_interactions)"
                        + " + (select sum(octet_length(tool_arguments) + octet_length(tool_result))"
                        + " from mcp_communications)"));
    }

    @Test
    void oneServerRunsItAtATime() throws SQLException {
        finished(OLD_DAYS, "old", 1);
        execute("insert into leases (name, holder, expires_at_us) values ('retention', 'another', " + (now() + DAY_US)
                + ")");

        tarsy.post(RUNS, "").problem(409);

        assertThat(tarsy.get(RETENTION).expect(200).json().path("lease_holder").asText())
                .isEqualTo("another");
        execute("update leases set expires_at_us = 1 where name = 'retention'");
        assertThat(runsToTheEnd().path("sessions_deleted").intValue()).isEqualTo(1);
    }

    @Test
    void aRunThatIsDueBeginsByItselfAndOneWhoseServerIsGoneHasFailed() throws SQLException {
        var old = finished(OLD_DAYS, "old", 1);
        execute(
                "update retention_runs set started_at_us = started_at_us - " + DAY_US,
                "insert into retention_runs (run_id, cause, server_name, state, started_at_us, progress_at_us)"
                        + " values ('left-over', 'schedule', 'gone', 'running', " + (now() - DAY_US) + ", 1)");

        waits("the run begins", () -> tarsy.get(session(old)).status() == 404);

        waits("it ends", () -> newest().path("state").asText().equals("completed"));
        assertThat(newest().path("cause").asText()).isEqualTo("schedule");
        var gone = tarsy.get(RUNS + "/left-over").expect(200).json();
        assertThat(gone.path("state").asText()).isEqualTo("failed");
        assertThat(gone.path("error").asText()).isNotBlank();
    }

    @Test
    void aSessionWhoseAgentWentSilentTimesOutWithItsStages() throws SQLException {
        var silent = tarsy.createsSession(Sample.session());
        var open = Sample.id();
        var done = Sample.id();
        tarsy.addsStage(silent, Sample.stage(open, 0)).expect(201);
        tarsy.addsStage(silent, Sample.stage(done, 1).put("status", "completed"))
                .expect(201);
        var faulty = tarsy.createsSession(Sample.session().put("error_message", "its own"));
        var alive = tarsy.createsSession(Sample.session());
        var waiting = tarsy.createsSession(Sample.session().put("status", "paused"));
        execute("update session_totals set updated_at_us = updated_at_us - 600000000 where session_id in ('" + silent
                + "', '" + faulty + "', '" + alive + "', '" + waiting + "')");
        tarsy.post(session(alive) + "/heartbeat", "").expect(204);

        waits(
                "it times out",
                () -> status(silent).equals("timed_out") && status(faulty).equals("timed_out"));

        var detail = tarsy.detail(silent);
        assertThat(detail.path("error_message").asText()).isEqualTo("No word from its agent for 1 minute.");
        assertThat(detail.path("completed_at_us").longValue()).isGreaterThan(now() - DAY_US);
        assertThat(detail.path("stages"))
                .extracting(stage -> stage.path("status").asText())
                .containsExactly("timed_out", "completed");
        assertThat(detail.path("errors_count").intValue()).isEqualTo(1);
        assertThat(tarsy.detail(faulty).path("error_message").asText()).isEqualTo("its own");
        assertThat(status(alive)).isEqualTo("in_progress");
        assertThat(status(waiting)).isEqualTo("paused");
    }

    private String finished(double daysAgo, String alertType, int interactions) {
        var id = Sample.id();
        stores(lines(id, daysAgo, alertType, interactions));
        return id;
    }

    private static List<JsonNode> lines(String id, double daysAgo, String alertType, int interactions) {
        long ended = now() - (long) (daysAgo * DAY_US);
        var lines = new ArrayList<JsonNode>();
        lines.add(Sample.line(
                "session",
                id,
                Sample.session(id)
                        .put("alert_type", alertType)
                        .put("status", "completed")
                        .put("started_at_us", ended - 60_000_000)
                        .put("completed_at_us", ended)));
        var stage = Sample.id();
        lines.add(Sample.line("stage", id, Sample.stage(stage, 0).put("status", "failed")));
        for (int i = 0; i < interactions; i++) {
            lines.add(
                    i % 2 == 0
                            ? Sample.line(
                                    "llm_interaction",
                                    id,
                                    Sample.llm(Sample.id()).put("stage_execution_id", stage))
                            : Sample.line(
                                    "mcp_communication",
                                    id,
                                    Sample.mcp(Sample.id()).put("success", false)));
        }
        return lines;
    }

    private void stores(List<JsonNode> lines) {
        assertThat(tarsy.batch(lines).expect(200).lines())
                .extracting(line -> line.path("status").asText())
                .containsOnly("created");
    }

    /** Runs until nothing is left to be deleted, as the schedule would; the last run that deleted something. */
    private JsonNode runsToTheEnd() {
        JsonNode told = null;
        var end = Instant.now().plus(PATIENCE);
        while (Instant.now().isBefore(end)) {
            var begun = tarsy.post(RUNS, "").expect(202, 409);
            if (begun.status() == 202) {
                var run = ended(begun.json().path("run_id").asText());
                assertThat(run.path("state").asText()).as("%s", run).isIn("completed", "paused");
                told = told == null || run.path("sessions_deleted").intValue() > 0 ? run : told;
                if (run.path("state").asText().equals("completed")) {
                    return told;
                }
            }
        }
        throw new AssertionError("retention did not come to an end");
    }

    private JsonNode ended(String run) {
        waits(
                "run " + run + " ends and lets go",
                () -> !state(run).equals("running")
                        && tarsy.get(RETENTION)
                                .expect(200)
                                .json()
                                .path("lease_holder")
                                .isNull());
        return tarsy.get(RUNS + "/" + run).expect(200).json();
    }

    private String state(String run) {
        return tarsy.get(RUNS + "/" + run).expect(200).json().path("state").asText();
    }

    private JsonNode newest() {
        return tarsy.get(RUNS + "?limit=1").expect(200).json().path("runs").path(0);
    }

    private String status(String session) {
        return tarsy.detail(session).path("status").asText();
    }

    private String export(String id) {
        return tarsy.get(session(id) + "/export?format=ndjson").expect(200).text();
    }

    private static void waits(String what, BooleanSupplier until) {
        var end = Instant.now().plus(PATIENCE);
        while (!until.getAsBoolean()) {
            assertThat(Instant.now()).as(what).isBefore(end);
            try {
                Thread.sleep(100);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(stopped);
            }
        }
    }

    private static long now() {
        return Instant.now().toEpochMilli() * 1_000;
    }

    private static List<String> tables() {
        return List.of(
                "alert_sessions",
                "session_totals",
                "session_headlines",
                "stage_executions",
                "llm_interactions",
                "mcp_communications",
                "search_sessions",
                "search_order");
    }

    private void execute(String... statements) throws SQLException {
        try (var connection = server.connect();
                var statement = connection.createStatement()) {
            for (var sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private long number(String sql) {
        try (var connection = server.connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException failed) {
            throw new IllegalStateException(sql, failed);
        }
    }

    private static String unzipped(byte[] bytes) {
        try (var zip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return new String(zip.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException(missing);
        }
    }
}
