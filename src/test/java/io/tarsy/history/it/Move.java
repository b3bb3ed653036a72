package io.tarsy.history.it;

import static io.tarsy.history.it.TarsyClient.session;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** The move that docs/migrating-to-postgresql.md describes, by the commands of that page; only addresses are others. */
final class Move {
    private static final Path PROJECT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    private static final String RUNNING = "sample-crashloop-02";
    private static final String HELD = "sample-oomkilled-01";

    private final TestServer old;
    private final int port = ShellServer.freePort();
    private final String url = TestPostgresql.freshUrl();
    private final Path file;
    private final List<String> steps;

    private Move(TestServer old, Path folder) throws Exception {
        this.old = old;
        this.file = folder.resolve("history.ndjson.gz");
        this.steps = new Page("docs/migrating-to-postgresql.md").commands();
    }

    /** Moves what a server holds to PostgreSQL; some of its sessions run on until the last moment. */
    static void walk(TestServer old, Path folder) throws Exception {
        new Move(old, folder).walk();
    }

    private void walk() throws Exception {
        assertThat(steps).as("start, copy, compare, compare with a file").hasSize(4);
        var start = List.of("bash", "-c", "set -eu\n" + here(steps.get(0)));
        try (var target = ShellServer.start(start, PROJECT, port, Map.of("TARSY_SKIP_BUILD", "true"))) {
            var first = run(steps.get(1)).well();
            assertThat(first).contains("14 sessions");
            agentsGoOn();
            run(steps.get(1)).well();

            var compared = run(steps.get(2)).well();

            assertThat(compared.lines().filter(line -> line.contains("14 sessions, ")))
                    .hasSize(2);
            assertThat(compared).contains("Both are the same");
            showTheSame(target.client());
            oneChangedRowIsFound();
        }
    }

    private void agentsGoOn() {
        var tarsy = old.client();
        tarsy.recordsLlm(RUNNING, Sample.llm("written-after-the-first-pass")).expect(201);
        tarsy.patchesSession(RUNNING, "{'session_metadata':{'after':'the first pass'}}");
        tarsy.post("api/v1/history/holds", Json.object("{'session_ids':['" + HELD + "'],'retention_hold':true}"))
                .expect(200);
    }

    private void showTheSame(TarsyClient target) throws Exception {
        for (var id : OldHistory.exports().keySet()) {
            assertThat(Json.same(target.detail(id), old.client().detail(id)))
                    .as(id)
                    .isTrue();
        }
        assertThat(target.detail(HELD).path("retention_hold").asBoolean()).isTrue();
        assertThat(target.detail(RUNNING).path("status").asText()).isEqualTo("in_progress");
        assertThat(target.get(session(RUNNING) + "/interactions/written-after-the-first-pass")
                        .status())
                .isEqualTo(200);
    }

    private void oneChangedRowIsFound() throws Exception {
        try (var connection = TestPostgresql.connect(url);
                var statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("update llm_interactions set input_tokens = input_tokens + 1"
                            + " where interaction_id = 'written-after-the-first-pass'"))
                    .isOne();
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }

        var compared = run(steps.get(3));

        assertThat(compared.status()).as(compared.output()).isNotZero();
        assertThat(compared.output())
                .contains("1 sessions differ")
                .contains("  " + RUNNING + ": ")
                .doesNotContain("Both are the same");
    }

    /** In the shell where OLD and NEW were set. */
    private Shell.Ended run(String commands) throws Exception {
        var set = steps.get(0)
                .lines()
                .filter(line -> line.startsWith("export "))
                .findFirst()
                .orElseThrow();
        return Shell.run(PROJECT, Map.of(), here(set + "\n" + commands));
    }

    private String here(String commands) {
        return commands.replace("postgresql://tarsy:secret@127.0.0.1:5432/tarsy", url)
                .replace("8080", Integer.toString(old.root().getPort()))
                .replace("8081", Integer.toString(port))
                .replace("history.ndjson.gz", file.toString());
    }
}
