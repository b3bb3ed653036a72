package io.tarsy.history.it;

import static io.tarsy.history.it.SystemIT.list;
import static io.tarsy.history.it.SystemIT.status;
import static io.tarsy.history.it.TarsyClient.session;
import static io.tarsy.history.it.TarsyClient.sessions;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * From the schema of version 2, with what a program of that time had stored in it, to the newest one; what that program
 * still writes meanwhile; and back again, where this program plays the older one. The commands are those of the
 * documents, as they stand there: only addresses and names are others.
 */
@Tag("across")
@Execution(ExecutionMode.CONCURRENT)
class UpgradeIT {
    /** Some of the sessions still run; nobody may end them meanwhile. */
    private static final Map<String, String> UNCHANGED = Map.of("ORPHANED_SESSION_TIMEOUT_MINUTES", "0");

    private static final Path PROJECT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    private static final String DEPLOYMENT = "docs/deployment.md";
    private static final String DELETED = "sample-image-pull-01";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    /** First the newer file, which is refused; then the backup of before, which is brought to this version. */
    @Test
    void aFileOfSqliteAndItsBackup() throws Exception {
        var back = new Page(DEPLOYMENT).commands("Back again");
        var file = OldHistory.Database.sqlite(folder.resolve("history.db"));
        OldHistory.make(file);
        backUp(file);
        OldHistory.outgrow(file);
        var url = "sqlite:///" + folder.resolve("history.db");
        isRefused(url);

        Shell.run(folder, Map.of(), back.get(1)).well();

        try (var server = TestServer.start("liberty", url, UNCHANGED)) {
            isOfTheNewVersion(server.client());
            hasEverything(server.client());
            Move.walk(server, folder);
        }
    }

    /** What the call for a backup makes (BackupIT), by the name that the page gives for it. */
    private void backUp(OldHistory.Database file) throws Exception {
        var named = Pattern.compile("backups/\\S+\\.db")
                .matcher(new Page(DEPLOYMENT).commands("Back again").get(1));
        assertThat(named.find()).isTrue();
        Files.createDirectories(folder.resolve("backups"));
        try (var connection = file.connect();
                var copy = connection.prepareStatement("vacuum into ?")) {
            copy.setString(1, folder.resolve(named.group()).toString());
            copy.execute();
        }
    }

    @Test
    void aDatabaseOfPostgresqlWhileAnOldServerStillWrites() throws Exception {
        var back = new Page(DEPLOYMENT).commands("Back again");
        var backup = new Page("docs/postgresql.md").commands("Backup");
        var home = new Postgresql();
        OldHistory.make(home.database);
        Map<String, String> before;
        String since;
        try (var server = TestServer.start("payara", home.url, UNCHANGED)) {
            isOfTheNewVersion(server.client());
            hasEverything(server.client());
            anOldServerWrites(server, home.database);

            Skipped.unless(home.hasTools(), "going back on PostgreSQL", "there is no pg_dump of the server's version");
            before = exports(server.client());
            home.run(backup.get(0));
            since = writesSomeMore(server, back.get(0));
            OldHistory.outgrow(home.database);
            // one that runs already goes on
            server.client().createsSession(Sample.session());
        }
        home.run(backup.get(1));
        home.run(back.get(2));
        try (var server = TestServer.start("payara", home.url, UNCHANGED)) {
            assertThat(exports(server.client())).isEqualTo(before);
            takesAlong(server, back.get(3), since);
        }
    }

    private static void isOfTheNewVersion(TarsyClient tarsy) {
        var checks = list(tarsy.get("api/v1/system/checks").expect(200).json().path("checks"));
        assertThat(status(checks, "schema")).isEqualTo("ok");
        assertThat(status(checks, "indexes")).isEqualTo("ok");
    }

    private static void hasEverything(TarsyClient tarsy) throws Exception {
        var recorded = OldHistory.exports();
        assertThat(EveryPairIT.exports(tarsy, recorded.keySet())).isEqualTo(recorded);
        await(() -> agrees(tarsy, "search") && agrees(tarsy, "statistics"));
        var found = tarsy.get(sessions() + "?search=crashloop*&page_size=50")
                .expect(200)
                .json();
        assertThat(found.at("/search/sessions_not_indexed_yet").asInt()).isZero();
        assertThat(found.path("sessions")).isNotEmpty();
        assertThat(counted(tarsy)).isEqualTo(recorded.size());
    }

    /** What was written is there at once; words and counts once they were made anew, and until then the checks say so. */
    private void anOldServerWrites(TestServer server, OldHistory.Database database) throws Exception {
        var tarsy = server.client();
        var afterwards = OldHistory.exportsAfterwards();
        try (var stream = EventStream.open(server.root(), "");
                var connection = database.connect()) {
            OldHistory.writesOnceMore(connection);
            stream.await(EventStream.of("old-server-running"), 1);
        }
        assertThat(exports(tarsy)).isEqualTo(afterwards);
        tarsy.get(session(DELETED)).expect(404);
        var detail = tarsy.detail("old-server-completed");
        assertThat(detail.path("status").asText()).isEqualTo("completed");
        assertThat(detail.path("llm_interaction_count").asInt()).isEqualTo(2);
        assertThat(detail.path("failed_stages").asInt()).isEqualTo(1);
        assertThat(tarsy.detail("sample-oomkilled-01").path("retention_hold").asBoolean())
                .isTrue();
        assertThat(agrees(tarsy, "search")).isFalse();
        assertThat(agrees(tarsy, "statistics")).isFalse();

        for (var commands : new Page(DEPLOYMENT).commands("Two versions at once")) {
            Shell.run(folder, Map.of(), at(server, commands)).well();
        }

        await(() -> agrees(tarsy, "search") && agrees(tarsy, "statistics"));
        var found = list(tarsy.get(sessions() + "?search=marmalade&page_size=50")
                .expect(200)
                .json()
                .path("sessions"));
        assertThat(found)
                .extracting(one -> one.path("session_id").asText())
                .containsExactlyInAnyOrder(
                        "old-server-completed", "old-server-running", "old-server-batch", "sample-crashloop-02");
        assertThat(counted(tarsy)).isEqualTo(afterwards.size());
    }

