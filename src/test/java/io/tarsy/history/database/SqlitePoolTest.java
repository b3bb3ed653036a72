package io.tarsy.history.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every connection is set up the same; there is one writer, and whoever wants to write waits in line. */
class SqlitePoolTest {

    @TempDir
    Path folder;

    private final ArrayList<SqlitePool> pools = new ArrayList<>();

    @AfterEach
    void closeAll() {
        pools.forEach(SqlitePool::close);
    }

    @ParameterizedTest
    @CsvSource({
        "journal_mode, wal",
        "synchronous, 2",
        "busy_timeout, 5000",
        "foreign_keys, 1",
        "journal_size_limit, 67108864",
    })
    void everyConnectionHasThePragmas(String pragma, String value) throws SQLException {
        var pool = pool(8, 10, 5);
        var readers = new ArrayList<Connection>();
        for (int i = 0; i < 3; i++) {
            readers.add(pool.getConnection());
            assertThat(asked(readers.get(i), "pragma " + pragma))
                    .as("reader %s", i)
                    .isEqualTo(value);
        }
        try (var writer = pool.getConnection()) {
            writer.setAutoCommit(false);
            assertThat(asked(writer, "pragma " + pragma)).as("writer").isEqualTo(value);
            writer.rollback();
        }
        for (var reader : readers) {
            reader.close();
        }
    }

    @Test
    void aNewFileGivesFreedPagesBack() throws SQLException {
        var options = options(2, 10, 5);
        var dialect = new SqliteDialect(settings(folder.resolve("new.db")), options);
        try (var direct = dialect.direct().getConnection()) {
            assertThat(asked(direct, "pragma auto_vacuum")).isEqualTo("2");
        } finally {
            dialect.close();
        }
    }

    @Test
    void aReaderCannotWrite() throws SQLException {
        try (var reader = pool(2, 10, 5).getConnection();
                var statement = reader.createStatement()) {
            assertThatThrownBy(() -> statement.execute("create table t (a)")).hasMessageContaining("readonly");
        }
    }

    @Test
    void aTransactionThatIsNotCommittedIsRolledBackOnClose() throws SQLException {
        var pool = pool(2, 10, 5);
        try (var writer = pool.getConnection()) {
            writer.setAutoCommit(false);
            execute(writer, "create table t (a integer)");
            writer.commit();
            execute(writer, "insert into t values (1)");
        }
        try (var reader = pool.getConnection()) {
            assertThat(asked(reader, "select count(*) from t")).isEqualTo("0");
        }
    }

    @Test
    void readersSeeWhatIsCommittedWhileAWriterWorks() throws SQLException {
        var pool = pool(2, 10, 5);
        try (var writer = pool.getConnection();
                var reader = pool.getConnection()) {
            writer.setAutoCommit(false);
            execute(writer, "create table t (a integer)");
            writer.commit();
            execute(writer, "insert into t values (1)");
            assertThat(asked(reader, "select count(*) from t")).isEqualTo("0");
            writer.commit();
            assertThat(asked(reader, "select count(*) from t")).isEqualTo("1");
        }
    }

    @Test
    void manyWritersWaitInLineAndNoneFails() throws Exception {
        var pool = pool(4, 1_000, 30);
        try (var connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            execute(connection, "create table t (a integer)");
            connection.commit();
        }
        var calls = new ArrayList<Callable<Integer>>();
        for (int i = 0; i < 200; i++) {
            int value = i;
            calls.add(() -> {
                try (var connection = pool.getConnection()) {
                    connection.setAutoCommit(false);
                    execute(connection, "insert into t values (" + value + ")");
                    connection.commit();
                    return value;
                }
            });
        }
        var workers = Executors.newFixedThreadPool(32);
        try {
            for (var done : workers.invokeAll(calls)) {
                assertThat(done.get()).isNotNull();
            }
        } finally {
            workers.shutdownNow();
        }
        try (var reader = pool.getConnection()) {
            assertThat(asked(reader, "select count(distinct a) from t")).isEqualTo("200");
        }
    }

    @Test
    void writesThatShareACommitKeepAndLoseEachTheirOwn() throws Exception {
        var pool = pool(4, 1_000, 30);
        try (var connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            execute(connection, "create table t (a integer primary key)");
            connection.commit();
        }
        var calls = new ArrayList<Callable<Boolean>>();
        for (int i = 0; i < 300; i++) {
            int value = i;
            calls.add(() -> {
                try (var connection = pool.getConnection()) {
                    connection.setAutoCommit(false);
                    execute(connection, "insert into t values (" + value + ")");
                    if (value % 3 == 0) {
                        connection.rollback();
                        return false;
                    }
                    if (value % 3 == 1) {
                        assertThatThrownBy(() -> execute(connection, "insert into t values (" + value + ")"))
                                .isInstanceOf(SQLException.class);
                    }
                    connection.commit();
                }
                try (var reader = pool.getConnection()) {
                    return asked(reader, "select count(*) from t where a = " + value)
                            .equals("1");
                }
            });
        }
        var workers = Executors.newFixedThreadPool(32);
        try {
            var done = workers.invokeAll(calls);
            for (int i = 0; i < calls.size(); i++) {
                assertThat(done.get(i).get())
                        .as("%s is there once its commit returned", i)
                        .isEqualTo(i % 3 != 0);
            }
        } finally {
            workers.shutdownNow();
        }
        try (var reader = pool.getConnection()) {
            assertThat(asked(reader, "select count(*) from t where a % 3 <> 0")).isEqualTo("200");
            assertThat(asked(reader, "select count(*) from t")).isEqualTo("200");
        }
    }

