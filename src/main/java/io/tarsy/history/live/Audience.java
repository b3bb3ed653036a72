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
    private static final int PAGE = 150; // with what still waits, less than a client may have waiting
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

    /**
     * Lets somebody listen.
     *
     * @param lastId the last event it knows, or null for those from now on
     * @throws io.tarsy.history.http.ProblemException 503 where there are too many already, or nothing to listen to
     */
    void join(Client client, @Nullable Long lastId) {
        requirePlace();
        if (lastId == null) {
            synchronized (this) {
                listening.put(client, position);
            }
            return;
        }
        var kept = reader.first(
                "select coalesce(min(event_id), 0) as oldest, coalesce(max(event_id), 0) as newest from events",
                row -> new long[] {row.count("oldest"), row.count("newest")});
        long oldest = kept == null ? 0 : kept[0];
        long newest = kept == null ? 0 : kept[1];
        if (lastId + 1 < oldest || lastId > newest) {
            client.reset(newest);
            synchronized (this) {
                behind.put(client, newest);
            }
        } else {
            synchronized (this) {
                behind.put(client, lastId);
            }
        }
        catchUp();
    }

    /**
     * Refuses whoever cannot listen now.
     *
     * @throws io.tarsy.history.http.ProblemException 503
     */
    void requirePlace() {
        database.require();
        synchronized (this) {
            if (!started) {
                throw Problem.DATABASE_UNAVAILABLE.with("The events are not read yet; try again in a moment.");
            }
            int most = settings.number(ConfigKey.HISTORY_LIVE_CLIENTS);
            if (listening.size() + behind.size() >= most) {
                throw Problem.DATABASE_UNAVAILABLE.with("Already " + most + " clients listen to events.");
            }
        }
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
                    .filter(one -> one.getValue() < event.id() && wants(one.getKey(), event))
                    .map(Map.Entry::getKey)
                    .toList();
        }
        wanting.forEach(client -> offer(client, event));
    }

    private static boolean wants(Client client, LiveEvent event) {
        var only = client.sessionId();
        return only == null || only.equals(event.sessionId());
    }

    private void offer(Client client, LiveEvent event) {
        if (client.offer(event)) {
            metrics.count(Metric.EVENTS_DELIVERED);
        } else {
            leave(client);
        }
    }

    /** A client that is full is dropped: nobody is waited for. */
    void dropped() {
        metrics.count(Metric.EVENTS_DROPPED_CLIENTS);
    }

    private void beat() {
        List<Client> all;
        synchronized (this) {
            all = everybody();
        }
        all.forEach(Client::beat);
    }

    /** Brings everybody who is behind a page further; one thread does it for all of them. */
    private void catchUp() {
        List<Map.Entry<Client, Long>> all;
        synchronized (this) {
            if (behind.isEmpty() || catching || database.state() != State.READY) {
                return;
            }
            catching = true;
            all = new ArrayList<>(behind.entrySet());
        }
        try {
            for (var one : all) {
                advance(one.getKey(), one.getValue());
            }
        } catch (RuntimeException away) {
            LOG.log(Level.DEBUG, "Nobody can catch up now; it is tried again", away);
        } finally {
            synchronized (this) {
                catching = false;
            }
        }
    }

    private void advance(Client client, long from) {
        long at = from;
        while (client.hasRoom()) {
            long upTo;
            synchronized (this) {
                upTo = position;
                if (at >= upTo) {
                    if (behind.remove(client) != null) {
                        listening.put(client, at);
                    }
                    return;
                }
            }
            var page = page(client.sessionId(), at, upTo);
            for (var event : page) {
                offer(client, event);
            }
            at = page.size() < PAGE ? upTo : page.get(page.size() - 1).id();
            synchronized (this) {
                if (behind.replace(client, at) == null) {
                    return; // it has left
                }
            }
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
