package io.tarsy.history.database;

import io.tarsy.history.metrics.Metric;
import io.tarsy.history.metrics.Metrics;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Counts what happens at a pool; a pool may be older than the measurements, or live without them. */
final class PoolMeter {
    private final LongAdder timeouts = new LongAdder();
    private volatile @Nullable Metrics metrics;

    void begin(Metrics known) {
        metrics = known;
    }

    /** A write got its turn. */
    void waited(long askedNanos) {
        var known = metrics;
        if (known != null) {
            known.time(Metric.WRITE_WAIT, Duration.ofNanos(System.nanoTime() - askedNanos));
        }
    }

    /** Some writes became durable together. */
    void committed(int writes) {
        var known = metrics;
        if (known != null && writes > 0) {
            known.count(Metric.COMMIT_GROUPS);
            known.add(Metric.COMMIT_GROUP_WRITES, writes);
        }
    }

    /** Somebody got no connection because all were in use. */
    void timedOut() {
        timeouts.increment();
        var known = metrics;
        if (known != null) {
            known.count(Metric.POOL_TIMEOUTS);
        }
    }

    /** How often that happened. */
    long timeouts() {
        return timeouts.sum();
    }
}
