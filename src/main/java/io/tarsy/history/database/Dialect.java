package io.tarsy.history.database;

import io.tarsy.history.metrics.Metrics;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Everything in which SQLite and PostgreSQL differ. Callers ask for an intention and get an answer; nobody asks which
 * database this is.
 */
sealed interface Dialect permits SqliteDialect, PostgresqlDialect {

    /** The dialect of the database that the settings choose. */
    static Dialect of(DatabaseSettings settings, SqliteOptions options) {
        return switch (settings.type()) {
            case SQLITE -> new SqliteDialect(settings, options);
            case POSTGRESQL -> new PostgresqlDialect(settings);
        };
    }

    /** The word for it in answers: sqlite or postgresql. */
    String name();

    /** Its migrations. */
    Migrations migrations();

    /**
     * Connections for changing the schema and for asking whether the database is there; never from the pool that
     * serves requests.
     *
     * @throws SQLException if the database cannot be used as it is, in words for an operator
     */
    DataSource direct() throws SQLException;

    /** Connections that serve requests. */
    DataSource pool() throws SQLException;

    /**
     * Lets the database's own views tell the probe's connection from those of the pool.
     *
     * @return whether the probe may keep it; where there is only one connection it must not
     */
    boolean becomesProbe(Connection connection) throws SQLException;

    /**
     * Looks whether the database can be trusted before anything is done with it.
     *
     * @throws SQLException naming what is wrong with it and what to do
     */
    void examine() throws SQLException;

    /** Keeps what grows by itself within its bounds; done every second. */
    void tidy() throws SQLException;

    /** Whether a copy of it can be made here; else its own tools do that. */
    boolean canBeCopied();

    /**
     * Copies the whole database, as it is at one moment, into a new file and proves the copy.
     *
     * @throws SQLException if the copy could not be made or is damaged
     */
    void copyTo(Path file) throws SQLException;

    /**
     * A connection of its own for reads that take long and must all see one moment; the caller closes it. Where there is
     * only one connection nobody else has it meanwhile.
     */
    Connection snapshot() throws SQLException;

    /** Remembers what has been opened, so that it is noticed when something else comes in its place. */
    void remembers() throws SQLException;

    /** Whether what was opened is still what the settings name. */
    boolean isWhatWasOpened() throws SQLException;

    /** Lets go of every connection to what was opened, because it is gone or another. */
    void letGo() throws SQLException;

    /** Whether rows become visible in the order of the numbers that the database gives them. */
    boolean numbersInCommitOrder();

    /** Whether other servers may use the same database. */
    boolean hasOtherServers();

    /** Makes a connection hear the signals of other servers. */
    void listens(Connection connection) throws SQLException;

    /** Waits for a signal, not longer than this; whether one came. */
    boolean heard(Connection connection, int waitMs) throws SQLException;

    /** What a failure means, by its code: messages are translated, codes are not. */
    Failure classify(SQLException failed);

    /** A query for the database's size in bytes. */
    String sizeQuery();

    /** A query for the bytes in it that are free for reuse: exact, or an estimate. */
    String freeQuery();

    /** A query for the connections of the pool of this server, whether in use or not. */
    String pooledQuery();

    /** Size of the write-ahead log, or 0 where the database does not tell. */
    long walBytes();

    /** What the pool can say of itself, where it is ours. */
    @Nullable
    PoolFigures figures();

    /** Measures from now on what only this database has. */
    void measure(Metrics metrics);

    /** What ends a select that locks its rows and leaves out those that somebody else has locked. */
    String lockingUnlessLocked();

    /**
     * Gives a bounded number of free pages back to the file system.
     *
     * @return whether doing it again would give back more
     */
    boolean givesBack() throws SQLException;

    /** An expression for the database's own time, in microseconds since the epoch. */
    String nowUs();

    /** A query for the database's version. */
    String versionQuery();

    /** What it tells of itself. */
    Insight insight();

    /** A question to the text index in its own language. */
    String textQuestion(TextQuery query);

    /** A query for the numbers of sessions that match a question; parameters: the question, how many at most. */
    String textMatches();

    /** A query for the numbers of sessions that match within a range of numbers; parameters: its ends, the question. */
    String textMatchesBetween();

    /**
     * A query for the numbers of sessions that match among a few; parameters: a JSON list of numbers, the question. Null
     * where a range costs less.
     */
    @Nullable
    String textMatchesAmong();

    /** Whether one row of {@code search_sessions} matches a question, the parameter. */
    String textMatchesRow(String alias);

    /** Whether a text holds another, the parameter. */
    String holds(String column);

    /** A query for the strings of a JSON list, the parameter. */
    String strings();

    /** Whether a number is one of a JSON list, the parameter. */
    String isNumbered(String column);

    /**
     * A query for the ids {@code x.session_id} of sessions that match; its parameters are the question and how many at
     * most. It ends in a condition, to which more may be added.
     */
    String textMatchingSessions();

    /**
     * Whether a column is among what a query finds, which is more than what the other conditions leave: it is to be made
     * once, and each row of those looked up in it.
     */
    String isAmongMany(String column, String query);

    /**
     * A query for the lexemes that most entries have, as {@code lexeme}, how many have each, as {@code entries}, and how
     * many there are, as {@code total}: about, and as of some minutes ago. Null where nobody counts them.
     */
    @Nullable
    String textFrequencies();

    /**
     * Whether the index is given words in their order, and finds by itself which follow one another; else it is given
     * each word and each pair.
     */
    boolean keepsOrder();

    /** What is stored of a session as text between blanks: words in their order, or lexemes. */
    String lexemesAsText();

    /** Such a text as it is stored. */
    String lexemesOf(String parameter);

    /** A query that sorts into the index what was only put beside it, or null where nothing is. */
    @Nullable
    String textSortsIn();

    /** Lets go of everything it opened. */
    void close();

    /** What a failed statement means. */
    enum Failure {
        /** The row was already there. */
        DUPLICATE,
        /** A row it refers to is not there. */
        MISSING_PARENT,
        /** Two transactions were in each other's way; doing it again will work. */
        RETRY,
        /** Too many wait already. */
        TOO_BUSY,
        /** The database cannot be used now. */
        UNAVAILABLE,
        /** A mistake of ours. */
        OTHER
    }
}
