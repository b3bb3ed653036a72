package io.tarsy.history.database;

import io.tarsy.history.database.Database.State;
import io.tarsy.history.metrics.Metric;
import io.tarsy.history.metrics.Metrics;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks the database every second whether it is there, on a thread and a connection of its own: neither a full pool nor
 * busy threads can starve it. While the database does not answer, requests are refused at once instead of waiting for
 * it; when it answers again they are served again.
 */
@ApplicationScoped
public class Probe {
    private static final Logger LOG = System.getLogger(Probe.class.getName());
    private static final long PAUSE_MS = 1_000;
    private static final int BUDGET_SECONDS = 3;

    /** A busy machine may be silent once; twice in a row it is the database. */
    private static final int SILENT_TURNS = 2;

    private static final long BLIND_AFTER_NANOS = TimeUnit.SECONDS.toNanos(15);

    @Inject
    Database database;

    @Inject
    Schema schema;

    @Inject
    Metrics metrics;

    @Resource
    @SuppressWarnings("NullAway.Init")
    ManagedThreadFactory threads;

    private final Semaphore calls = new Semaphore(0);
    private volatile @Nullable Thread thread;
    private volatile @Nullable ExecutorService questions;
    private volatile @Nullable Connection connection;
    private volatile long lookedNanos;
    private volatile boolean stopping;

    // what follows belongs to the probe's thread
    private @Nullable Future<Void> running;
    private int silentTurns;
    private long awaySinceNanos;

    /** Whether the database answered just now, and takes writes. */
    public boolean answers() {
        return database.state() == State.READY
                && database.fault() == null
                && System.nanoTime() - lookedNanos < BLIND_AFTER_NANOS;
    }

    void begin(@Observes @Initialized(ApplicationScoped.class) Object application) {
        lookedNanos = System.nanoTime();
        metrics.gauge(Metric.DATABASE_UP, () -> answers() ? 1 : 0);
        metrics.add(Metric.DATABASE_RECONNECTS, 0);
        // a thread of its own: neither a busy server nor one that stops looks like an outage
        questions = Executors.newSingleThreadExecutor(this::questionThread);
        var watching = threads.newThread(this::watch);
        watching.setName("tarsy-database-probe");
        watching.setDaemon(true);
        thread = watching;
        watching.start();
    }

    private Thread questionThread(Runnable work) {
        var asking = threads.newThread(work);
        asking.setName("tarsy-database-question");
        asking.setDaemon(true);
        return asking;
    }

    private void watch() {
        while (!stopping) {
            try {
                pause();
                look();
            } catch (InterruptedException ended) {
                return;
            } catch (RuntimeException unexpected) {
                LOG.log(Level.ERROR, "The database could not be asked; it is asked again", unexpected);
            }
        }
    }

    private void pause() throws InterruptedException {
        if (calls.tryAcquire(PAUSE_MS, TimeUnit.MILLISECONDS)) {
            TimeUnit.MILLISECONDS.sleep(100); // a storm of failures is one question
            calls.drainPermits();
        }
    }

    /** Something failed: asks now instead of at its next turn. */
    void hurry() {
        calls.release();
    }

    private void look() throws InterruptedException {
        var state = database.state();
        if (state != State.READY && state != State.AWAY) {
            lookedNanos = System.nanoTime();
            return;
        }
        boolean suspected = database.takeSuspicion();
        try {
            ask(suspected || database.fault() != null || state == State.AWAY);
            silentTurns = 0;
            database.mended();
            if (state == State.AWAY) {
                isBack();
            }
        } catch (TimeoutException silent) {
            if (++silentTurns >= SILENT_TURNS) {
                isAway("The database does not answer.", silent);
            }
        } catch (WriteRefusedException refused) {
            silentTurns = 0;
            if (state == State.AWAY) {
                isBack();
            }
            if (database.fault() == null) {
                LOG.log(Level.WARNING, "The database answers but takes no writes", refused);
            }
            database.failed(refused.firstLine());
        } catch (SQLException down) {
            silentTurns = 0;
            isAway(FailureText.of(down), down);
        } finally {
            lookedNanos = System.nanoTime();
        }
    }

