package io.tarsy.history.it;

import static io.tarsy.history.it.TarsyClient.session;
import static io.tarsy.history.it.TarsyClient.sessions;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two hundred agents at once: no error, nothing lost, and no more connections than allowed. */
@Tag("across")
class ManyAgentsIT {

    private static final int AGENTS = 200;

    /** Enough for every connection of a pool of fifteen to be wanted. */
    private static final int SOME_AGENTS = 60;

    private static final int INTERACTIONS = 20;

    @Test
    void onSqlite() throws Exception {
        try (var server = TestServer.start("payara", "sqlite:///history.db")) {
            manyAgents(server, AGENTS);

            assertThat(server.logged()).doesNotContain("database is locked", "SQLITE_BUSY");
        }
    }

    @Test
    void onPostgresqlWithTwoConnections() throws Exception {
        var url = TestPostgresql.freshUrl();
        try (var server = TestServer.start("payara", url + "?pool_size=2&max_overflow=0")) {
            assertThat(busiest(url, server, AGENTS)).isBetween(1, 2);
        }
    }

    @Test
    void theDefaultPoolIsFiveAndTenMoreOnBothServers() throws Exception {
        for (var name : List.of("payara", "liberty")) {
            var url = TestPostgresql.freshUrl();
            try (var server = TestServer.start(name, url)) {
                assertThat(busiest(url, server, SOME_AGENTS)).as(name).isBetween(1, 15);
            }
        }
    }

    /** The most connections that the database saw under the product's name. */
    private static int busiest(String url, TestServer server, int agents) throws Exception {
        var most = new AtomicInteger();
        var done = new AtomicBoolean();
        var watcher = Executors.newSingleThreadExecutor();
        try (var connection = TestPostgresql.connect(url)) {
            var watching = watcher.submit((Callable<Integer>) () -> {
                while (!done.get()) {
                    most.accumulateAndGet(connections(connection), Math::max);
                    Thread.sleep(50);
                }
                return most.get();
            });
            try {
                manyAgents(server, agents);
            } finally {
                done.set(true);
            }
            return watching.get();
        } finally {
            watcher.shutdownNow();
        }
    }

    private static int connections(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("select count(*) from pg_stat_activity"
                        + " where application_name = 'tarsy' and datname = current_database()")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private static void manyAgents(TestServer server, int many) throws Exception {
        var tarsy = server.client();
        var type = Sample.word("crowd");
        List<Callable<List<String>>> agents = new ArrayList<>();
        for (var i = 0; i < many; i++) {
            agents.add(() -> investigate(tarsy, type));
        }
        var threads = Executors.newFixedThreadPool(many);
        var errors = new ArrayList<String>();
        try {
            for (var agent : threads.invokeAll(agents)) {
                errors.addAll(agent.get());
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(errors).isEmpty();
        var list = tarsy.get(sessions() + "?page_size=250&alert_type=" + type)
                .expect(200)
                .json();
        assertThat(list.at("/pagination/total_items").intValue()).isEqualTo(many);
        assertThat(list.path("sessions")).hasSize(many).allSatisfy(row -> {
            assertThat(row.path("status").asText()).isEqualTo("completed");
            assertThat(row.path("llm_interaction_count").intValue()).isEqualTo(INTERACTIONS / 2);
            assertThat(row.path("mcp_communication_count").intValue()).isEqualTo(INTERACTIONS / 2);
            assertThat(row.path("session_total_tokens").intValue()).isEqualTo(INTERACTIONS / 2 * 230);
        });
        for (var row : list.path("sessions")) {
            assertThat(tarsy.detail(row.path("session_id").asText()).path("session_level_interactions"))
                    .hasSize(INTERACTIONS);
        }
    }

    /** One agent's work; what went wrong with it. */
    private static List<String> investigate(TarsyClient tarsy, String type) {
        var id = Sample.id();
        var answers = new ArrayList<Answer>();
        try {
            answers.add(tarsy.post(sessions(), Sample.session(id).put("alert_type", type)));
            for (var i = 0; i < INTERACTIONS / 2; i++) {
                answers.add(tarsy.recordsLlm(id, Sample.llm(Sample.id())));
                answers.add(tarsy.recordsMcp(id, Sample.mcp(Sample.id())));
            }
            ObjectNode end = Json.object().put("status", "completed");
            answers.add(tarsy.patch(session(id), end));
        } catch (RuntimeException e) {
            return List.of(String.valueOf(e.getMessage()));
        }
        return answers.stream()
                .filter(answer -> answer.status() != 200 && answer.status() != 201)
                .map(answer -> answer.status() + " " + answer.text())
                .toList();
    }
}
