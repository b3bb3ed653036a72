package io.tarsy.history.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tarsy.history.config.Settings;
import io.tarsy.history.it.TestPostgresql;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import java.util.TimeZone;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HistoryDataSourceTest {

    @Test
    void theDriverIsToldEverything() throws SQLException {
        assertThat(propertiesOf("postgresql://u:p%40ss@db/tarsy?connect_timeout=3"))
                .containsEntry("user", "u")
                .containsEntry("password", "p@ss")
                .containsEntry("ApplicationName", "tarsy")
                .containsEntry("options", "-c TimeZone=UTC -c statement_timeout=4500ms")
                .containsEntry("stringtype", "unspecified")
                .containsEntry("connectTimeout", "3")
                .containsEntry("loginTimeout", "3")
                .containsEntry("socketTimeout", "5")
                .containsEntry("tcpKeepAlive", "true")
                .containsEntry("reWriteBatchedInserts", "true")
                .doesNotContainKeys("sslmode", "targetServerType");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            application_name=mine             | ApplicationName  | mine
            options=-c%20search_path%3Dx      | options          | -c TimeZone=UTC -c statement_timeout=4500ms -c search_path=x
            sslmode=verify-full               | sslmode          | verify-full
            sslrootcert=/ca                   | sslrootcert      | /ca
            sslcert=/c                        | sslcert          | /c
            sslkey=/k                         | sslkey           | /k
            target_session_attrs=any          | targetServerType | any
            target_session_attrs=read-write   | targetServerType | primary
            target_session_attrs=read-only    | targetServerType | secondary
            target_session_attrs=primary      | targetServerType | primary
            target_session_attrs=standby      | targetServerType | secondary
            target_session_attrs=prefer-standby | targetServerType | preferSecondary
            targetServerType=preferPrimary    | targetServerType | preferPrimary
            """)
    void aParameterReachesTheDriver(String query, String property, String value) throws SQLException {
        assertThat(propertiesOf("postgresql://u:p@db/tarsy?" + query)).containsEntry(property, value);
    }

    @Test
    void amongSeveralHostsThePrimaryIsMeant() throws SQLException {
        assertThat(propertiesOf("postgresql://u:p@a,b:6000/tarsy")).containsEntry("targetServerType", "primary");
    }

    @Test
    void theAddressHasNeitherPasswordNorParameters() {
        assertThat(PostgresProperties.address(settings("postgresql://u:canary@a,[::1]:6000/my%2Fdb?sslmode=require")))
                .isEqualTo("jdbc:postgresql://a:5432,[::1]:6000/my%2Fdb");
    }

    @Test
    void sqliteHasNoConnectionForThePool() {
        assertThatThrownBy(() -> dataSource("sqlite:///x.db").getConnection())
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("SQLite");
    }

    @Test
    void aServerThatIsNotThereIsAFailureWithoutThePassword() throws IOException {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        var source = dataSource("postgresql://u:canary@127.0.0.1:" + port + "/tarsy?connect_timeout=2");

        var failure = catchThrowableOfType(SQLException.class, () -> source.getConnection("x", "y"));

        assertThat(failure.getSQLState()).isEqualTo("08001");
        assertThat(printed(failure)).doesNotContain("canary");
    }

    @Test
    void aFailureThatRepeatsThePasswordIsCleaned() {
        var failure = new SQLException("cannot use canary", "28P01", new IllegalStateException("canary"));

        var clean = SecretFreeFailure.of(failure, "canary");

        assertThat(printed(clean)).doesNotContain("canary");
        assertThat(clean.getSQLState()).isEqualTo("28P01");
        assertThat((Throwable) SecretFreeFailure.of(failure, "other")).isSameAs(failure);
    }

    @Test
    void theDataSourceIsWhatItSays() throws SQLException {
        var source = dataSource("sqlite://");
        source.setLoginTimeout(7);
        source.setLogWriter(new PrintWriter(new StringWriter()));

        assertThat(source.getLogWriter()).isNotNull();
        assertThat(source.getLoginTimeout()).isZero();
        assertThat(source.unwrap(HistoryDataSource.class)).isSameAs(source);
        assertThatThrownBy(() -> source.unwrap(String.class)).isInstanceOf(SQLException.class);
        assertThatThrownBy(source::getParentLogger).isInstanceOf(SQLException.class);
    }

    @Test
    void aRealServerSeesNameTimeZoneAndTimeout() throws SQLException {
        var zone = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));
        try (var connection = dataSource(TestPostgresql.freshUrl()).getConnection();
                var statement = connection.createStatement();
                var row = statement.executeQuery("select current_setting('TimeZone'),"
                        + " current_setting('statement_timeout'), current_setting('application_name')")) {
            assertThat(row.next()).isTrue();
            assertThat(row.getString(1)).isEqualTo("UTC");
            assertThat(row.getString(2)).isEqualTo("4500ms");
            assertThat(row.getString(3)).isEqualTo("tarsy");
        } finally {
            TimeZone.setDefault(zone);
        }
    }

    private static Properties propertiesOf(String url) throws SQLException {
        return new HistoryDataSource(settings(url)).properties();
    }

    private static DataSource dataSource(String url) {
        return new HistoryDataSource(settings(url));
    }

    private static DatabaseSettings settings(String url) {
        var values = Map.of("HISTORY_DATABASE_URL", url);
        return DatabaseSettings.from(Settings.read(values::get, values.keySet()));
    }

    private static String printed(Throwable failure) {
        var text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
