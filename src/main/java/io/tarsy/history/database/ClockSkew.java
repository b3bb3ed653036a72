package io.tarsy.history.database;

import io.tarsy.history.database.Check.Finding;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.LongSupplier;

/**
 * How far a clock is ahead of this server's.
 *
 * @param aheadUs how far; negative where it is behind
 * @param uncertaintyUs how wrong that may be
 */
record ClockSkew(long aheadUs, long uncertaintyUs) {
    private static final long WARN_US = 1_000_000;
    private static final long FAIL_US = 10_000_000;
    private static final double US_PER_SECOND = 1_000_000;

    /** Asks another clock, and takes the middle of the round trip for the moment of its answer. */
    static ClockSkew measure(Clock here, LongSupplier there) {
        long before = micros(here);
        long other = there.getAsLong();
        long after = micros(here);
        return new ClockSkew(other - (before + after) / 2, (after - before + 1) / 2);
    }

    private static long micros(Clock clock) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    }

    /** What that means; what the measurement cannot be sure of is nobody's fault. */
    Finding finding(String whose) {
        var detail = "%s is %.3f s %s, give or take %.3f s."
                .formatted(
                        whose,
                        Math.abs(aheadUs) / US_PER_SECOND,
                        aheadUs < 0 ? "behind" : "ahead",
                        uncertaintyUs / US_PER_SECOND);
        long sure = Math.max(0, Math.abs(aheadUs) - uncertaintyUs);
        var action = "Let every machine follow the same time service, for example with chrony.";
        if (sure > FAIL_US) {
            return Finding.fail(detail, action);
        }
        return Finding.okIf(sure <= WARN_US, detail, action);
    }
}
