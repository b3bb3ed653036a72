package io.tarsy.history.database;

import io.tarsy.history.config.ConfigKey;
import io.tarsy.history.config.Settings;
import io.tarsy.history.database.Database.State;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManagerFactory;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Opens the database when the application starts: settings checked whole, then waited for with back-off, schema brought
 * up to date, asked once, ready. The server is live meanwhile and not ready.
 */
@Singleton
@Startup
@TransactionManagement(TransactionManagementType.BEAN)
public class DatabaseStart {
    private static final Logger LOG = System.getLogger(DatabaseStart.class.getName());
    private static final int LONGEST_WAIT_SECONDS = 30;

    private final CountDownLatch stopping = new CountDownLatch(1);

    @Inject
    Settings settings;

    @Inject
    Database database;

    @Inject
    Schema schema;

    @Inject
    EntityManagerFactory factory;

    @Inject
    Reader reader;

    @Inject
    DatabaseMeter meter;

    @Resource
    @SuppressWarnings("NullAway.Init")
    ManagedExecutorService executor;

    /** Refuses to start on unusable settings; else leaves the waiting to another thread. */
    @PostConstruct
    void start() {
        database.choose();
        if (database.state() == State.DISABLED) {
            LOG.log(Level.INFO, "History is disabled by HISTORY_ENABLED: no database is touched");
            return;
        }
        LOG.log(Level.INFO, "History is kept in " + database.chosen().describe());
        executor.execute(this::open);
    }

    @PreDestroy
    void stop() {
        stopping.countDown();
    }

    private void open() {
        int tries = settings.number(ConfigKey.HISTORY_DATABASE_WAIT_RETRIES);
        int wait = 1;
        for (int attempt = 1; !opened(attempt, tries, wait); attempt++) {
            if (stopped(wait)) {
                return;
            }
            wait = Math.min(wait * 2, LONGEST_WAIT_SECONDS);
        }
    }

    private boolean opened(int attempt, int tries, int wait) {
        try {
            var dialect = database.dialect();
            dialect.examine();
            schema.update(dialect.direct(), dialect.migrations());
            var pool = dialect.pool();
            dialect.remembers();
            try (var connection = pool.getConnection();
                    var statement = connection.createStatement();
                    var answer = statement.executeQuery("select 1")) {
                answer.next();
            }
            database.opened(meter.observe(pool));
            factory.createEntityManager().close(); // the first one reads the mappings
            database.moveTo(State.READY, "The database answers.");
            meter.sample();
            LOG.log(
                    Level.INFO,
                    "Ready: {0} {1}, schema version {2}, {3} bytes",
                    database.chosen().describe(),
                    "server version " + reader.text(dialect.versionQuery()),
                    schema.version(),
                    reader.text(dialect.sizeQuery()));
            return true;
        } catch (SQLException | RuntimeException failed) {
            var why = FailureText.of(failed);
            boolean given = attempt > tries;
            database.moveTo(given ? State.FAILED : State.STARTING, "The database cannot be used yet: " + why);
            LOG.log(
                    given ? Level.ERROR : Level.WARNING,
                    "Try " + attempt + " to open " + database.chosen().describe() + " failed; next in " + wait + " s: "
                            + why);
            boolean expected = FailureText.isOfDatabase(failed);
            LOG.log(expected ? Level.DEBUG : Level.WARNING, "The failure in full", failed);
            return false;
        }
    }

    private boolean stopped(int seconds) {
        try {
            return stopping.await(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
