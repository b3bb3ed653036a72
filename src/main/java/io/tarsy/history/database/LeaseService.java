package io.tarsy.history.database;

import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;

/**
 * Who may do what only one server does at a time. A lease ends by itself, by the database's clock, so that a server
 * which is gone holds nothing.
 */
@Stateless
public class LeaseService {
    @Inject
    EntityManager entities;

    @Inject
    Database database;

    /**
     * Takes the lease, or holds it for longer.
     *
     * @param name what it is for
     * @param holder who wants it: {@link Servers#id()}
     * @param seconds after which it ends
     * @return whether it is the holder's now
     */
    public boolean take(String name, String holder, int seconds) {
        var now = database.dialect().nowUs();
        var ends = now + " + " + seconds * 1_000_000L;
        int updated = entities.createNativeQuery("update leases set holder = ?1, expires_at_us = " + ends
                        + " where name = ?2 and (holder = ?1 or expires_at_us < " + now + ")")
                .setParameter(1, holder)
                .setParameter(2, name)
                .executeUpdate();
        if (updated > 0) {
            return true;
        }
        return entities.createNativeQuery("insert into leases (name, holder, expires_at_us) values (?1, ?2, " + ends
                                + ") on conflict (name) do nothing")
                        .setParameter(1, name)
                        .setParameter(2, holder)
                        .executeUpdate()
                > 0;
    }

    /** Gives the lease back, if it is the holder's. */
    public void release(String name, String holder) {
        entities.createNativeQuery("delete from leases where name = ?1 and holder = ?2")
                .setParameter(1, name)
                .setParameter(2, holder)
                .executeUpdate();
    }
}
