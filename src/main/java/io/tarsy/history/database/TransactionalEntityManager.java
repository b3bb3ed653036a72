package io.tarsy.history.database;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PersistenceException;
import jakarta.persistence.TransactionRequiredException;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.jspecify.annotations.Nullable;

/**
 * One entity manager per JTA transaction: begun on first use, committed just before the transaction completes, rolled
 * back with it. Both databases are RESOURCE_LOCAL, so a stateless EJB is the same code for both on every server; why
 * this and not a JTA data source is told in {@code docs/adr}.
 */
@ApplicationScoped
public class TransactionalEntityManager {
    private static final Logger LOG = System.getLogger(TransactionalEntityManager.class.getName());
    private static final String KEY = TransactionalEntityManager.class.getName();
    private static final int ROWS_AT_ONCE = 50; // some are long
    private static final String REGISTRY = "java:comp/TransactionSynchronizationRegistry";

    @Inject
    EntityManagerFactory factory;

    private static volatile @Nullable TransactionSynchronizationRegistry registry;

    /** The entity manager of whatever transaction its caller is in. */
    @Produces
    EntityManager entityManager() {
        return (EntityManager) Proxy.newProxyInstance(
                TransactionalEntityManager.class.getClassLoader(),
                new Class<?>[] {EntityManager.class},
                (proxy, method, arguments) -> {
                    if (method.getDeclaringClass() == Object.class
                            && !method.getName().equals("toString")) {
                        return method.getName().equals("equals") && arguments != null
                                ? (Object) (proxy == arguments[0])
                                : (Object) System.identityHashCode(proxy);
                    }
                    try {
                        return method.invoke(current(), arguments);
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause() == null ? failed : failed.getCause();
                    }
                });
    }

    /** Something that belongs to one transaction: it adds its own writes at the end, and hears of the commit. */
    public interface Member {
        /** Is called before the commit, and may still write through the entity manager. */
        void beforeCommit();

        /** Is called once everything is durable; not at all if it was rolled back. */
        void afterCommit();
    }

    /** The member of this transaction under a key, made if there is none yet. */
    public <T extends Member> T member(Class<T> key, Supplier<T> make) {
        return key.cast(unit().members.computeIfAbsent(key, absent -> make.get()));
    }

    /**
     * Writes rows that are no entities, in the transaction of the caller. Each write of the history pays for some, and
     * would pay more for a query of JPA: it is taken apart each time, and looks for changed entities first. So what these
     * rows refer to must be flushed.
     *
     * @param sql a statement with one value for each {@code ?}
     * @param rows the values, in whose order the statement is executed
     * @throws PersistenceException by the first that fails
     */
    public void write(String sql, Stream<Object[]> rows) {
        try (var statement = current().unwrap(Connection.class).prepareStatement(sql)) {
            int many = 0;
            for (var each = rows.iterator(); each.hasNext(); ) {
                var row = each.next();
                for (int at = 0; at < row.length; at++) {
                    statement.setObject(at + 1, row[at]);
                }
                statement.addBatch();
                if (++many % ROWS_AT_ONCE == 0) {
                    statement.executeBatch();
                }
            }
            statement.executeBatch();
        } catch (SQLException failed) {
            throw new PersistenceException(failed);
        }
    }

    private EntityManager current() {
        return unit().entities;
    }

    private Unit unit() {
        var transactions = registry();
        if (transactions.getTransactionKey() == null) {
            throw new TransactionRequiredException("The history is written and read by services, in a transaction.");
        }
        var known = (Unit) transactions.getResource(KEY);
        if (known != null) {
            return known;
        }
        var begun = factory.createEntityManager();
        var unit = new Unit(begun, new LinkedHashMap<>(), new ArrayList<>());
        transactions.registerInterposedSynchronization(unit);
        transactions.putResource(KEY, unit);
        begun.getTransaction().begin();
        return unit;
    }

    /** Whether the transaction of this thread has had its connection. */
    static boolean hasConnection() {
        var transactions = registry();
        return transactions.getTransactionKey() != null
                && transactions.getResource(KEY) instanceof Unit unit
                && !unit.connections.isEmpty();
    }

    /** Sees to it that a connection is given back when the transaction of this thread ends, if there is one. */
    static void remember(GatedConnection connection) {
        var transactions = registry();
        if (transactions.getTransactionKey() != null && transactions.getResource(KEY) instanceof Unit unit) {
            unit.connections.add(connection);
        }
    }

    @SuppressWarnings("BanJNDI") // the name is the specification's
    private static TransactionSynchronizationRegistry registry() {
        var known = registry;
        if (known == null) {
            try {
                known = InitialContext.doLookup(REGISTRY);
            } catch (NamingException missing) {
                throw new IllegalStateException("Every Jakarta EE server has " + REGISTRY + ".", missing);
            }
            registry = known;
        }
        return known;
    }

    /** What one transaction is made of. */
    private record Unit(EntityManager entities, Map<Class<?>, Member> members, List<GatedConnection> connections)
            implements Synchronization {
        @Override
        public void beforeCompletion() {
            if (entities.getTransaction().isActive()) {
                members.values().forEach(Member::beforeCommit);
                entities.getTransaction().commit();
            }
        }

        @Override
        public void afterCompletion(int status) {
            try {
                if (entities.isOpen() && entities.getTransaction().isActive()) {
                    entities.getTransaction().rollback();
                }
            } catch (RuntimeException undone) {
                // its connection has died, and the transaction with it
                LOG.log(Level.DEBUG, "There was nothing to roll back any more", undone);
            } finally {
                close();
            }
            if (status == Status.STATUS_COMMITTED) {
                members.values().forEach(Member::afterCommit);
            }
        }

        private void close() {
            try {
                if (entities.isOpen()) {
                    entities.close();
                }
            } catch (RuntimeException failed) {
                LOG.log(Level.WARNING, "An entity manager could not be closed", failed);
            } finally {
                connections.forEach(GatedConnection::giveBack);
            }
        }
    }
}
