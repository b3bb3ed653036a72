package io.tarsy.history.database;

import io.tarsy.history.config.ConfigKey;
import io.tarsy.history.config.Settings;
import java.sql.Connection;
import java.sql.SQLException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteOpenMode;

/**
 * How every SQLite connection of this program is set up.
 *
 * @param synchronous FULL, or NORMAL, which a power cut may cost the last commits
 * @param busyTimeoutMs how long SQLite itself waits for another process
 * @param readers connections for reading
 * @param queueLimit writes that may wait for the one writer
 * @param waitSeconds how long one of them waits
 */
record SqliteOptions(String synchronous, int busyTimeoutMs, int readers, int queueLimit, int waitSeconds) {
    static final int JOURNAL_LIMIT_BYTES = 64 * 1024 * 1024;

    /** Four times SQLite's own: what many writes touch goes to the file once, and 16 MB are soon read after a crash. */
    private static final int CHECKPOINT_PAGES = 4_000;

    private static final int CACHE_KIB = -16_384;

    static SqliteOptions of(Settings settings) {
        return new SqliteOptions(
                settings.required(ConfigKey.HISTORY_SQLITE_SYNCHRONOUS),
                Math.min(
                        settings.number(ConfigKey.HISTORY_SQLITE_BUSY_TIMEOUT_MS),
                        settings.number(ConfigKey.HISTORY_REQUEST_TIMEOUT_SECONDS) * 1_000),
                settings.number(ConfigKey.HISTORY_SQLITE_READERS),
                settings.number(ConfigKey.HISTORY_WRITE_QUEUE_LIMIT),
                settings.number(ConfigKey.HISTORY_WRITE_WAIT_SECONDS));
    }

    /** The PRAGMAs of each connection; a transaction begins IMMEDIATE, since a deferred one that writes late fails. */
    SQLiteConfig pragmas() {
        var config = new SQLiteConfig();
        config.setOpenMode(SQLiteOpenMode.FULLMUTEX);
        config.resetOpenMode(SQLiteOpenMode.CREATE); // a file that is gone must not be followed by an empty one
        config.setBusyTimeout(busyTimeoutMs);
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.valueOf(synchronous));
        config.enforceForeignKeys(true);
        config.setJournalSizeLimit(JOURNAL_LIMIT_BYTES);
        config.setPragma(SQLiteConfig.Pragma.WAL_AUTOCHECKPOINT, Integer.toString(CHECKPOINT_PAGES));
        config.setCacheSize(CACHE_KIB);
        config.setTempStore(SQLiteConfig.TempStore.MEMORY);
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        return config;
    }

    /** The same, but who meets the lock of another process hardly waits. */
    SqliteOptions impatient() {
        return new SqliteOptions(synchronous, Math.min(busyTimeoutMs, 50), readers, queueLimit, waitSeconds);
    }

    /** Whether another process has the lock. */
    boolean isBusy(SQLException failed) {
        return failed instanceof SQLiteException sqlite
                && (sqlite.getResultCode().code & 0xff) == SQLiteErrorCode.SQLITE_BUSY.code;
    }

    /** A connection that can only read. */
    Connection reader(String url) throws SQLException {
        var reader = pragmas().createConnection(url);
        try (var statement = reader.createStatement()) {
            statement.execute("pragma query_only = 1");
            return reader;
        } catch (SQLException failed) {
            reader.close();
            throw failed;
        }
    }

    /** A connection that can only read, and makes no file that is not there. */
    Connection inspector(String url) throws SQLException {
        var config = pragmas();
        config.setReadOnly(true);
        return config.createConnection(url);
    }
}
