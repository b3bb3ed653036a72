package io.tarsy.history.statistics;

import io.tarsy.history.http.Problem;
import io.tarsy.history.http.Query;
import io.tarsy.history.session.Counted;
import io.tarsy.history.statistics.Cell.Grain;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What statistics are asked for. Counts are kept by the hour, so the range is widened to whole hours.
 *
 * @param startUs of the range, or null for the whole history
 * @param endUs behind the range, or null
 * @param bucket what is counted together
 * @param top how many alert types at most
 */
record Asked(@Nullable Long startUs, @Nullable Long endUs, Bucket bucket, int top) {

    /** What is counted together in a row of numbers. */
    enum Bucket {
        HOUR(Counted.HOUR_US, 0),
        DAY(24 * Counted.HOUR_US, 0),
        /** From Monday. */
        WEEK(7 * 24 * Counted.HOUR_US, 3 * 24 * Counted.HOUR_US);

        final long micros;
        private final long shift;

        Bucket(long micros, long shift) {
            this.micros = micros;
            this.shift = shift;
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The beginning of the one in which this falls. */
        long of(long atUs) {
            return atUs - Math.floorMod(atUs + shift, micros);
        }
    }

    /**
     * Reads the parameters.
     *
     * @throws io.tarsy.history.http.ProblemException 422 naming each wrong one, 400 for an empty range
     */
    static Asked of(Map<String, List<String>> sent) {
        var query = Query.of(sent, "start_date_us", "end_date_us", "bucket", "top");
        var start = query.number("start_date_us", 0, Long.MAX_VALUE);
        var end = query.number("end_date_us", 0, Long.MAX_VALUE);
        var bucket = query.word("bucket", "day", List.of("hour", "day", "week"));
        int top = query.number("top", 20, 1, 1_000);
        query.check();
        if (start != null && end != null && start >= end) {
            throw Problem.INVALID_RANGE.with("start_date_us must be before end_date_us");
        }
        return new Asked(
                start == null ? null : (Long) Grain.HOUR.of(start),
                end == null ? null : (Long) hourBehind(end),
                Bucket.valueOf(bucket.toUpperCase(Locale.ROOT)),
                top);
    }

    private static long hourBehind(long endUs) {
        long hour = Grain.HOUR.of(endUs);
        return hour == endUs || hour > Long.MAX_VALUE - Counted.HOUR_US ? hour : hour + Counted.HOUR_US;
    }
}
