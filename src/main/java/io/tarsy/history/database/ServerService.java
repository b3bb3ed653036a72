package io.tarsy.history.database;

import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;

/** Keeps the list of the servers that use this database. */
@Stateless
public class ServerService {
    private static final long FORGOTTEN_AFTER_US = 24L * 3_600 * 1_000_000;

    @Inject
    EntityManager entities;

    @Inject
    Database database;

    /** Says that this server is there, by the database's clock, and forgets those that were not for a day. */
    public void seen(Servers.Self self) {
        var now = database.dialect().nowUs();
        entities.createNativeQuery("insert into servers"
                        + " (server_id, name, version, product, pool_limit, started_at_us, seen_at_us, clock_ahead_us)"
                        + " values (?1, ?2, ?3, ?4, ?5, " + now + ", " + now + ", ?6 - " + now + ")"
                        + " on conflict (server_id) do update"
                        + " set seen_at_us = excluded.seen_at_us, clock_ahead_us = excluded.clock_ahead_us")
                .setParameter(1, self.id())
                .setParameter(2, self.name())
                .setParameter(3, self.version())
                .setParameter(4, self.product())
                .setParameter(5, self.poolLimit())
                .setParameter(6, self.clockUs())
                .executeUpdate();
        entities.createNativeQuery("delete from servers where seen_at_us < " + now + " - " + FORGOTTEN_AFTER_US)
                .executeUpdate();
    }

    /** Says that this server is gone. */
    public void gone(String serverId) {
        entities.createNativeQuery("delete from servers where server_id = ?1")
                .setParameter(1, serverId)
                .executeUpdate();
    }
}