    private void isAway(String why, Exception cause) {
        if (database.state() == State.READY) {
            awaySinceNanos = System.nanoTime();
            LOG.log(Level.WARNING, "The database is away, requests are answered 503 until it is back: " + why, cause);
        }
        database.moveTo(State.AWAY, why);
    }

    private void isBack() {
        database.moveTo(State.READY, "The database answers.");
        metrics.count(Metric.DATABASE_RECONNECTS);
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - awaySinceNanos);
        LOG.log(Level.INFO, "The database answers again after " + seconds + " s");
    }

    private void ask(boolean thoroughly) throws SQLException, InterruptedException, TimeoutException {
        if (running != null && !running.isDone()) {
            await(running); // the last question has no answer yet: another would wait beside it
        }
        var executor = questions;
        if (executor == null || stopping) {
            throw new InterruptedException("The server stops.");
        }
        Future<Void> asking = executor.submit(() -> {
            select(thoroughly);
            return null;
        });
        running = asking;
        await(asking);
    }

    private static void await(Future<Void> asking) throws SQLException, InterruptedException, TimeoutException {
        try {
            asking.get(BUDGET_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof SQLException known) {
                throw known;
            }
            throw new SQLException("The question failed.", failed.getCause());
        }
    }

    /** A connection that was kept may have ended since; only a fresh one that fails says that the database is away. */
    private void select(boolean thoroughly) throws SQLException {
        var dialect = database.dialect();
        if (!dialect.isWhatWasOpened()) {
            drop();
            openAgain();
        }
        if (!keptAnswers()) {
            freshAnswers();
        }
        if (thoroughly) {
            writes();
        }
        dialect.tidy();
    }

    /**
     * Opens what has come in place of what was opened at the start, such as a restored file.
     *
     * @throws SQLException if there is nothing that can be opened
     */
    private void openAgain() throws SQLException {
        var dialect = database.dialect();
        dialect.letGo();
        dialect.examine();
        schema.update(dialect.direct(), dialect.migrations());
        dialect.remembers();
        LOG.log(
                Level.WARNING,
                "Opened again: {0}, schema version {1}",
                database.chosen().describe(),
                schema.version());
    }

    private boolean keptAnswers() {
        var known = connection;
        if (known == null) {
            return false;
        }
        try {
            return asks(known);
        } catch (SQLException ended) {
            LOG.log(Level.DEBUG, "The probe's connection has ended", ended);
            drop();
            return false;
        }
    }

    private void freshAnswers() throws SQLException {
        var fresh = database.dialect().direct().getConnection();
        boolean kept = false;
        try {
            boolean mayStay = database.dialect().becomesProbe(fresh);
            asks(fresh);
            kept = mayStay;
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

    /** A write as requests do it, since a database can answer and be full or read-only. */
    private void writes() throws SQLException {
        try (var open = database.pool().getConnection()) {
            open.setAutoCommit(false);
            try (var statement = open.createStatement()) {
                statement.executeUpdate("insert into leases (name, holder, expires_at_us) values ('probe', 'probe', 0)"
                        + " on conflict (name) do update set expires_at_us = leases.expires_at_us + 1");
                open.commit();
            } finally {
                open.setAutoCommit(true);
            }
        } catch (SqlitePool.QueueFullException busy) {
            LOG.log(Level.DEBUG, "Too busy for the probe's write, which is no fault", busy);
        } catch (SQLException refused) {
            throw new WriteRefusedException(refused);
        }
    }

    /** The database answers questions but stores nothing. */
    private static final class WriteRefusedException extends SQLException {
        private static final long serialVersionUID = 1L;

        WriteRefusedException(SQLException cause) {
            super(cause.getMessage(), cause.getSQLState(), cause);
        }

        String firstLine() {
            return FailureText.of(this);
        }
    }

    @PreDestroy
    void stop() {
        stopping = true;
        var watching = thread;
        if (watching != null) {
            watching.interrupt();
        }
        var executor = questions;
        if (executor != null) {
            executor.shutdownNow();
        }
        drop();
    }

    private void drop() {
        var open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException gone) {
                LOG.log(Level.DEBUG, "The probe's connection was gone", gone);
            }
        }
    }
}
