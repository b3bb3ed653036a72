package io.tarsy.history.it;

import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;

/** Writes in a transaction of its own, whatever becomes of the caller's. */
@Stateless
public class AuditTrialsOfTheirOwn {

    @Inject
    private EntityManager entries;

    @TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
    public void writes(String id) {
        insert(entries, id);
    }

    static void insert(EntityManager entries, String id) {
        entries.createNativeQuery("insert into audit_entries (entry_id, at_us, action, session_id, detail)"
                        + " values (?1, ?2, ?3, ?4, ?5)")
                .setParameter(1, id)
                .setParameter(2, 1_758_355_200_000_000L)
                .setParameter(3, "session_deleted")
                .setParameter(4, "session-of-" + id)
                .setParameter(5, "{}")
                .executeUpdate();
    }
}
