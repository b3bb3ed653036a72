package io.tarsy.history.database;

import io.tarsy.history.config.ConfigKey;
import io.tarsy.history.config.Settings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything decided about the database: which one, and how it is reached.
 *
 * @param url where it is
 * @param source the setting that said so
 * @param poolSize connections the pool keeps
 * @param maxOverflow connections more than that under load
 * @param poolTimeoutSeconds how long to wait for a free connection
 * @param poolRecycleSeconds age at which a connection is replaced; -1 is never
 * @param prePing whether a connection is checked before it is handed out
 * @param connectTimeoutSeconds how long to wait for a new connection
 * @param socketTimeoutSeconds silence after which a connection is given up
 * @param statementTimeoutSeconds time after which the server cancels a statement
 * @param requestTimeoutSeconds how long a request may wait for a database that does not answer
 * @param sqliteFile the absolute file of SQLite, or null for memory and for PostgreSQL
 * @param warnings what looks like a mistake but stops nothing
 */
public record DatabaseSettings(
        DatabaseUrl url,
        String source,
        int poolSize,
        int maxOverflow,
        int poolTimeoutSeconds,
        int poolRecycleSeconds,
        boolean prePing,
        int connectTimeoutSeconds,
        int socketTimeoutSeconds,
        int statementTimeoutSeconds,
        int requestTimeoutSeconds,
        @Nullable Path sqliteFile,
        List<String> warnings) {

    /** Keeps a copy of the warnings. */
    public DatabaseSettings {
        warnings = List.copyOf(warnings);
    }

    /**
     * Decides from the settings; what the connection string says wins over the POSTGRES_ settings.
     *
     * @throws InvalidSettingsException with every fault of the settings and of the connection string
     */
    public static DatabaseSettings from(Settings settings) {
        var faults = new ArrayList<>(settings.faults());
        var warnings = new ArrayList<>(settings.warnings());
        var chosen = ChosenUrl.from(settings, faults, warnings);
        var file = chosen.url() == null ? null : sqliteFile(chosen.url(), settings, faults);
        if (chosen.url() == null || !faults.isEmpty()) {
            throw new InvalidSettingsException(faults);
        }
        var given = new Given(chosen.url(), settings);
        if (chosen.url().type() == DatabaseType.POSTGRESQL) {
            warnOfShortSocketTimeout(settings, warnings);
        }
        return new DatabaseSettings(
                chosen.url(),
                chosen.source(),
                given.number(UrlParameter.POOL_SIZE, ConfigKey.POSTGRES_POOL_SIZE),
                given.number(UrlParameter.MAX_OVERFLOW, ConfigKey.POSTGRES_MAX_OVERFLOW),
                given.number(UrlParameter.POOL_TIMEOUT, ConfigKey.POSTGRES_POOL_TIMEOUT),
                given.number(UrlParameter.POOL_RECYCLE, ConfigKey.POSTGRES_POOL_RECYCLE),
                given.flag(UrlParameter.POOL_PRE_PING, ConfigKey.POSTGRES_POOL_PRE_PING),
                given.number(UrlParameter.CONNECT_TIMEOUT, ConfigKey.POSTGRES_CONNECT_TIMEOUT),
                settings.number(ConfigKey.POSTGRES_SOCKET_TIMEOUT),
                settings.number(ConfigKey.POSTGRES_STATEMENT_TIMEOUT),
                settings.number(ConfigKey.HISTORY_REQUEST_TIMEOUT_SECONDS),
                file,
                warnings);
    }

    /** A connection string and the settings around it. */
    private record Given(DatabaseUrl url, Settings settings) {

        private int number(UrlParameter parameter, ConfigKey key) {
            return url.parameter(parameter).map(Integer::valueOf).orElseGet(() -> settings.number(key));
        }

        private boolean flag(UrlParameter parameter, ConfigKey key) {
            return url.parameter(parameter).map(Boolean::valueOf).orElseGet(() -> settings.flag(key));
        }
    }

    private static @Nullable Path sqliteFile(DatabaseUrl url, Settings settings, List<String> faults) {
        if (url.type() != DatabaseType.SQLITE || url.isMemory()) {
            return null;
        }
        var folder = settings.text(ConfigKey.HISTORY_WORKING_DIRECTORY);
        try {
            var base = Path.of(folder == null ? "" : folder).toAbsolutePath();
            return base.resolve(url.database()).normalize();
        } catch (InvalidPathException notAPath) {
            faults.add(settings.source(ConfigKey.HISTORY_WORKING_DIRECTORY) + " is not the path of a folder.");
            return null;
        }
    }

    private static void warnOfShortSocketTimeout(Settings settings, List<String> warnings) {
        int socket = settings.number(ConfigKey.POSTGRES_SOCKET_TIMEOUT);
        int statement = settings.number(ConfigKey.POSTGRES_STATEMENT_TIMEOUT);
        if (socket <= statement) {
            warnings.add(
                    "POSTGRES_SOCKET_TIMEOUT (%d) is not above POSTGRES_STATEMENT_TIMEOUT (%d): a slow statement costs its connection."
                            .formatted(socket, statement));
        }
    }

    /** Which database it is. */
    public DatabaseType type() {
        return url.type();
    }

    /** The most connections the pool may hold. */
    public int poolLimit() {
        return poolSize + maxOverflow;
    }

    /** The database for people, with its absolute place and never a password. */
    public String describe() {
        if (type() == DatabaseType.POSTGRESQL) {
            return "PostgreSQL %s, pool %d to %d".formatted(url.location(), poolSize, poolLimit());
        }
        return sqliteFile == null ? "SQLite in memory" : "SQLite " + sqliteFile;
    }
}
