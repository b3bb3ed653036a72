package io.tarsy.history.database;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;

/** What becomes of the room that deleted rows took. */
@ApplicationScoped
public class Space {
    @Inject
    Database database;

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