    /** After the backup: one session comes and one goes; what there is then is taken along. */
    private String writesSomeMore(TestServer server, String export) throws Exception {
        var since = server.client().createsSession(Sample.session());
        server.client().recordsLlm(since, Sample.llm(Sample.id())).expect(201);
        server.client().delete(session("sample-postgres-lag-01")).expect(204);
        Shell.run(PROJECT, Map.of(), at(server, export)).well();
        return since;
    }

    private void takesAlong(TestServer server, String command, String since) throws Exception {
        var before = exports(server.client());
        Shell.run(PROJECT, Map.of(), at(server, command)).well();
        assertThat(server.client().detail(since).path("llm_interaction_count").asInt())
                .isOne();
        assertThat(exports(server.client())).containsAllEntriesOf(before).hasSize(before.size() + 1);
    }

    /** Tables that are newer than the program: it touches nothing and says why. */
    private static void isRefused(String url) throws Exception {
        try (var server = TestServer.launch("liberty", url, UNCHANGED)) {
            await(() -> readiness(server).contains("newer than this program"));
            server.client().get("health/live").expect(200);
            server.client().get("health/ready").expect(503);
            server.client().get(sessions()).problem(503);
            assertThat(server.logged()).contains("newer than this program");
        }
    }

    private static String readiness(TestServer server) {
        try {
            return server.client().get("health/ready").text();
        } catch (UncheckedIOException notYet) {
            return "";
        }
    }

    private static boolean agrees(TarsyClient tarsy, String what) {
        var seen = tarsy.post("api/v1/system/" + what + "/check", "");
        return seen.status() == 200 && seen.json().path("agrees").asBoolean();
    }

    private static int counted(TarsyClient tarsy) {
        return tarsy.get("api/v1/history/statistics?bucket=week&start_date_us=1")
                .expect(200)
                .json()
                .at("/totals/sessions")
                .asInt();
    }

    private static void await(BooleanSupplier done) throws InterruptedException {
        var end = Instant.now().plus(Duration.ofMinutes(5));
        while (!done.getAsBoolean()) {
            assertThat(Instant.now()).isBefore(end);
            Thread.sleep(250);
        }
    }

    /** Of every session that is listed. */
    private static Map<String, String> exports(TarsyClient tarsy) {
        return EveryPairIT.exports(
                tarsy,
                list(tarsy.get(sessions() + "?page_size=100").expect(200).json().path("sessions")).stream()
                        .map(one -> one.path("session_id").asText())
                        .toList());
    }

    /** With the address of that server, and files in the folder of this test. */
    private String at(TestServer server, String commands) {
        return commands.replace("8080", Integer.toString(server.root().getPort()))
                .replace("FILE=", "FILE=" + folder + "/");
    }

    /** A role with a database of its own, as docs/postgresql.md wants it. */
    private final class Postgresql {
        private final URI admin = URI.create(TestPostgresql.freshUrl());
        private final String name = admin.getPath().substring(1);
        private final List<String> administrator = List.of((admin.getUserInfo() + ":").split(":", -1));
        private final String url = "postgresql://" + name + ":" + administrator.get(1) + "@" + admin.getHost() + ":"
                + admin.getPort() + "/" + name;
        private final OldHistory.Database database = new OldHistory.Database(
                "postgresql",
                "jdbc:postgresql://" + admin.getHost() + ":" + admin.getPort() + "/" + name,
                name,
                administrator.get(1));

        private Postgresql() throws SQLException {
            try (var connection = TestPostgresql.connect(admin.toString());
                    var statement = connection.createStatement()) {
                statement.execute("create role " + name + " login password '" + administrator.get(1) + "'");
                statement.execute("alter database " + name + " owner to " + name);
            }
        }

        private boolean hasTools() throws Exception {
            try (var connection = database.connect()) {
                return Shell.version("pg_dump")
                        .contains(" " + connection.getMetaData().getDatabaseMajorVersion() + ".");
            }
        }

        private void run(String commands) throws Exception {
            var ours = commands.replace("tarsy", name)
                    .replace("127.0.0.1:5432", admin.getHost() + ":" + admin.getPort())
                    .replace("-h 127.0.0.1", "-h " + admin.getHost())
                    .replace("//postgres@", "//" + administrator.get(0) + "@")
                    .replace("-U postgres", "-U " + administrator.get(0));
            var environment = Map.of("PGPASSWORD", administrator.get(1), "PGPORT", Integer.toString(admin.getPort()));
            Shell.run(folder, environment, ours).well();
        }
    }
}
