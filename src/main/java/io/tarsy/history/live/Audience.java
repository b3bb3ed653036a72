package io.tarsy.history.live;

import io.tarsy.history.config.ConfigKey;
import io.tarsy.history.config.Settings;
import io.tarsy.history.database.Database;
import io.tarsy.history.database.Database.State;
import io.tarsy.history.database.Reader;
import io.tarsy.history.http.Problem;
import io.tarsy.history.metrics.Metric;
import io.tarsy.history.metrics.Metrics;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Everybody who watches through this server. Who has missed something catches up first, then hears of all as it comes. */
@ApplicationScoped
public class Audience {
    private static final Logger LOG = System.getLogger(Audience.class.getName());
    private static final int RANGE = 5_000; // numbers looked at by one statement, however few are wanted
    private static final int PAGE = 150; // with what still waits, less than a client may have waiting
    private static final int LOOKS_FOR_ROOM = 100;
    private static final long HEARTBEAT_SECONDS = 15;
    private static final long RETRY_MS = 100;

    @Inject
    Database database;

    @Inject
    Reader reader;

    @Inject
    Settings settings;

    @Inject
    Metrics metrics;

    @Resource
    @SuppressWarnings("NullAway.Init")
    ManagedScheduledExecutorService clock;

    private final List<Future<?>> tasks = new ArrayList<>();

    // guarded by this: who listens, from which number on, and who is still behind
    private final Map<Client, Long> listening = new HashMap<>();
    private final Map<Client, Long> behind = new HashMap<>();
    private long position;
    private boolean started;
    private boolean catching;

    void begin(@Observes @Initialized(ApplicationScoped.class) Object application) {
        for (var protocol : List.of("sse", "websocket")) {
            metrics.gauge(Metric.EVENT_CLIENTS, () -> count(protocol), protocol);
        }
        tasks.add(clock.scheduleWithFixedDelay(this::beat, HEARTBEAT_SECONDS, HEARTBEAT_SECONDS, TimeUnit.SECONDS));
        tasks.add(clock.scheduleWithFixedDelay(this::catchUp, RETRY_MS, RETRY_MS, TimeUnit.MILLISECONDS));
    }

    private synchronized long count(String protocol) {
        return everybody().stream()
                .filter(client -> client.protocol().equals(protocol))
                .count();
    }

    private List<Client> everybody() {
        var all = new ArrayList<>(listening.keySet());
        all.addAll(behind.keySet());
        return all;
    }

    /** The number up to which everything was told. */
    synchronized long position() {
        return position;
    }

    synchronized void startsAt(long newest) {
        position = newest;
        started = true;
    }

    /** The database is another one than before, such as a backup that was put in its place: everybody starts anew. */
    void startsAnew(long newest) {
        List<Client> all;
        synchronized (this) {
            position = newest;
            all = everybody();
            behind.clear();
            all.forEach(client -> listening.put(client, newest));
        }
        all.forEach(client -> client.reset(newest));
    }

    /**
     * Where somebody begins to listen.
     *
     * @param after the last event it knows; null means from now on
     * @param anew whether it has missed events for good
     */
    record Start(@Nullable Long after, boolean anew) {
        static final Start NOW = new Start(null, false);
    }

    /**
     * Where somebody may begin who knows an event, or none.
     *
     * @throws io.tarsy.history.http.ProblemException 503 where there are too many already, or nothing to listen to
     */
    Start startAfter(@Nullable Long lastId) {
        database.require();
        synchronized (this) {
            if (!started) {
                throw Problem.DATABASE_UNAVAILABLE.with("The events are not read yet; try again in a moment.");
            }
            if (isFull()) {
                throw Problem.DATABASE_UNAVAILABLE.with("Already " + most() + " clients listen to events.");
            }
        }
        if (lastId == null) {
            return Start.NOW;
        }
        var kept = reader.first(
                "select coalesce(min(event_id), 0) as oldest, coalesce(max(event_id), 0) as newest from events",
                row -> new long[] {row.count("oldest"), row.count("newest")});
        boolean known = kept != null && lastId + 1 >= kept[0] && lastId <= kept[1];
        return known ? new Start(lastId, false) : new Start(position(), true);
    }

