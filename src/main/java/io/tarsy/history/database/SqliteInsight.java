package io.tarsy.history.database;

import io.tarsy.history.database.Check.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What SQLite tells of itself. The files are only measured, never opened: closing one would drop SQLite's own locks. */
final class SqliteInsight implements Insight {
    private static final int MOST_COUNTED = 100_000;

    private static final long MEBIBYTE = 1024 * 1024;

    /** Up to this size it is quick to look at every page. */
    private static final long SMALL_BYTES = 100 * MEBIBYTE;

    private static final long WAL_FAIL_BYTES = 10L * SqliteOptions.JOURNAL_LIMIT_BYTES;
    private static final long FREE_WORTH_TELLING_BYTES = 256 * MEBIBYTE;
    private static final Set<String> NETWORK = Set.of(
            "nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afs", "ceph", "glusterfs", "lustre", "9p", "ncpfs");
    private static final Set<String> NETWORK_IN_USER_SPACE = Set.of("sshfs", "s3fs", "glusterfs", "rclone", "davfs");
    private static final String PAGES =
            "select page_count * page_size as answer from pragma_page_count(), pragma_page_size()";

    private final @Nullable Path file;
    private final SqliteOptions options;
    private final Pool pool;

    /** The connections that serve requests. */
    @FunctionalInterface
    interface Pool {
        /** All of them. */
        SqlitePool get() throws SQLException;
    }

    SqliteInsight(@Nullable Path file, SqliteOptions options, Pool pool) {
        this.file = file;
        this.options = options;
        this.pool = pool;
    }

    @Override
    public Connection connect() throws SQLException {
        return file == null ? pool.get().getConnection() : options.inspector("jdbc:sqlite:" + file);
    }

    @Override
    public Sizes sizes(Inspector database) {
        long total = database.number(PAGES);
        var bytes = new HashMap<String, Long>();
        if (total <= SMALL_BYTES) {
            database.list(
                    "select m.tbl_name as name, sum(s.pgsize) as bytes from dbstat s"
                            + " join sqlite_master m on m.name = s.name where s.aggregate = true"
                            + " group by m.tbl_name limit 200",
                    row -> bytes.put(row.needed("name"), row.count("bytes")));
        }
        var unnumbered = Set.copyOf(database.list(
                "select name from pragma_table_list where schema = 'main' and wr limit 100",
                row -> row.needed("name")));
        return new Sizes(
                total,
                database.number("select freelist_count * page_size as answer"
                        + " from pragma_freelist_count(), pragma_page_size()"),
                null,
                file == null ? null : new Sizes.Wal(walBytes(file), (long) SqliteOptions.JOURNAL_LIMIT_BYTES),
                database.list(tableNames(), row -> row.needed("name")).stream()
                        .map(table -> new Sizes.Table(
                                table, bytes.get(table), rows(database, table, !unnumbered.contains(table)), null))
                        .sorted(Inspection.LARGEST_FIRST)
                        .toList());
    }

    /**
     * Row numbers grow by one, and the oldest rows go first, so the range of them is near the number of rows. Where rows
     * have no numbers they are counted, as far as that takes no time.
     */
    private static long rows(Inspector database, String table, boolean isNumbered) {
        if (!isNumbered) {
            return database.number(
                    "select count(*) as answer from (select 1 from %s limit %d) x".formatted(table, MOST_COUNTED));
        }
        return database.number(
                "select coalesce((select max(rowid) from %s) - (select min(rowid) from %s) + 1, 0) as answer"
                        .formatted(table, table));
    }

    private static long walBytes(Path file) {
        return file.resolveSibling(file.getFileName() + "-wal").toFile().length();
    }

    @Override
    public @Nullable Connections connections(Inspector database) {
        return null;
    }

    @Override
    public WriteQueue writeQueue() throws SQLException {
        return pool.get().writer().queue();
    }

    @Override
    public String indexNames() {
        return "select name from sqlite_master where type = 'index' limit 1000";
    }

    @Override
    public String tableNames() {
        // neither the index of words, which has no rows of its own, nor what it keeps them in
        return "select name from pragma_table_list where schema = 'main' and type = 'table'"
                + " and name not like 'sqlite\\_%' escape '\\' limit 100";
    }

    @Override
    public List<Check> checks() {
        var version = Check.ofDatabase(
                "database_version",
                "Version of the database",
                "The program relies on what this version of SQLite can do; it is part of the program.",
                database -> Finding.ok("SQLite " + database.text("select sqlite_version() as answer") + "."));
        var foreignKeys = Check.ofDatabase(
                "sqlite_foreign_keys",
                "Foreign keys are enforced",
                "Without them stages and interactions could belong to sessions that are gone.",
                database -> foreignKeys(database.number("select foreign_keys as answer from pragma_foreign_keys()")));
        var integrity = Check.ofDatabase(
                "sqlite_integrity",
                "The file is whole",
                "A damaged file gives wrong answers before it gives errors.",
                this::integrity);
        if (file == null) {
            var memory = Check.ofMachine(
                    "sqlite_in_memory",
                    "History outlives a stop",
                    "History that is kept in memory is gone when the server stops.",
                    () -> Finding.warn(
                            "History is kept in memory.", "Set HISTORY_DATABASE_URL to a file or to PostgreSQL."));
            return List.of(version, foreignKeys, integrity, memory);
        }
        return List.of(
                version,
                foreignKeys,
                integrity,
                fileSystem(file),
                journal(),
                synchronous(),
                vacuum(),
                wal(file),
                free());
    }

