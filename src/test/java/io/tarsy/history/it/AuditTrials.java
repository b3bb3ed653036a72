package io.tarsy.history.it;

import jakarta.annotation.Resource;
import jakarta.ejb.SessionContext;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;

/** Writes through the product's own entity manager, as its services do, and ends in every way a transaction can. */
@Stateless
public class AuditTrials {

    @Inject
    private EntityManager entries;

    @Inject
    private AuditTrialsOfTheirOwn sibling;

    @Resource
    @SuppressWarnings("NullAway.Init")
    private SessionContext context;

    public void writes(String id) {
        AuditTrialsOfTheirOwn.insert(entries, id);
    }

    public void writesAndFails(String id) {
        AuditTrialsOfTheirOwn.insert(entries, id);
        throw new IllegalStateException("on purpose");
    }

    public void writesAndSetsRollbackOnly(String id) {
        AuditTrialsOfTheirOwn.insert(entries, id);
        context.setRollbackOnly();
    }

    public void writesTwiceTheSame(String id) {
        AuditTrialsOfTheirOwn.insert(entries, id);
        AuditTrialsOfTheirOwn.insert(entries, id);
    }

    /** The sibling goes first: SQLite has one writer, and it would wait for us if we had written. */
    public void letsTheSiblingWriteThenWritesAndFails(String siblings, String own) {
        sibling.writes(siblings);
        AuditTrialsOfTheirOwn.insert(entries, own);
        throw new IllegalStateException("on purpose");
    }

    public boolean isKept(String id) {
        var count = (Number) entries.createNativeQuery("select count(*) from audit_entries where entry_id = ?1")
                .setParameter(1, id)
                .getSingleResult();
        return count.intValue() == 1;
    }
}
