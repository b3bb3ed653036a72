package io.tarsy.history.it;

import static io.tarsy.history.it.TarsyClient.session;
import static io.tarsy.history.it.TarsyClient.sessions;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** {@code HISTORY_ENABLED=false}: the server lives, the history says that it is switched off, no database is touched. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DisabledIT {

    @SuppressWarnings("NullAway.Init")
    private TestServer server;

    @BeforeAll
    void start() {
        // where a database is named that cannot be reached, touching it would show
        var url = TestServer.databaseOfThisRun().equals("postgresql")
                ? "postgresql://nobody:nothing@127.0.0.1:1/nowhere"
                : "sqlite:///history.db";
        server = TestServer.start(TestServer.serverOfThisRun(), url, Map.of("HISTORY_ENABLED", "false"));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void everyCallSaysThatHistoryIsDisabled() {
        var tarsy = server.client();

        for (var answer : List.of(
                tarsy.get(sessions()),
                tarsy.get(session("s")),
                tarsy.get("api/v1/history/active-sessions"),
                tarsy.get("api/v1/history/filter-options"),
                tarsy.post(sessions(), Sample.session()),
                tarsy.patch(session("s"), "{\"status\":\"paused\"}"),
                tarsy.delete(session("s")),
                tarsy.batch(List.of(Sample.line("session", "s", Sample.session("s")))))) {
            assertThat(answer.problem(503).path("detail").asText()).containsIgnoringCase("history is disabled");
            assertThat(answer.header("Retry-After")).matches("\\d+");
        }
    }

    @Test
    void theHistorysHealthSaysSo() {
        var health = server.client().get("api/v1/history/health").expect(200).json();

        assertThat(health.path("status").asText()).isEqualTo("disabled");
        assertThat(health.at("/details/history_enabled").booleanValue()).isFalse();
        assertThat(health.at("/details/message").asText()).isEqualTo("History service is disabled via configuration");
    }

    @Test
    void theInstallationCanStillBeLookedAt() {
        var tarsy = server.client();

        var database = tarsy.get("api/v1/system/database").expect(200).json();
        assertThat(database.path("state").asText()).isEqualTo("disabled");
        assertThat(database.path("answers").asBoolean()).isFalse();
        var config = tarsy.get("api/v1/system/config").expect(200).json();
        assertThat(SystemIT.setting(config, "HISTORY_ENABLED").path("value").asText())
                .isEqualTo("false");
        var checks = SystemIT.list(
                tarsy.get("api/v1/system/checks").expect(200).json().path("checks"));
        assertThat(SystemIT.status(checks, "database_answers")).isEqualTo("skipped");
        assertThat(SystemIT.status(checks, "java_heap")).isEqualTo("ok");
    }

    @Test
    void theServerIsLiveAndReady() {
        server.client().get("health/live").expect(200);
        server.client().get("health/ready").expect(200);
    }

    @Test
    void noDatabaseFileIsMade() {
        assertThat(server.folder().resolve("history.db")).doesNotExist();
    }
}
