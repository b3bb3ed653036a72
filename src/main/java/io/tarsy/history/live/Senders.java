package io.tarsy.history.live;

import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that write to clients of Server-Sent Events: one, as long as nobody holds it up. Payara's streams never
 * do. On Open Liberty a write waits for a client that takes nothing, up to the server's write timeout, whatever its
 * stream says; another thread then goes on with the others.
 */
@ApplicationScoped
public class Senders {
    private static final int MOST = 64;
    private static final long HELD_UP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long IDLE_SECONDS = 30;
    private static final int LOOKS = 1_000;

    @Resource
    @SuppressWarnings("NullAway.Init")
    ManagedThreadFactory threads;

    private final BlockingQueue<SseClient> line = new LinkedBlockingQueue<>();
    private final AtomicInteger working = new AtomicInteger();
    private final AtomicInteger idle = new AtomicInteger();
    private volatile long movedNanos = System.nanoTime();
    private volatile boolean stopping;

    /** Has what waits for a client written, soon. */
    void add(SseClient client) {
        if (client.joinsLine()) {
            line.add(client);
        }
        look();
    }

    /** Lets those who write catch up, for as long as they get on: who makes events must not outrun them. */
    void awaitQuiet() throws InterruptedException {
        for (int looks = 0; isAtWork() && looks < LOOKS; looks++) {
            look();
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    private boolean isAtWork() {
        boolean getsOn = idle.get() < working.get() && System.nanoTime() - movedNanos < HELD_UP_NANOS;
        return getsOn || !line.isEmpty();
    }

    /** Something was written: nobody is held up. */
    void moved() {
        movedNanos = System.nanoTime();
    }

    /** Sees to it that somebody writes. */
    private void look() {
        int now = working.get();
        boolean heldUp = idle.get() == 0 && System.nanoTime() - movedNanos > HELD_UP_NANOS;
        if ((now == 0 || heldUp) && !line.isEmpty() && now < MOST && working.compareAndSet(now, now + 1)) {
            movedNanos = System.nanoTime();
            var thread = threads.newThread(this::work);
            thread.setName("tarsy-live-sender");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void work() {
        try {
            while (!stopping) {
                idle.incrementAndGet();
                var next = line.poll(IDLE_SECONDS, TimeUnit.SECONDS);
                movedNanos = System.nanoTime();
                idle.decrementAndGet();
                if (next == null) {
                    break;
                }
                next.drain();
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        } finally {
            working.decrementAndGet();
            look(); // somebody may have come while the last one went
        }
    }

    @PreDestroy
    void stop() {
        stopping = true;
    }
}