    private static Finding foreignKeys(long on) {
        return on == 1
                ? Finding.ok("foreign_keys is on.")
                : Finding.fail("foreign_keys is off.", "This is a fault of the program; please report it.");
    }

    private Finding integrity(Inspector database) {
        long bytes = database.number(PAGES);
        if (bytes > SMALL_BYTES) {
            return Finding.skipped(
                    "The database has %d MiB; up to %d MiB every page is looked at. To look yourself, run"
                                    .formatted(bytes / MEBIBYTE, SMALL_BYTES / MEBIBYTE)
                            + " `pragma quick_check` on a backup.");
        }
        var said = database.text("select quick_check as answer from pragma_quick_check() limit 1");
        return said.equals("ok")
                ? Finding.ok("quick_check looked at %d bytes and found nothing.".formatted(bytes))
                : Finding.fail(
                        "quick_check says: " + said, "Stop the server, keep a copy of the file and restore a backup.");
    }

    private static Check fileSystem(Path file) {
        return Check.ofMachine(
                "sqlite_file_system",
                "The file is on a local disk",
                "SQLite needs locks and shared memory that network file systems do not keep, and the file is damaged.",
                () -> fileSystem(file, type(file)));
    }

    private static String type(Path file) {
        var folder = file.toAbsolutePath().getParent();
        try {
            return Files.getFileStore(folder == null ? file : folder).type();
        } catch (IOException unknown) {
            return "";
        }
    }

    static Finding fileSystem(Path file, String type) {
        var lower = type.toLowerCase(Locale.ROOT);
        var detail = file + " is on a file system of the type " + (type.isEmpty() ? "unknown" : type) + ".";
        var action = "Move the file to a local disk, or use PostgreSQL.";
        boolean userSpace = lower.startsWith("fuse");
        if (NETWORK.contains(lower)
                || (userSpace && NETWORK_IN_USER_SPACE.stream().anyMatch(lower::contains))) {
            return Finding.fail(detail, action);
        }
        return Finding.okIf(!userSpace && !type.isEmpty(), detail, action);
    }

    private static Check journal() {
        return Check.ofDatabase(
                "sqlite_journal_mode",
                "A write-ahead log is used",
                "It lets reads go on while something is written.",
                database -> {
                    var mode = database.text("select journal_mode as answer from pragma_journal_mode()");
                    return mode.equals("wal")
                            ? Finding.ok("journal_mode is wal.")
                            : Finding.fail(
                                    "journal_mode is " + mode + ".",
                                    "Stop the server and run `pragma journal_mode = wal` on the file.");
                });
    }

    private static Check synchronous() {
        return Check.ofDatabase(
                "sqlite_synchronous",
                "Writes survive a power cut",
                "With FULL every write that was answered is on disk; with NORMAL a power cut may cost the last ones.",
                database -> {
                    long level = database.number("select synchronous as answer from pragma_synchronous()");
                    return Finding.okIf(
                            level >= 2,
                            "synchronous is " + (level >= 2 ? "FULL" : level == 1 ? "NORMAL" : "OFF") + ".",
                            "Set HISTORY_SQLITE_SYNCHRONOUS=FULL, unless the last writes may be lost.");
                });
    }

    private static Check vacuum() {
        return Check.ofDatabase(
                "sqlite_auto_vacuum",
                "Freed pages are given back",
                "What retention deletes makes the file smaller only if the file was made so.",
                database -> {
                    long mode = database.number("select auto_vacuum as answer from pragma_auto_vacuum()");
                    return Finding.okIf(
                            mode == 2,
                            "auto_vacuum is " + (mode == 2 ? "incremental" : mode == 1 ? "full" : "off") + ".",
                            "Stop the server and run `pragma auto_vacuum = incremental; vacuum;` on the file.");
                });
    }

    private static Check wal(Path file) {
        return Check.ofMachine(
                "sqlite_wal",
                "The write-ahead log stays small",
                "It grows while a read holds it back, and takes disk space and time.",
                () -> wal(walBytes(file)));
    }

    static Finding wal(long bytes) {
        var detail = "The write-ahead log has %d bytes; it is cut back to %d."
                .formatted(bytes, SqliteOptions.JOURNAL_LIMIT_BYTES);
        var action =
                "Look for another program that has the file open, and stop it; a restart of the server empties it.";
        return bytes > WAL_FAIL_BYTES
                ? Finding.fail(detail, action)
                : Finding.okIf(bytes <= SqliteOptions.JOURNAL_LIMIT_BYTES, detail, action);
    }

    private static Check free() {
        return Check.ofDatabase(
                "sqlite_free_pages",
                "Free pages are few",
                "Pages that were freed are used again; many of them mean that the file could be smaller.",
                database -> {
                    long pages = database.number("select page_count as answer from pragma_page_count()");
                    long free = database.number("select freelist_count as answer from pragma_freelist_count()");
                    long size = database.number("select page_size as answer from pragma_page_size()");
                    return Finding.okIf(
                            free * 2 < pages || free * size < FREE_WORTH_TELLING_BYTES,
                            "%d of %d pages are free (%d bytes).".formatted(free, pages, free * size),
                            "They are used again by new writes. To have the space back at once, stop the server and"
                                    + " run `vacuum` on the file.");
                });
    }
}
