package io.tarsy.history.database;

import io.tarsy.history.database.Database.State;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks the database whether it is there, at most once a second and never longer than its budget, on a connection of its
 * own: a full pool cannot starve it.
 */
@ApplicationScoped
public class Probe {
    private static final long CACHED_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int BUDGET_SECONDS = 3;

    @Inject
    Database database;

    @Resource
    @SuppressWarnings("NullAway.Init")
    ManagedExecutorService executor;

    private volatile @Nullable Connection connection;
    private @Nullable Future<Boolean> running;
    private boolean answered;
    private long askedNanos;

    /** Whether the database answered just now. */
    public synchronized boolean answers() {
        if (database.state() != State.READY) {
            return false;
        }
        if (askedNanos != 0 && System.nanoTime() - askedNanos < CACHED_NANOS) {
            return answered;
        }
        answered = ask();
        askedNanos = System.nanoTime();
        return answered;
    }

    private boolean ask() {
        if (running == null || running.isDone()) {
            running = executor.submit(this::select);
        }
        try {
            return running.get(BUDGET_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        } catch (TimeoutException | ExecutionException noAnswer) {
            System.getLogger(Probe.class.getName())
                    .log(System.Logger.Level.WARNING, "The database did not answer the probe", noAnswer);
            return false;
        }
    }

    /** A connection that was kept may have ended since; only a fresh one that fails says that the database is away. */
    private boolean select() throws SQLException {
        var known = connection;
        if (known != null) {
            try {
                return asks(known);
            } catch (SQLException ended) {
                drop();
            }
        }
        var fresh = database.dialect().direct().getConnection();
        boolean kept = false;
        try {
            boolean mayStay = database.dialect().becomesProbe(fresh);
            boolean answered = asks(fresh);
            kept = mayStay;
            return answered;
        } finally {
            if (kept) {
                connection = fresh;
            } else {
                fresh.close();
            }
        }
    }

    private static boolean asks(Connection open) throws SQLException {
        try (var statement = open.createStatement();
                var answer = statement.executeQuery("select count(*) from alert_sessions where session_id = ''")) {
            return answer.next();
        }
    }

    @PreDestroy
    void drop() {
        var open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException gone) {
                System.getLogger(Probe.class.getName())
                        .log(System.Logger.Level.DEBUG, "The probe's connection was gone", gone);
            }
        }
    }
}