    /** Lets somebody listen; false where there are too many already. */
    boolean join(Client client, Start start) {
        var after = start.after();
        synchronized (this) {
            if (isFull()) {
                return false;
            }
            if (after == null) {
                listening.put(client, position);
                return true;
            }
            if (start.anew()) {
                client.reset(after);
            }
            behind.put(client, after);
        }
        later(this::catchUp);
        return true;
    }

    private int most() {
        return settings.number(ConfigKey.HISTORY_LIVE_CLIENTS);
    }

    private boolean isFull() {
        return listening.size() + behind.size() >= most();
    }

    synchronized void leave(Client client) {
        listening.remove(client);
        behind.remove(client);
    }

    /** Hands an event to everybody who is not behind. */
    void tell(LiveEvent event) {
        List<Client> wanting;
        synchronized (this) {
            position = event.id();
            wanting = listening.entrySet().stream()
                    .filter(one -> one.getValue() < event.id() && one.getKey().wants(event))
                    .map(Map.Entry::getKey)
                    .toList();
        }
        wanting.forEach(client -> offer(client, event));
    }

    private void offer(Client client, LiveEvent event) {
        if (client.offer(event)) {
            metrics.count(Metric.EVENTS_DELIVERED);
        } else {
            leave(client);
        }
    }

    /** Waits a moment while somebody has much waiting: a burst is no reason to drop who takes it as it comes. */
    void awaitRoom() throws InterruptedException {
        for (int looks = 0; looks < LOOKS_FOR_ROOM && !allHaveRoom(); looks++) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    private synchronized boolean allHaveRoom() {
        return listening.keySet().stream().allMatch(Client::hasRoom);
    }

    /** A client that is full is dropped: nobody is waited for. */
    void dropped() {
        metrics.count(Metric.EVENTS_DROPPED_CLIENTS);
    }

    /** Does what may take a while, and what nobody waits for. */
    void later(Runnable work) {
        clock.execute(work);
    }

    private void beat() {
        List<Client> all;
        synchronized (this) {
            all = everybody();
        }
        for (var client : all) {
            try {
                client.beat();
            } catch (RuntimeException failed) {
                LOG.log(Level.WARNING, "A client of events could not be reached", failed); // the others are
            }
        }
    }

    /** Brings everybody who is behind further, a page each in turn; one thread does it for all of them. */
    private void catchUp() {
        synchronized (this) {
            if (behind.isEmpty() || catching || database.state() != State.READY) {
                return;
            }
            catching = true;
        }
        try {
            boolean further = true;
            while (further) {
                List<Map.Entry<Client, Long>> all;
                synchronized (this) {
                    all = List.copyOf(behind.entrySet());
                }
                further = false;
                for (var one : all) {
                    further |= advance(one.getKey(), one.getValue());
                }
            }
        } catch (RuntimeException away) {
            LOG.log(Level.DEBUG, "Nobody can catch up now; it is tried again", away);
        } finally {
            synchronized (this) {
                catching = false;
            }
        }
    }

    /** Whether there is more for it to have at once. */
    private boolean advance(Client client, long from) {
        if (!client.hasRoom()) {
            return false;
        }
        long upTo;
        synchronized (this) {
            if (from >= position) {
                if (behind.remove(client) != null) {
                    listening.put(client, from);
                }
                return false;
            }
            upTo = Math.min(position, from + RANGE);
        }
        var page = page(client.sessionId(), from, upTo);
        for (var event : page) {
            offer(client, event);
        }
        long at = page.size() < PAGE ? upTo : page.get(page.size() - 1).id();
        synchronized (this) {
            return behind.replace(client, from, at); // or it has left
        }
    }

    private List<LiveEvent> page(@Nullable String sessionId, long from, long upTo) {
        var select = "select " + LiveEvent.COLUMNS + " from events where event_id > ? and event_id <= ?";
        var order = " order by event_id limit " + PAGE;
        return sessionId == null
                ? reader.list(select + order, LiveEvent::of, from, upTo)
                : reader.list(select + " and session_id = ?" + order, LiveEvent::of, from, upTo, sessionId);
    }

    /** The server stops. */
    void end() {
        tasks.forEach(task -> task.cancel(false));
        List<Client> all;
        synchronized (this) {
            all = everybody();
            listening.clear();
            behind.clear();
        }
        all.forEach(Client::end);
    }
}
