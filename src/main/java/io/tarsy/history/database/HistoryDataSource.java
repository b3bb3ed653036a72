package io.tarsy.history.database;

import io.tarsy.history.config.Settings;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Properties;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections to PostgreSQL for the pool of the server, which is given this class's name and nothing else: host
 * and password stay out of the server's configuration.
 *
 * <p>The settings of the process are read at the first connection, not before, so a server whose history is in SQLite
 * can carry the pool unused. The user that a pool may hand over is not looked at: the connection string says who.
 */
public final class HistoryDataSource implements DataSource {

    private static final String CANNOT_CONNECT = "08001";
    private static final String DRIVER = "org.postgresql.Driver";
    private static final String UTC = "SET SESSION TIME ZONE 'UTC'";

    private final boolean patient;
    private @Nullable DatabaseSettings settings;
    private @Nullable PrintWriter logWriter;

    /** For the server's pool: the settings come from the process. */
    public HistoryDataSource() {
        this.patient = false;
    }

    HistoryDataSource(DatabaseSettings settings) {
        this(settings, false);
    }

    private HistoryDataSource(DatabaseSettings settings, boolean patient) {
        this.settings = settings;
        this.patient = patient;
    }

    /** For work that may take its time, such as a migration; no request waits for it. */
    static HistoryDataSource patient(DatabaseSettings settings) {
        return new HistoryDataSource(settings, true);
    }

    @Override
    public Connection getConnection() throws SQLException {
        var known = settings();
        if (known.type() != DatabaseType.POSTGRESQL) {
            throw new SQLException(
                    "History is kept in %s, so there is no PostgreSQL to connect to.".formatted(known.describe()),
                    CANNOT_CONNECT);
        }
        try {
            return patient ? open(known) : Impatience.watched(open(known));
        } catch (SQLException failure) {
            throw SecretFreeFailure.of(failure, known.url().password());
        }
    }

    private Connection open(DatabaseSettings known) throws SQLException {
        if (patient) {
            return connected(known, PostgresProperties.patient(known));
        }
        Impatience.refuseIfSilent();
        try {
            return connected(known, PostgresProperties.of(known));
        } catch (SQLException failure) {
            Impatience.failed(failure);
            throw failure;
        }
    }

    private static Connection connected(DatabaseSettings settings, Properties properties) throws SQLException {
        var connection = driver().connect(PostgresProperties.address(settings), properties);
        if (connection == null) {
            throw new SQLException("The PostgreSQL driver does not know the address.", CANNOT_CONNECT);
        }
        // the driver sends the time zone of this machine after the options, so it has to be set once more
        try (var statement = connection.createStatement()) {
            statement.execute(UTC);
        } catch (SQLException failure) {
            closeAfter(failure, connection);
            throw failure;
        }
        return connection;
    }

    /** By name: the class cannot be compiled against without annotations that the driver does not bring. */
    private static Driver driver() throws SQLException {
        try {
            return Class.forName(DRIVER)
                    .asSubclass(Driver.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException missing) {
            throw new SQLException("The PostgreSQL driver is missing.", CANNOT_CONNECT, missing);
        }
    }

    private static void closeAfter(SQLException failure, Connection connection) {
        try {
            connection.close();
        } catch (SQLException second) {
            failure.addSuppressed(second);
        }
    }

    /** What the driver is told; holds the password. */
    Properties properties() throws SQLException {
        return PostgresProperties.of(settings());
    }

    private synchronized DatabaseSettings settings() throws SQLException {
        if (settings == null) {
            try {
                settings = DatabaseSettings.from(Settings.fromProcess());
            } catch (InvalidSettingsException invalid) {
                throw new SQLException(invalid.getMessage(), CANNOT_CONNECT, invalid);
            }
        }
        return settings;
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return getConnection();
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return logWriter;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter logWriter) {
        this.logWriter = logWriter;
    }

    /** Always 0, the default: how long a login may take is a setting of the product. */
    @Override
    public int getLoginTimeout() {
        return 0;
    }

    /** Does nothing: how long a login may take is a setting of the product. */
    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException("This data source does not log.");
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        if (isWrapperFor(type)) {
            return type.cast(this);
        }
        throw new SQLException("This data source is not a " + type.getName() + ".");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return type.isInstance(this);
    }
}
