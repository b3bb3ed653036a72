package io.tarsy.history.live;

import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;

/** Deletes events that nobody can ask for any more. */
@Stateless
public class EventService {
    @Inject
    EntityManager entities;

    /**
     * Deletes the oldest ones, but never the newest of all, whose number must stay known.
     *
     * @return how many
     */
    public int deleteBefore(long atUs, int most) {
        return entities.createNativeQuery("delete from events where event_id in (select event_id from events"
                        + " where at_us < ?1 and event_id < (select max(event_id) from events)"
                        + " order by event_id limit " + most + ")")
                .setParameter(1, atUs)
                .executeUpdate();
    }
}
