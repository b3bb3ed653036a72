package io.tarsy.history.database;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;

/** Long reads that all see one moment, beside the connections that serve requests. For upkeep, not for requests. */
@ApplicationScoped
public class Snapshots {
    private static final int FETCHED = 2_000;

    @Inject
    Database database;

    /** Reads. */
    @FunctionalInterface
    public interface Work<T> {
        /** Asks as many questions as it likes; all are answered as of the first. */
        T read(Snapshot snapshot);
    }

    /** One moment of the database. */
    public static final class Snapshot {
        private final Connection connection;

        private Snapshot(Connection connection) {
            this.connection = connection;
        }

        /** Each row, fetched in portions. */
        public void each(String sql, Reader.Consumer consumer, Object... parameters) {
            try {
                Reader.each(connection, FETCHED, sql, consumer, parameters);
            } catch (SQLException failed) {
                throw new DatabaseFailure(failed);
            }
        }
    }

    /** Does something with one moment of the database; the same thread writes nothing meanwhile. */
    public <T> T at(Work<T> work) {
        database.require();
        try (var connection = database.dialect().snapshot()) {
            return work.read(new Snapshot(connection));
        } catch (SQLException failed) {
            throw new DatabaseFailure(failed);
        }
    }
}
