package io.tarsy.history.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.lang.reflect.UndeclaredThrowableException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteDataSource;

class ObservedDataSourceTest {

    private static final int LIMIT = 2;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private final List<String> told = new ArrayList<>();
    private boolean away;

    @SuppressWarnings("NullAway.Init")
    private ObservedDataSource observed;

    /** Connections without a pool; none once the database is away. */
    private final class Plain extends SQLiteDataSource {
        @Override
        public SQLiteConnection getConnection(@Nullable String user, @Nullable String password) throws SQLException {
            if (away) {
                throw new SQLException("none");
            }
            return super.getConnection(user, password);
        }
    }

    @BeforeEach
    void open() throws SQLException {
        var plain = new Plain();
        plain.setUrl("jdbc:sqlite:" + folder.resolve("observed.db"));
        observed = new ObservedDataSource(plain, new SlowStatements(1, (sql, millis) -> told.add(sql)), LIMIT);
        try (var connection = observed.getConnection();
                var statement = connection.createStatement()) {
            statement.execute("create table t (a integer)");
        }
        told.clear();
    }

    @Test
    void whoHoldsAConnectionIsCountedOnceUntilItIsClosed() throws SQLException {
        var one = observed.getConnection();
        try (var two = observed.getConnection()) {
            assertThat(observed.inUse()).isEqualTo(2);
            assertThat(two).isNotEqualTo(one).isEqualTo(two);
        }
        one.close();
        one.close();

        assertThat(observed.inUse()).isZero();
        assertThat(observed.waiting()).isZero();
    }

    @Test
    void idleIsWhatTheDatabaseSeesBeyondThat() throws SQLException {
        observed.sampled(2);
        assertThat(observed.idle()).isEqualTo(2);
        try (var one = observed.getConnection();
                var two = observed.getConnection();
                var three = observed.getConnection()) {
            assertThat(List.of(one, two, three)).doesNotHaveDuplicates();
            assertThat(observed.idle()).isZero();
        }
    }

    @Test
    void aFailureIsATimeoutOnlyIfAllWereInUse() throws SQLException {
        away = true;
        assertThatThrownBy(observed::getConnection).isInstanceOf(SQLException.class);
        assertThat(observed.timeouts()).isZero();
        away = false;
        try (var one = observed.getConnection();
                var two = observed.getConnection()) {
            away = true;
            assertThatThrownBy(observed::getConnection).isInstanceOf(SQLException.class);
            assertThat(List.of(one, two)).hasSize(LIMIT);
        }
        assertThat(observed.timeouts()).isEqualTo(1);
        assertThat(observed.waiting()).isZero();
    }

    @Test
    void slowStatementsAreToldByTheirSqlWithoutValues() throws SQLException {
        var slowly =
                "with recursive n(i) as (select 1 union all select i + 1 from n where i < ?) select count(*) from n";
        try (var connection = observed.getConnection();
                var statement = connection.prepareStatement(slowly)) {
            statement.setInt(1, 3_000_000);
            statement.executeQuery().close();
        }

        assertThat(told).containsExactly(slowly);
    }

    @Test
    void batchesAndFailuresPassThrough() throws SQLException {
        try (var connection = observed.getConnection();
                var insert = connection.prepareStatement("insert into t values (?)")) {
            for (int i = 0; i < 3; i++) {
                insert.setInt(1, i);
                insert.addBatch();
            }
            assertThat(insert.executeBatch()).containsExactly(1, 1, 1);
            assertThat(insert.getConnection()).isSameAs(connection);
            assertThatThrownBy(() -> connection.createStatement().execute("select nonsense"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("nonsense");
        }
    }

    /** As Payara does with a connection that has died. */
    @Test
    void aFailureThatTheServerHidesIsTold() throws SQLException {
        var hiding = proxy(
                DataSource.class,
                (of, method, arguments) -> proxy(Connection.class, (on, called, given) -> {
                    var hidden = new InvocationTargetException(new SQLException("This connection has been closed."));
                    throw new UndeclaredThrowableException(hidden);
                }));
        var died = new ObservedDataSource(hiding, new SlowStatements(1, (sql, millis) -> {}), LIMIT).getConnection();

        assertThatThrownBy(died::rollback).isInstanceOf(SQLException.class).hasMessageContaining("has been closed");
        assertThatThrownBy(() -> new GatedConnection(died).proxy().setAutoCommit(false))
                .isInstanceOf(DatabaseFailure.class);
    }

    @Test
    void whatJpaLeavesOpenIsGivenBackOnce() throws SQLException {
        var left = new GatedConnection(observed.getConnection());
        var closed = new GatedConnection(observed.getConnection());
        closed.proxy().close();
        assertThat(observed.inUse()).isEqualTo(1);

        left.giveBack();
        left.giveBack();
        closed.giveBack();

        assertThat(observed.inUse()).isZero();
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(ObservedDataSourceTest.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    @Test
    void whatIsBelowCanBeUnwrapped() throws SQLException {
        try (var connection = observed.getConnection();
                var statement = connection.prepareStatement("select 1")) {
            assertThat(connection.unwrap(SQLiteConnection.class)).isInstanceOf(SQLiteConnection.class);
            assertThat(connection.isWrapperFor(Connection.class)).isTrue();
            assertThat(statement.unwrap(PreparedStatement.class)).isNotNull();
        }
        assertThat(observed.unwrap(PoolFigures.class)).isSameAs(observed);
        assertThat(observed.isWrapperFor(PoolFigures.class)).isTrue();
    }
}
