package io.tarsy.history.database;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;

/** The room that the record takes, and what becomes of it when rows are deleted. */
@ApplicationScoped
public class Space {
    @Inject
    Database database;

    @Inject
    Reader reader;

    /** Bytes that are in use, without those that are free for reuse. */
    public long usedBytes() {
        return Long.parseLong(reader.text(database.dialect().usedQuery()));
    }

    /**
     * Gives some of the free space back, in one short step.
     *
     * @return whether another step would give back more
     */
    public boolean givesBack() {
        database.require();
        try {
            return database.dialect().givesBack();
        } catch (SQLException failed) {
            throw new DatabaseFailure(failed);
        }
    }
}
