package io.tarsy.history.ingest;

import io.tarsy.history.http.Bodies;
import jakarta.annotation.Resource;
import jakarta.ejb.SessionContext;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Applies some writes of the spool, and remembers in the same transaction how far it came: so each is applied once,
 * whenever the server dies.
 */
@Stateless
public class SpoolService {
    @Resource
    @SuppressWarnings("NullAway.Init")
    SessionContext context;

    @Inject
    EntityManager entities;

    @Inject
    BatchService batches;

    @Inject
    Bodies bodies;

    /** The position up to which everything was applied; 0 for a spool that nothing was applied of. */
    public long applied(UUID spool) {
        List<?> found = entities.createNativeQuery("select applied_position from spools where spool_id = ?1")
                .setParameter(1, spool.toString())
                .getResultList();
        return found.isEmpty() ? 0 : ((Number) found.get(0)).longValue();
    }

    /**
     * Applies these lines in their order, all or none; one that is refused for what it is leaves the others alone.
     *
     * @param position of the last
     * @param before sees the results before they become true
     */
    public List<Result> store(UUID spool, List<Line> lines, long position, Consumer<List<Result>> before) {
        var results = batches.store(lines);
        for (var result : results) {
            if (result.problem() != null && result.problem().problem().status() >= 429) {
                context.setRollbackOnly();
                throw result.problem(); // it is not the line's fault
            }
        }
        before.accept(results);
        passed(spool, position);
        return results;
    }

    /** Remembers that everything up to this position is done with. */
    public void passed(UUID spool, long position) {
        int known = entities.createNativeQuery(
                        "update spools set applied_position = ?1, updated_at_us = ?2 where spool_id = ?3")
                .setParameter(1, position)
                .setParameter(2, bodies.nowUs())
                .setParameter(3, spool.toString())
                .executeUpdate();
        if (known == 0) {
            entities.createNativeQuery(
                            "insert into spools (spool_id, applied_position, updated_at_us) values (?1, ?2, ?3)")
                    .setParameter(1, spool.toString())
                    .setParameter(2, position)
                    .setParameter(3, bodies.nowUs())
                    .executeUpdate();
        }
    }
}
