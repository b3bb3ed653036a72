package io.tarsy.history.database;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The one connection that writes to a SQLite database. Who wants to write waits in a fair line.
 *
 * <p>Writes that wait for each other share one commit: each is a savepoint of the same transaction, the last of the
 * line commits for all, and nobody returns before that commit is done. A write alone commits at once.
 */
final class SqliteWriter {
    private static final int MOST_MEMBERS = 64;
    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long LOOK_AFTER_MS = 20;

    private final String url;
    private final SqliteOptions options;
    private final boolean shares;
    private final SqlitePool.Guard guard;
    private final Semaphore turn = new Semaphore(1, true);
    private final PoolMeter meter = new PoolMeter();

    // what follows belongs to whoever has the turn
    private @Nullable Connection connection;
    private @Nullable Group group;

    /** Whether the last try met the lock of another process: who comes next does not wait as long again. */
    private boolean lockedElsewhere;

    /** Writes that will be committed together. */
    private static final class Group {
        final CompletableFuture<Boolean> durable = new CompletableFuture<>();
        int members;

        /** When the first of them had ended: a long write that is alone so far keeps nobody waiting. */
        long awaitedSinceNanos;

        void joined(boolean keep) {
            if (members == 0) {
                awaitedSinceNanos = System.nanoTime();
            }
            members += keep ? 1 : 0;
        }

        boolean isOld() {
            return System.nanoTime() - awaitedSinceNanos > LONGEST_NANOS;
        }
    }

    /**
     * A writer that connects at once.
     *
     * @param shares whether writes may share a commit; in memory there is nothing to gain
     * @param guard is asked after each commit, before anybody hears of it
     */
    SqliteWriter(String url, SqliteOptions options, boolean shares, SqlitePool.Guard guard) throws SQLException {
        this.url = url;
        this.options = options;
        this.shares = shares;
        this.guard = guard;
        this.connection = options.pragmas().createConnection(url);
    }

    /** Whether somebody waits for a turn. */
    boolean isWaitedFor() {
        return turn.hasQueuedThreads();
    }

    /** The line of those who wait. */
    WriteQueue queue() {
        return new WriteQueue(turn.getQueueLength(), options.queueLimit(), options.waitSeconds());
    }

    /** Waits in line, not longer than the settings say; whoever got the turn must end it. */
    void awaitTurn() throws SQLException {
        if (turn.getQueueLength() >= options.queueLimit()) {
            throw new SqlitePool.QueueFullException("More than " + options.queueLimit() + " writes wait already.");
        }
        long askedNanos = System.nanoTime();
        SqlitePool.take(turn, options, "write");
        meter.waited(askedNanos);
    }

    /** What is measured here. */
    PoolMeter meter() {
        return meter;
    }

    void endTurn() {
        turn.release();
    }

    /** The connection itself, for whoever has the turn. */
    Connection connection() throws SQLException {
        if (connection == null) {
            guard.check();
            var how = lockedElsewhere ? options.impatient() : options;
            var fresh = how.pragmas().createConnection(url);
            try {
                guard.check();
            } catch (SQLException another) {
                SqlitePool.quietly(fresh);
                throw another;
            }
            connection = fresh;
        }
        return connection;
    }

    private void beginTransaction() throws SQLException {
        try {
            connection().setAutoCommit(false);
        } catch (SQLException failed) {
            lockedElsewhere = options.isBusy(failed);
            throw failed;
        }
        if (lockedElsewhere) {
            lockedElsewhere = false;
            execute("pragma busy_timeout = " + options.busyTimeoutMs());
        }
    }

    /** Something that only one may do at a time and that is no write. */
    @FunctionalInterface
    interface Work {
        /** Does it. */
        void run(Connection connection) throws SQLException;
    }

    /** Does something on the writer's connection while nobody writes; what waits for a commit is committed first. */
    void alone(Work work) throws SQLException {
        awaitTurn();
        try {
            if (group != null) {
                commit(group);
            }
            work.run(connection());
            execute("pragma busy_timeout = " + options.busyTimeoutMs());
        } catch (SQLException failed) {
            fail(failed);
            throw failed;
        } finally {
            endTurn();
        }
    }

