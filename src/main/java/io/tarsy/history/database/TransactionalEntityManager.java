package io.tarsy.history.database;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.TransactionRequiredException;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
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
    private static final String KEY = TransactionalEntityManager.class.getName();
    private static final String REGISTRY = "java:comp/TransactionSynchronizationRegistry";

    @Inject
    EntityManagerFactory factory;

    private volatile @Nullable TransactionSynchronizationRegistry registry;

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

    private EntityManager current() {
        var transactions = registry();
        if (transactions.getTransactionKey() == null) {
            throw new TransactionRequiredException("The history is written and read by services, in a transaction.");
        }
        var known = (EntityManager) transactions.getResource(KEY);
        if (known != null) {
            return known;
        }
        var begun = factory.createEntityManager();
        begun.getTransaction().begin();
        transactions.registerInterposedSynchronization(new Completion(begun));
        transactions.putResource(KEY, begun);
        return begun;
    }

    @SuppressWarnings("BanJNDI") // the name is the specification's
    private TransactionSynchronizationRegistry registry() {
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

    private record Completion(EntityManager entities) implements Synchronization {
        @Override
        public void beforeCompletion() {
            if (entities.getTransaction().isActive()) {
                entities.getTransaction().commit();
            }
        }

        @Override
        public void afterCompletion(int status) {
            try {
                if (entities.isOpen() && entities.getTransaction().isActive()) {
                    entities.getTransaction().rollback();
                }
            } finally {
                if (entities.isOpen()) {
                    entities.close();
                }
            }
        }
    }
}