    @Test
    void whoIsUndoneFindsWhatWasInTheWay() throws Exception {
        var pool = pool(4, 1_000, 30);
        try (var connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            execute(connection, "create table t (a integer primary key)");
            connection.commit();
        }
        var calls = new ArrayList<Callable<String>>();
        for (int i = 0; i < 400; i++) {
            int value = i / 8;
            calls.add(() -> {
                try (var connection = pool.getConnection()) {
                    connection.setAutoCommit(false);
                    try {
                        execute(connection, "insert into t values (" + value + ")");
                        connection.commit();
                    } catch (SQLException taken) {
                        connection.rollback();
                    }
                }
                try (var reader = pool.getConnection()) {
                    return asked(reader, "select count(*) from t where a = " + value);
                }
            });
        }
        var workers = Executors.newFixedThreadPool(32);
        try {
            for (var done : workers.invokeAll(calls)) {
                assertThat(done.get()).isEqualTo("1");
            }
        } finally {
            workers.shutdownNow();
        }
    }

    @Test
    void r5TheLogStaysBoundedThoughSomebodyAlwaysReads() throws Exception {
        var pool = pool(4, 1_000, 30);
        try (var connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            execute(connection, "create table t (a integer primary key, b text)");
            connection.commit();
        }
        var done = new AtomicBoolean();
        var threads = Executors.newFixedThreadPool(3);
        try {
            var readers = new ArrayList<Future<Boolean>>();
            for (int i = 0; i < 3; i++) {
                readers.add(threads.submit(() -> {
                    while (!done.get()) {
                        try (var reader = pool.getConnection()) {
                            asked(reader, "select count(*), sum(length(b)) from t");
                        }
                    }
                    return true;
                }));
            }
            long most = 0;
            for (int i = 0; i < 400; i++) { // 200 MiB go through a log of at most 64
                try (var writer = pool.getConnection()) {
                    writer.setAutoCommit(false);
                    execute(writer, "insert or replace into t values (" + i % 40 + ", hex(randomblob(262144)))");
                    writer.commit();
                }
                most = Math.max(most, pool.walBytes());
                pool.tidy();
            }
            done.set(true);
            for (var reader : readers) {
                assertThat(reader.get()).isTrue();
            }
            assertThat(most).isLessThan(64L * 1024 * 1024);
        } finally {
            done.set(true);
            threads.shutdownNow();
        }
    }

    @Test
    void aWriterThatWaitsTooLongIsTold() throws SQLException {
        var pool = pool(2, 10, 1);
        try (var first = pool.getConnection();
                var second = pool.getConnection()) {
            first.setAutoCommit(false);
            assertThatThrownBy(() -> second.setAutoCommit(false)).hasMessageContaining("Waited 1 s");
            first.rollback();
        }
    }

    @Test
    void aLineThatIsFullTakesNoMore() throws Exception {
        var pool = pool(2, 1, 10);
        try (var first = pool.getConnection()) {
            first.setAutoCommit(false);
            var waiting = new CountDownLatch(1);
            var waiter = Executors.newSingleThreadExecutor();
            var second = waiter.submit(() -> {
                try (var connection = pool.getConnection()) {
                    waiting.countDown();
                    connection.setAutoCommit(false);
                    connection.rollback();
                    return true;
                }
            });
            assertThat(waiting.await(5, TimeUnit.SECONDS)).isTrue();
            awaitOneInLine(pool);
            try (var third = pool.getConnection()) {
                assertThatThrownBy(() -> third.setAutoCommit(false)).hasMessageContaining("wait already");
            }
            first.rollback();
            first.setAutoCommit(true);
            assertThat(second.get(10, TimeUnit.SECONDS)).isTrue();
            waiter.shutdownNow();
        }
    }

    @Test
    void memoryIsSharedByAllConnections() throws SQLException {
        var pool = new SqlitePool("jdbc:sqlite::memory:", options(4, 10, 5), null, () -> {});
        pools.add(pool);
        try (var writer = pool.getConnection()) {
            writer.setAutoCommit(false);
            execute(writer, "create table t (a integer)");
            execute(writer, "insert into t values (7)");
            writer.commit();
        }
        try (var reader = pool.getConnection()) {
            assertThat(asked(reader, "select a from t")).isEqualTo("7");
        }
    }

    @Test
    void r14ASecondServerOnTheSameFileIsRefused() throws SQLException {
        var file = folder.resolve("one.db");
        var first = new SqliteDialect(settings(file), options(2, 10, 5));
        var second = new SqliteDialect(settings(file), options(2, 10, 5));
        first.direct().getConnection().close();
        try {
            assertThatThrownBy(second::direct)
                    .hasMessageContaining("Another server uses")
                    .hasMessageContaining("PostgreSQL");
        } finally {
            first.close();
            second.close();
        }
    }

    private SqlitePool pool(int readers, int queue, int waitSeconds) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("t.db"));
                var statement = connection.createStatement()) {
            statement.execute("pragma journal_mode = wal");
        }
        var pool = new SqlitePool(
                "jdbc:sqlite:" + folder.resolve("t.db"),
                options(readers, queue, waitSeconds),
                folder.resolve("t.db"),
                () -> {});
        pools.add(pool);
        return pool;
    }

    private static void awaitOneInLine(DataSource pool) throws InterruptedException {
        for (int i = 0; i < 500 && !((SqlitePool) pool).writer().isWaitedFor(); i++) {
            Thread.sleep(10);
        }
    }

    private static SqliteOptions options(int readers, int queue, int waitSeconds) {
        return new SqliteOptions("FULL", 5_000, readers, queue, waitSeconds);
    }

    private static DatabaseSettings settings(Path file) {
        var settings = io.tarsy.history.config.Settings.read(
                name -> name.equals("HISTORY_DATABASE_URL") ? "sqlite:///" + file : null, java.util.Set.of());
        return DatabaseSettings.from(settings);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String asked(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
