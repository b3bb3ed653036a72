package io.tarsy.history.metrics;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * How long something took each time, counted in buckets since the start, as a histogram of Prometheus is.
 *
 * <p>The servers' own timers are not used: one of them fills its buckets from a sample of the last minutes, so that they
 * shrink again and no rate can be made from them. Adding takes no lock.
 */
final class Durations {
    private static final long[] BOUNDS_MS = {5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000};
    private static final double MS_PER_SECOND = 1e3;
    private static final double NANOS_PER_SECOND = 1e9;

    private final LongAdder[] counts = new LongAdder[BOUNDS_MS.length + 1];
    private final LongAdder nanos = new LongAdder();

    Durations() {
        for (int at = 0; at < counts.length; at++) {
            counts[at] = new LongAdder();
        }
    }

    /** Buckets, the last of which has no bound. */
    static int buckets() {
        return BOUNDS_MS.length + 1;
    }

    /** The bound of a bucket in seconds, as the label {@code le} says it. */
    static String bound(int bucket) {
        return bucket == BOUNDS_MS.length ? "+Inf" : Double.toString(BOUNDS_MS[bucket] / MS_PER_SECOND);
    }

    void add(long took) {
        int bucket = 0;
        while (bucket < BOUNDS_MS.length && took > TimeUnit.MILLISECONDS.toNanos(BOUNDS_MS[bucket])) {
            bucket++;
        }
        counts[bucket].increment();
        nanos.add(took);
    }

    /** How many took no longer than the bound of a bucket. */
    long upTo(int bucket) {
        long sum = 0;
        for (int at = 0; at <= bucket; at++) {
            sum += counts[at].sum();
        }
        return sum;
    }

    /** How many there were. */
    long count() {
        return upTo(BOUNDS_MS.length);
    }

    /** How long all of them took together. */
    double seconds() {
        return nanos.sum() / NANOS_PER_SECOND;
    }
}