    /**
     * Closes the connection; the next write opens what is there then. Nobody else may have one open.
     *
     * @param file whose log goes with it: what belonged to the file before must not be read with the one that came
     */
    void letGo(@Nullable Path file) throws SQLException {
        awaitTurn();
        try {
            if (shares && file != null) {
                fail(new SQLException("The database was closed.", "08001"));
                SqliteFile.removeLog(file);
            }
        } finally {
            endTurn();
        }
    }

    /** Waits for a turn and begins a write; {@link #end} must follow. */
    Connection begin() throws SQLException {
        awaitTurn();
        try {
            if (group == null) {
                beginTransaction();
                group = new Group();
            }
            execute("savepoint one");
            return connection();
        } catch (SQLException | RuntimeException failed) {
            fail(failed);
            endTurn();
            throw failed;
        }
    }

    /**
     * Ends a write and the turn; a write that is kept is durable when this returns.
     *
     * @throws SQLException if it was not stored
     */
    void end(boolean keep) throws SQLException {
        var mine = group;
        if (mine == null) {
            throw new SQLException("There is no write to end.");
        }
        try {
            if (!keep) {
                execute("rollback to one");
            }
            execute("release one");
            mine.joined(keep);
            if (!shares || !isWaitedFor() || mine.members >= MOST_MEMBERS || mine.isOld()) {
                commit(mine);
            }
        } catch (SQLException failed) {
            fail(failed);
        } finally {
            endTurn();
        }
        if (keep) {
            await(mine);
        } else {
            awaitOthers(mine);
        }
    }

    /** What was undone may be tried again, and must then find what was in its way: so the others come first. */
    private void awaitOthers(Group mine) {
        try {
            await(mine);
        } catch (SQLException theirs) {
            System.getLogger(SqliteWriter.class.getName())
                    .log(System.Logger.Level.DEBUG, "The writes of others were not stored", theirs);
        }
    }

    private void commit(Group open) throws SQLException {
        connection().setAutoCommit(true);
        guard.check();
        group = null;
        meter.committed(open.members);
        open.durable.complete(true);
    }

    /** Takes back whatever was written, and tells everybody in the group. */
    private void fail(Exception failed) {
        var open = group;
        group = null;
        var broken = connection;
        if (broken != null && shares) {
            connection = null;
            SqlitePool.quietly(broken);
        } else if (broken != null) {
            takeBack(broken); // closing it would lose the database in memory
        }
        if (open != null) {
            open.durable.completeExceptionally(failed);
        }
    }

    private static void takeBack(Connection connection) {
        try {
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (SQLException alreadyRolledBack) {
            System.getLogger(SqliteWriter.class.getName())
                    .log(System.Logger.Level.DEBUG, "There was nothing to take back", alreadyRolledBack);
        }
    }

    /** Waits for the commit. Should the next in line have given up, whoever waits does it. */
    private void await(Group mine) throws SQLException {
        while (true) {
            try {
                mine.durable.get(LOOK_AFTER_MS, TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException notYet) {
                if (turn.tryAcquire()) {
                    commitIfOpen(mine);
                }
            } catch (ExecutionException failed) {
                throw failed.getCause() instanceof SQLException known
                        ? known
                        : new SQLException("The write was not stored.", failed.getCause());
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw new SQLException("Interrupted while a write became durable.", stopped);
            }
        }
    }

    private void commitIfOpen(Group mine) {
        try {
            if (mine == group) {
                commit(mine);
            }
        } catch (SQLException failed) {
            fail(failed);
        } finally {
            endTurn();
        }
    }

    private void execute(String sql) throws SQLException {
        try (var statement = connection().createStatement()) {
            statement.execute(sql);
        }
    }

    /** Lets the write that runs end, for a bounded time, and closes the connection. */
    void close() {
        var log = System.getLogger(SqliteWriter.class.getName());
        boolean mine = false;
        try {
            mine = turn.tryAcquire(options.waitSeconds(), TimeUnit.SECONDS);
            if (mine && group != null) {
                commit(group);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (SQLException failed) {
            log.log(System.Logger.Level.WARNING, "The last writes could not be committed", failed);
        }
        if (!mine) {
            log.log(System.Logger.Level.WARNING, "A write still runs; SQLite is closed all the same");
        }
        var open = connection;
        if (open != null) {
            SqlitePool.quietly(open);
        }
    }
}
