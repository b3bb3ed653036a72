package io.tarsy.history.live;

import io.tarsy.history.database.CommitOrder;
import io.tarsy.history.database.Database;
import io.tarsy.history.database.Database.State;
import io.tarsy.history.database.Reader;
import io.tarsy.history.database.Signal;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads events once for all clients of this server, in the order of their numbers.
 *
 * <p>PostgreSQL gives a number before the commit, so a smaller number can become visible after a greater one. A hole in
 * the numbers is passed only once every transaction that could fill it has ended.
 */
@ApplicationScoped
public class Pump {
    private static final Logger LOG = System.getLogger(Pump.class.getName());
    private static final int PAGE = 500;
    private static final int AT_ONCE = 64;
    private static final long LOOK_MS = 1_000;
    private static final long LOOK_TO_BEGIN_MS = 100;
    private static final long LOOK_AT_HOLE_MS = 20;
    private static final long LONGEST_HOLE_NANOS = TimeUnit.SECONDS.toNanos(60);

    @Inject
    Database database;

    @Inject
    Reader reader;

    @Inject
    CommitOrder commits;

    @Inject
    Signal signal;

    @Inject
    Audience audience;

    @Inject
    Senders senders;

    @Resource
    @SuppressWarnings("NullAway.Init")
    ManagedThreadFactory threads;

    private final Semaphore calls = new Semaphore(0);
    private volatile @Nullable Thread thread;
    private volatile boolean stopping;

    // what follows belongs to the pump's thread
    private boolean begun;
    private long told;
    private long cleared;
    private @Nullable Hole hole;

    /**
     * Numbers that are missing before one that is there.
     *
     * @param end the last of them
     * @param horizon once every transaction before it has ended, nobody can fill the hole
     * @param seenNanos when it was seen first
     */
    private record Hole(long end, long horizon, long seenNanos) {}

    void begin(@Observes @Initialized(ApplicationScoped.class) Object application) {
        signal.whenCalled(this::call);
        var pumping = threads.newThread(this::pump);
        pumping.setName("tarsy-live-pump");
        pumping.setDaemon(true);
        thread = pumping;
        pumping.start();
    }

    /** Something was committed here: this server's clients hear of it at once, the other servers soon. */
    void hasWritten() {
        call();
        signal.call();
    }

    private void call() {
        if (calls.availablePermits() == 0) {
            calls.release();
        }
    }

    private void pump() {
        while (!stopping) {
            try {
                boolean ignored = calls.tryAcquire(patienceMs(), TimeUnit.MILLISECONDS);
                calls.drainPermits();
                if (database.state() == State.READY) {
                    look();
                }
            } catch (InterruptedException ended) {
                return;
            } catch (RuntimeException failed) {
                LOG.log(Level.DEBUG, "Events cannot be read now; they are read again", failed);
            }
        }
    }

    private long patienceMs() {
        return hole != null ? LOOK_AT_HOLE_MS : begun ? LOOK_MS : LOOK_TO_BEGIN_MS;
    }

    private void look() throws InterruptedException {
        if (!begun) {
            audience.startsAt(newest());
            begun = true;
        }
        while (!stopping) {
            long position = audience.position();
            var page = reader.list(
                    "select " + LiveEvent.COLUMNS + " from events where event_id > ? order by event_id limit " + PAGE,
                    LiveEvent::of,
                    position);
            boolean passed = pass(page, position);
            if (!passed || page.size() < PAGE) {
                return;
            }
        }
    }

    /** Hands on what may be; false where it must wait. */
    private boolean pass(List<LiveEvent> page, long from) throws InterruptedException {
        if (commits.isOrderOfNumbers()) {
            for (var event : page) {
                tell(event);
            }
            return true;
        }
        long position = from;
        for (var event : page) {
            boolean isHole = event.id() > position + 1 && event.id() - 1 > cleared;
            if (isHole) {
                return mayPass(event.id() - 1) && pass(again(position), position);
            }
            tell(event);
            position = event.id();
        }
        hole = null;
        return true;
    }

    private void tell(LiveEvent event) throws InterruptedException {
        audience.tell(event);
        if (++told % AT_ONCE == 0) {
            senders.awaitQuiet();
        }
    }

    private List<LiveEvent> again(long position) {
        return reader.list(
                "select " + LiveEvent.COLUMNS + " from events where event_id > ? order by event_id limit " + PAGE,
                LiveEvent::of,
                position);
    }

    private boolean mayPass(long end) {
        var known = hole;
        if (known == null || known.end < end) {
            hole = new Hole(end, commits.begunBefore(), System.nanoTime());
            known = hole;
        }
        boolean closed = commits.allEndedBefore() >= known.horizon;
        boolean tooLong = System.nanoTime() - known.seenNanos > LONGEST_HOLE_NANOS;
        if (!closed && !tooLong) {
            return false;
        }
        if (!closed) {
            LOG.log(Level.WARNING, "A transaction holds back events for over a minute; it is not waited for");
        }
        cleared = end;
        hole = null;
        return true;
    }

    private long newest() {
        var newest = reader.first("select coalesce(max(event_id), 0) as n from events", row -> row.count("n"));
        return newest == null ? 0 : newest;
    }

    @PreDestroy
    void stop() {
        stopping = true;
        var pumping = thread;
        if (pumping != null) {
            pumping.interrupt();
        }
        audience.end();
    }
}
