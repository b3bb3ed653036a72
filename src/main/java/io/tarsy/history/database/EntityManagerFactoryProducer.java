package io.tarsy.history.database;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Persistence;
import java.util.HashMap;
import java.util.Map;

/** Opens JPA for the detected database: configuration in, entity manager factory out. */
@ApplicationScoped
public class EntityManagerFactoryProducer {
    @Inject
    Database database;

    /**
     * The same for both databases but for the connections. The platform is PostgreSQL's for SQLite too: ids are ours,
     * the tables are made by migrations, and what is left of the platforms' differences does not occur.
     */
    @Produces
    @ApplicationScoped
    EntityManagerFactory open() {
        Map<String, Object> properties = new HashMap<>();
        properties.put("jakarta.persistence.nonJtaDataSource", database.requests());
        properties.put("jakarta.persistence.transactionType", "RESOURCE_LOCAL");
        properties.put("eclipselink.classloader", EntityManagerFactoryProducer.class.getClassLoader());
        properties.put("eclipselink.target-database", "org.eclipse.persistence.platform.database.PostgreSQLPlatform");
        properties.put("eclipselink.weaving", "false");
        properties.put("eclipselink.cache.shared.default", "false");
        properties.put(
                "eclipselink.jdbc.exclusive-connection.mode", "Always"); // one for a transaction, not one a query
        properties.put("eclipselink.jdbc.batch-writing", "JDBC");
        properties.put("eclipselink.jdbc.batch-writing.size", "200");
        properties.put("eclipselink.logging.level", "WARNING");
        properties.put("eclipselink.logging.level.sql", "OFF");
        properties.put("eclipselink.logging.exceptions", "false");
        return Persistence.createEntityManagerFactory("history", properties);
    }

    void close(@Disposes EntityManagerFactory factory) {
        if (factory.isOpen()) {
            factory.close();
        }
    }
}
