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
     * Deletes the oldest ones without a gap between what is left, but never the newest of all, whose number must stay
     * known. Looks only at as many as it may delete.
     *
     * @return how many
     */
    public int deleteBefore(long atUs, int most) {
        var oldest = "(select event_id, at_us from events order by event_id limit " + most + ")";
        return entities.createNativeQuery("delete from events where event_id <= (select max(event_id) from " + oldest
                        + " as o) and event_id < coalesce((select min(event_id) from " + oldest
                        + " as o where at_us >= ?1), (select max(event_id) + 1 from events))"
                        + " and event_id < (select max(event_id) from events)")
                .setParameter(1, atUs)
                .executeUpdate();
    }
}
