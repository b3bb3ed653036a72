package io.tarsy.history.database;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.SQLException;
import org.sqlite.SQLiteException;

/**
 * The file of a SQLite database, looked at from outside.
 *
 * @param path absolute
 */
record SqliteFile(Path path) {
    /** Larger files would keep a start waiting too long; the checks of the running system look at them. */
    private static final long EXAMINED_WHOLE_BYTES = 1024L * 1024 * 1024;

    private static final String RESTORE = " Stop the server and restore a backup, or move the file away to begin anew.";

    /**
     * What tells this file from another of the same name.
     *
     * @throws SQLException if it is gone
     */
    Object key() throws SQLException {
        try {
            var attributes = Files.readAttributes(path, BasicFileAttributes.class);
            var key = attributes.fileKey();
            return key == null ? attributes.creationTime() : key;
        } catch (NoSuchFileException gone) {
            throw new SQLException(
                    "The file " + path + " is gone. Put it or a backup in its place, and it is used at once;"
                            + " after a restart of the server an empty one is made.",
                    "58030",
                    gone);
        } catch (IOException unreadable) {
            throw new SQLException("The file " + path + " cannot be looked at.", "58030", unreadable);
        }
    }

    /**
     * Looks for damage, as far as it can be found in bounded time.
     *
     * @throws SQLException naming the damage
     */
    void examine(SqliteOptions options) throws SQLException {
        long bytes = path.toFile().length();
        if (bytes == 0) {
            return;
        }
        var check = bytes > EXAMINED_WHOLE_BYTES ? "schema_version" : "quick_check(1)";
        try (var connection = options.pragmas().createConnection("jdbc:sqlite:" + path);
                var statement = connection.createStatement();
                var found = statement.executeQuery("pragma " + check)) {
            var verdict = found.next() ? found.getString(1) : "ok";
            if (bytes <= EXAMINED_WHOLE_BYTES && !"ok".equals(verdict)) {
                throw new SQLException(
                        "The file " + path + " is damaged (" + verdict.replace('\n', ' ') + ")." + RESTORE);
            }
        } catch (SQLiteException failed) {
            throw switch (failed.getResultCode()) {
                case SQLITE_NOTADB ->
                    new SQLException(
                            "The file " + path + " is no SQLite database, or its header is damaged." + RESTORE);
                case SQLITE_CORRUPT, SQLITE_CORRUPT_INDEX, SQLITE_CORRUPT_VTAB, SQLITE_CORRUPT_SEQUENCE ->
                    new SQLException("The file " + path + " is damaged." + RESTORE);
                default -> failed;
            };
        }
    }

    /**
     * Writes a whole copy to a new file, which has its name only once it is complete, proven and on disk.
     *
     * @param reader a connection that nobody else uses meanwhile
     */
    static void copy(Connection reader, Path copy) throws SQLException {
        var partial = copy.resolveSibling(copy.getFileName() + ".partial");
        try {
            Files.deleteIfExists(partial);
            try (var statement = reader.prepareStatement("vacuum into ?")) {
                statement.setString(1, partial.toString());
                statement.execute();
            }
            prove(partial);
            try (var channel = FileChannel.open(partial, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(partial, copy, StandardCopyOption.ATOMIC_MOVE);
            try (var folder = FileChannel.open(copy.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
                folder.force(true);
            }
        } catch (IOException failed) {
            throw new SQLException("The copy " + copy + " could not be written: " + failed.getMessage(), failed);
        } finally {
            remove(partial);
        }
    }

    private static void prove(Path copy) throws SQLException {
        var source = new org.sqlite.SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + copy);
        try (var connection = source.getConnection();
                var statement = connection.createStatement();
                var found = statement.executeQuery("pragma integrity_check(1)")) {
            if (!found.next() || !"ok".equals(found.getString(1))) {
                throw new SQLException("The copy " + copy + " is damaged.");
            }
        }
    }

    /** Removes the write-ahead log and its index, which belong to a file that is no longer there. */
    static void removeLog(Path database) throws SQLException {
        try {
            Files.deleteIfExists(database.resolveSibling(database.getFileName() + "-wal"));
            Files.deleteIfExists(database.resolveSibling(database.getFileName() + "-shm"));
        } catch (IOException failed) {
            throw new SQLException("The log of the file that was replaced cannot be removed.", "58030", failed);
        }
    }

    private static void remove(Path partial) {
        try {
            Files.deleteIfExists(partial);
        } catch (IOException failed) {
            System.getLogger(SqliteFile.class.getName())
                    .log(System.Logger.Level.WARNING, "The unfinished copy " + partial + " stays behind", failed);
        }
    }
}
