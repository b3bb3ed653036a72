package io.tarsy.history.live;

import io.tarsy.history.database.TransactionalEntityManager;
import io.tarsy.history.http.Bodies;
import io.tarsy.history.session.Change;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.List;

/** Writes down each change as an event, in the same transaction and once for all changes of it. */
@ApplicationScoped
public class EventLog {
    private static final int ROWS = 50;

    @Inject
    TransactionalEntityManager transactions;

    @Inject
    EntityManager entities;

    @Inject
    Bodies bodies;

    @Inject
    Pump pump;

    void changed(@Observes Change change) {
        transactions.member(Entries.class, () -> new Entries(this)).changes.add(change);
    }

    /** The changes of one transaction. */
    private static final class Entries implements TransactionalEntityManager.Member {
        private final EventLog log;
        private final List<Change> changes = new ArrayList<>();

        Entries(EventLog log) {
            this.log = log;
        }

        @Override
        public void beforeCommit() {
            for (int from = 0; from < changes.size(); from += ROWS) {
                log.write(changes.subList(from, Math.min(from + ROWS, changes.size())));
            }
        }

        @Override
        public void afterCommit() {
            log.pump.hasWritten();
        }
    }

    private void write(List<Change> changes) {
        var sql = new StringBuilder("insert into events (at_us, type, session_id, data) values ");
        for (int at = 0; at < changes.size(); at++) {
            sql.append(at == 0 ? "(" : ", (");
            for (int column = 1; column <= 4; column++) {
                sql.append(column == 1 ? "?" : ", ?").append(at * 4 + column);
            }
            sql.append(')');
        }
        var insert = entities.createNativeQuery(sql.toString());
        long now = bodies.nowUs();
        int parameter = 1;
        for (var change : changes) {
            insert.setParameter(parameter++, now);
            insert.setParameter(parameter++, change.type().word());
            insert.setParameter(parameter++, change.sessionId());
            insert.setParameter(parameter++, change.data());
        }
        insert.executeUpdate();
    }
}
