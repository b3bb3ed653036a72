package io.tarsy.history.it;

import static io.tarsy.history.it.TarsyClient.sessions;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the settings say about PostgreSQL's pool is what PostgreSQL sees, and who gets no connection is told soon. */
@Tag("across")
@Execution(ExecutionMode.CONCURRENT)
class PoolIT {

    private static final int PATIENCE_TENTHS = 300;

    @ParameterizedTest
    @CsvSource({
        "payara, ?pool_size=3&max_overflow=2&pool_timeout=2, 5",
        "liberty, ?pool_size=3&max_overflow=2&pool_timeout=2, 5"
    })
    void parametersOfTheUrlReachIt(String server, String parameters, int limit) throws Exception {
        var url = TestPostgresql.freshUrl();
        try (var tarsy = TestServer.start(server, url + parameters)) {
            oneTooManyIsToldAndTheOthersFinish(url, tarsy, limit);
        }
    }

    @ParameterizedTest
    @CsvSource({"payara", "liberty"})
    void r7VariablesReachItAndReadinessIsNotStarved(String server) throws Exception {
        var url = TestPostgresql.freshUrl();
        var variables = Map.of("POSTGRES_POOL_SIZE", "1", "POSTGRES_MAX_OVERFLOW", "3", "POSTGRES_POOL_TIMEOUT", "2");
        try (var tarsy = TestServer.start(server, url, variables)) {
            oneTooManyIsToldAndTheOthersFinish(url, tarsy, 4);
        }
    }

    /** Makes every connection of the pool wait for a lock, so that the next request finds none. */
    private static void oneTooManyIsToldAndTheOthersFinish(String url, TestServer server, int limit) throws Exception {
        var tarsy = server.client();
        tarsy.createsSession(Sample.session());
        var threads = Executors.newCachedThreadPool();
        try (var beside = TestPostgresql.connect(url);
                var watch = TestPostgresql.connect(url)) {
            beside.setAutoCommit(false);
            execute(beside, "lock table session_totals in exclusive mode");
            var holders = posts(threads, tarsy, limit);
            awaitWaiting(watch, limit);

            var late = tarsy.post(sessions(), Sample.session());

            assertThat(late.problem(503, 429).path("detail").asText()).isNotBlank();
            assertThat(late.header("Retry-After")).matches("[0-9]+");
            assertThat(asked(watch, "count(*)")).isEqualTo(Integer.toString(limit));
            var full = Scrape.of(tarsy);
            assertThat(full.value("tarsy_pool_limit")).isEqualTo(limit);
            assertThat(full.value("tarsy_pool_in_use")).isEqualTo(limit);
            assertThat(full.value("tarsy_pool_idle")).isZero();
            assertThat(full.value("tarsy_pool_timeouts_total")).isPositive();
            assertThat(tarsy.get("health/ready")
                            .expect(200)
                            .json()
                            .path("status")
                            .asText())
                    .isEqualTo("UP");
            beside.rollback();
            for (var holder : holders) {
                var answer = holder.get().expect(201);
                assertThat(server.logged()) // it waited for the lock longer than the setting's second
                        .contains("Request " + answer.header("X-Correlation-Id") + ": a statement took ");
            }
            assertThat(Scrape.of(tarsy).value("tarsy_slow_statements_total")).isGreaterThanOrEqualTo(limit);
            tarsy.post(sessions(), Sample.session()).expect(201);
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<Future<Answer>> posts(ExecutorService threads, TarsyClient tarsy, int count) {
        var posts = new ArrayList<Future<Answer>>();
        for (int i = 0; i < count; i++) {
            posts.add(threads.submit((Callable<Answer>) () -> tarsy.post(sessions(), Sample.session())));
        }
        return posts;
    }

    private static void awaitWaiting(Connection watch, int count) throws Exception {
        for (int i = 0; i < PATIENCE_TENTHS; i++) {
            if (asked(watch, "count(*) filter (where wait_event_type = 'Lock')").equals(Integer.toString(count))) {
                return;
            }
            Thread.sleep(100);
        }
        assertThat(asked(watch, "count(*) filter (where wait_event_type = 'Lock')"))
                .as("connections that wait for the lock")
                .isEqualTo(Integer.toString(count));
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Something about the pool's connections. */
    private static String asked(Connection connection, String what) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("select " + what + " from pg_stat_activity"
                        + " where application_name = 'tarsy' and datname = current_database()")) {
            rows.next();
            return rows.getString(1);
        }
    }
}
