package io.tarsy.history.live;

import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Writes to the clients of Server-Sent Events: one thread for all of them, as long as nobody holds it up. Payara's
 * streams never do. On Open Liberty a write waits for a client that takes nothing, up to the server's write timeout,
 * although its stream said that it is ready; another thread then goes on with the others.
 */
@ApplicationScoped
public class Sender {
    private static final Logger LOG = System.getLogger(Sender.class.getName());
    private static final int MOST = 64;
    private static final long HELD_UP_MS = 20;
    private static final long IDLE_SECONDS = 5;
    private static final int LOOKS = 1_000;

    @Resource
    @SuppressWarnings("NullAway.Init")
    ManagedThreadFactory threads;

    private final BlockingQueue<SseClient> line = new LinkedBlockingQueue<>(); // each client stands in it once
    private final Set<Worker> workers = ConcurrentHashMap.newKeySet();
    private final AtomicLong served = new AtomicLong();
    private volatile boolean stopping;

    void begin(@Observes @Initialized(ApplicationScoped.class) Object application) {
        start("tarsy-live-watch", this::watch);
    }

    private void start(String name, Runnable work) {
        var thread = threads.newThread(work);
        thread.setName(name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Has what waits for a client written, soon. */
    void add(SseClient client) {
        if (client.joinsLine()) {
            line.add(client);
            synchronized (this) {
                notifyAll();
            }
        }
    }

    /** Lets those who write catch up, for as long as they get on: who reads events must not outrun them. */
    void awaitQuiet() throws InterruptedException {
        for (int looks = 0; isAtWork() && looks < LOOKS; looks++) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    private boolean isAtWork() {
        return !line.isEmpty() || workers.stream().anyMatch(Worker::getsOn);
    }

    /** Sees to it that somebody serves the line: when nobody got on for a while, somebody new. */
    private void watch() {
        try {
            while (!stopping) {
                synchronized (this) {
                    while (line.isEmpty() && !stopping) {
                        wait();
                    }
                }
                long before = served.get();
                if (!workers.isEmpty()) {
                    TimeUnit.MILLISECONDS.sleep(HELD_UP_MS);
                }
                if (!line.isEmpty() && served.get() == before && workers.size() < MOST) {
                    var worker = new Worker();
                    workers.add(worker);
                    start("tarsy-live-sender", worker);
                }
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    /** One that serves the line until there is nothing to do for a while. */
    private final class Worker implements Runnable {
        private volatile long busySinceNanos;
        private volatile boolean busy;

        boolean getsOn() {
            return busy && System.nanoTime() - busySinceNanos < TimeUnit.MILLISECONDS.toNanos(HELD_UP_MS);
        }

        @Override
        public void run() {
            try {
                for (var next = next(); next != null && !stopping; next = next()) {
                    serve(next);
                }
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            } finally {
                workers.remove(this);
            }
        }

        private @Nullable SseClient next() throws InterruptedException {
            return line.poll(IDLE_SECONDS, TimeUnit.SECONDS);
        }

        private void serve(SseClient client) {
            busySinceNanos = System.nanoTime();
            busy = true;
            try {
                client.drain();
            } catch (RuntimeException failed) {
                LOG.log(Level.WARNING, "A client of events could not be written to", failed);
            } finally {
                busy = false;
                served.incrementAndGet();
            }
        }
    }

    @PreDestroy
    void stop() {
        stopping = true;
        synchronized (this) {
            notifyAll();
        }
    }
}
