package io.tarsy.history.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Looks at liveness and readiness again and again, each on a thread of its own. */
final class Watch implements AutoCloseable {
    /** What readiness said, and when it began to. */
    record Turn(long atNanos, boolean ready) {}

    private final Server server;
    private final List<Turn> turns = new ArrayList<>();
    private final List<String> deaths = new ArrayList<>();
    private final Thread readiness = new Thread(this::watchReadiness, "watches readiness");
    private final Thread liveness = new Thread(this::watchLiveness, "watches liveness");
    private volatile boolean stopping;
    private volatile boolean serverIsMeantToBeUp = true;

    Watch(Server server) {
        this.server = server;
        for (var thread : List.of(readiness, liveness)) {
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** While the server itself is killed and started, nothing is expected of it. */
    void serverIsMeantToBeUp(boolean up) {
        serverIsMeantToBeUp = up;
    }

    private void watchReadiness() {
        try {
            while (!stopping) {
                boolean ready = server.status("health/ready") == 200;
                synchronized (turns) {
                    if (turns.isEmpty() || turns.get(turns.size() - 1).ready != ready) {
                        turns.add(new Turn(System.nanoTime(), ready));
                    }
                }
                TimeUnit.MILLISECONDS.sleep(100);
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private void watchLiveness() {
        try {
            while (!stopping) {
                int status = server.status("health/live");
                if (status != 200 && serverIsMeantToBeUp) {
                    synchronized (deaths) {
                        deaths.add("liveness answered " + status);
                    }
                }
                TimeUnit.MILLISECONDS.sleep(250);
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Waits until readiness is so.
     *
     * @return milliseconds from {@code sinceNanos} until it turned, or -1 if it did not in time
     */
    long awaitTurn(boolean ready, long sinceNanos, long seconds) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() < end) {
            synchronized (turns) {
                var last = turns.isEmpty() ? null : turns.get(turns.size() - 1);
                if (last != null && last.ready == ready) {
                    return Math.max(0, TimeUnit.NANOSECONDS.toMillis(last.atNanos - sinceNanos));
                }
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return -1;
    }

    List<String> deaths() {
        synchronized (deaths) {
            return deaths.stream().distinct().toList();
        }
    }

    @Override
    public void close() {
        stopping = true;
        readiness.interrupt();
        liveness.interrupt();
    }
}
