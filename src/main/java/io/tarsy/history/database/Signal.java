package io.tarsy.history.database;

import io.tarsy.history.database.Database.State;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Tells the other servers on this database that something was written, and hears it from them; on one connection that is
 * opened again when it was lost. It is a hint only: whoever listens also looks from time to time.
 *
 * <p>Not part of the writing transactions: PostgreSQL lets those that notify commit only one after the other.
 */
@ApplicationScoped
public class Signal {
    private static final Logger LOG = System.getLogger(Signal.class.getName());
    private static final int WAIT_MS = 50;
    private static final long LONGEST_PAUSE_MS = 10_000;

    @Inject
    Database database;

    @Resource
    @SuppressWarnings("NullAway.Init")
    ManagedThreadFactory threads;

    private final AtomicBoolean called = new AtomicBoolean();
    private volatile @Nullable Thread thread;
    private volatile boolean stopping;

    /** Listens from now on. */
    public void whenCalled(Runnable listener) {
        var listening = threads.newThread(() -> listen(listener));
        listening.setName("tarsy-signal");
        listening.setDaemon(true);
        thread = listening;
        listening.start();
    }

    /** Tells the others, soon and once for all that happens until then. */
    public void call() {
        called.set(true);
    }

    private void listen(Runnable listener) {
        long pause = 100;
        while (!stopping) {
            try {
                TimeUnit.MILLISECONDS.sleep(pause);
                if (database.state() == State.DISABLED) {
                    return;
                }
                if (database.state() == State.READY) {
                    if (!database.dialect().hasOtherServers()) {
                        return;
                    }
                    listenOnce(listener);
                    pause = 100;
                }
            } catch (SQLException lost) {
                pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
                LOG.log(Level.DEBUG, "The connection for signals was lost; it is opened again", lost);
            } catch (InterruptedException ended) {
                return;
            } catch (RuntimeException failed) {
                pause = LONGEST_PAUSE_MS;
                LOG.log(Level.WARNING, "Signals of other servers cannot be heard; they are read later", failed);
            }
        }
    }

    private void listenOnce(Runnable listener) throws SQLException {
        try (var connection = database.dialect().direct().getConnection()) {
            database.dialect().listens(connection);
            listener.run(); // whatever was missed
            long toldNanos = System.nanoTime();
            while (!stopping) {
                if (database.dialect().heard(connection, WAIT_MS)) {
                    listener.run(); // also at its own signal, which ends the wait early
                }
                boolean due = System.nanoTime() - toldNanos >= TimeUnit.MILLISECONDS.toNanos(WAIT_MS);
                if (due && called.getAndSet(false)) {
                    tell(connection);
                    toldNanos = System.nanoTime();
                }
            }
        }
    }

    private static void tell(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("notify tarsy_events");
        }
    }

    @PreDestroy
    void stop() {
        stopping = true;
        var listening = thread;
        if (listening != null) {
            listening.interrupt();
        }
    }
}
