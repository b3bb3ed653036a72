package io.tarsy.history.database;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** What is known about the order in which transactions become visible. */
@ApplicationScoped
public class CommitOrder {
    @Inject
    Database database;

    @Inject
    Reader reader;

    /** Whether rows become visible in the order of the numbers that the database gave them. */
    public boolean isOrderOfNumbers() {
        return database.dialect().numbersInCommitOrder();
    }

    /**
     * Every transaction that has written something by now was begun before this. One that has only taken a number is not
     * counted yet: whoever asks about rows relies on their writers having written something else before.
     *
     * <p>It is a transaction's own number: what a snapshot calls its greatest is only the one after the newest that has
     * ended, and others with greater ones may be under way.
     */
    public long begunBefore() {
        return Long.parseLong(reader.text("select pg_current_xact_id()::text"));
    }

    /** Every transaction that was begun before this has ended. */
    public long allEndedBefore() {
        return Long.parseLong(reader.text("select pg_snapshot_xmin(pg_current_snapshot())::text"));
    }
}
