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
    Sender sender;

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
     * @param end the one that is there
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
        if (!begun && !begin()) {
            return;
        }
        while (!stopping) {
            long position = audience.position();
            var page = reader.list(
                    "select " + LiveEvent.COLUMNS + " from events where event_id > ? order by event_id limit " + PAGE,
                    LiveEvent::of,
                    position);
            if (page.isEmpty() && newest() < position) {
                hole = null;
                cleared = 0;
                audience.startsAnew(newest());
                return;
            }
            int before = commits.isOrderOfNumbers() ? page.size() : beforeHole(page, position);
            for (var event : page.subList(0, before)) {
                tell(event);
            }
            if (before == page.size()) {
                hole = null;
                if (page.size() < PAGE) {
                    return;
                }
            } else if (!mayPass(page.get(page.size() - 1).id())) {
                return;
            }
        }
    }

    /** Starts after the newest event, once no smaller number can come any more; false where that must be awaited. */
    private boolean begin() {
        long newest = hole == null ? newest() : hole.end;
        begun = commits.isOrderOfNumbers() || mayPass(newest);
        if (begun) {
            audience.startsAt(newest);
        }
        return begun;
    }

    /** How many come before the first hole that somebody may still fill. */
    private int beforeHole(List<LiveEvent> page, long position) {
        long last = position;
        for (int at = 0; at < page.size(); at++) {
            long id = page.get(at).id();
            if (id > last + 1 && id - 1 > cleared) {
                return at;
            }
            last = id;
        }
        return page.size();
    }

    private void tell(LiveEvent event) throws InterruptedException {
        audience.tell(event);
        if (++told % AT_ONCE == 0) {
            sender.awaitQuiet();
            audience.awaitRoom();
        }
    }

    /**
     * Whether nobody can use a number any more that is smaller than this one, which is there. If so, the events are read
     * once more: what was missing has come by now, or never will.
     */
    private boolean mayPass(long end) {
        var known = hole;
        if (known == null) {
            known = new Hole(end, commits.begunBefore(), System.nanoTime());
            hole = known;
        }
        boolean closed = commits.allEndedBefore() >= known.horizon;
        boolean tooLong = System.nanoTime() - known.seenNanos > LONGEST_HOLE_NANOS;
        if (!closed && !tooLong) {
            return false;
        }
        if (!closed) {
            LOG.log(Level.WARNING, "A transaction holds back events for over a minute; it is not waited for");
        }
        cleared = known.end;
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
