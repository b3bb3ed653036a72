package io.tarsy.history.database;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How large the database is; what a database does not tell is null.
 *
 * @param totalBytes all of it
 * @param freeBytes room in it that is free for reuse
 * @param deadRows rows that wait to be cleaned up
 * @param wal its write-ahead log
 * @param tables the largest first
 */
public record Sizes(
        long totalBytes,
        @Nullable Long freeBytes,
        @Nullable Long deadRows,
        @Nullable Wal wal,
        List<Table> tables) {
    /** Keeps a copy of the tables. */
    public Sizes {
        tables = List.copyOf(tables);
    }

    /**
     * A write-ahead log.
     *
     * @param bytes its size now
     * @param limitBytes to which it is cut back, or null where the database decides
     */
    public record Wal(long bytes, @Nullable Long limitBytes) {}

    /**
     * One table.
     *
     * @param name of the table
     * @param bytes with its indexes, or null where that is too much work to find out
     * @param rows an estimate
     * @param deadRows rows that wait to be cleaned up
     */
    public record Table(
            String name,
            @Nullable Long bytes,
            long rows,
            @Nullable Long deadRows) {}
}
