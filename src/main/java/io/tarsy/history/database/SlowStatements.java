package io.tarsy.history.database;

import io.tarsy.history.http.Correlation;
import io.tarsy.history.metrics.Metric;
import io.tarsy.history.metrics.Metrics;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Tells of statements that took long: their SQL, whose request it was, and never a value. */
final class SlowStatements {
    private static final Logger LOG = System.getLogger(SlowStatements.class.getName());
    private static final int LONGEST_SQL = 2_000;

    private final long thresholdNanos;
    private final Listener listener;

    /** Hears of a statement that took long. */
    @FunctionalInterface
    interface Listener {
        /** It took so many milliseconds. */
        void slow(String sql, long millis);
    }

    /** From how many milliseconds on; 0 tells of none. */
    SlowStatements(int thresholdMs, Listener listener) {
        this.thresholdNanos = TimeUnit.MILLISECONDS.toNanos(thresholdMs);
        this.listener = listener;
    }

    /** Those that are counted and logged. A log is not flooded: a connection brings one line in that time at most. */
    static SlowStatements logged(int thresholdMs, Metrics metrics) {
        return new SlowStatements(thresholdMs, (sql, millis) -> {
            metrics.count(Metric.SLOW_STATEMENTS);
            LOG.log(Level.WARNING, "Request " + Correlation.id() + ": a statement took " + millis + " ms: " + sql);
        });
    }

    /** Whether there is anything to measure. */
    boolean wanted() {
        return thresholdNanos > 0;
    }

    void ended(@Nullable String sql, long begunNanos) {
        long took = System.nanoTime() - begunNanos;
        if (took > thresholdNanos) {
            listener.slow(shortened(sql), TimeUnit.NANOSECONDS.toMillis(took));
        }
    }

    private static String shortened(@Nullable String sql) {
        if (sql == null) {
            return "a batch";
        }
        return sql.length() <= LONGEST_SQL ? sql : sql.substring(0, LONGEST_SQL) + "…";
    }
}
