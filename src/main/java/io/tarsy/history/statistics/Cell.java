package io.tarsy.history.statistics;

import io.tarsy.history.session.Counted;
import java.util.Comparator;
import java.util.Locale;

/**
 * What is counted in one hour or day.
 *
 * @param grain the hour or the day
 * @param fromUs when that begins
 * @param measure what is counted
 * @param name of what, as it is stored
 * @param detail of what, as it is stored
 */
record Cell(Grain grain, long fromUs, String measure, String name, String detail) implements Comparable<Cell> {
    private static final Comparator<Cell> ORDER = Comparator.comparing(Cell::grain)
            .thenComparing(Cell::fromUs)
            .thenComparing(Cell::measure)
            .thenComparing(Cell::name)
            .thenComparing(Cell::detail);

    /** Of its measure {@link Counted.Measure#DURATION}: it is a sketch, and not by name. */
    static final String DURATION = word(Counted.Measure.DURATION);

    /** How long what is counted together lasts. */
    enum Grain {
        HOUR(Counted.HOUR_US),
        DAY(24 * Counted.HOUR_US);

        final long micros;

        Grain(long micros) {
            this.micros = micros;
        }

        /** Its word in the database. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The one of it in which this falls. */
        long of(long atUs) {
            return atUs - Math.floorMod(atUs, micros);
        }
    }

    /** The word of a measure in the database. */
    static String word(Counted.Measure measure) {
        return measure.name().toLowerCase(Locale.ROOT);
    }

    boolean isDuration() {
        return measure.equals(DURATION);
    }

    @Override
    public int compareTo(Cell other) {
        return ORDER.compare(this, other);
    }
}
