package io.tarsy.history.statistics;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * How often which duration was seen, in bins less than 1 % wide: such sketches can be added to one another and the
 * percentiles of the sum are as exact as before.
 */
final class Sketch {
    private static final int SIGNIFICANT_DIGITS = 2;

    private final Histogram bins = new Histogram(SIGNIFICANT_DIGITS);

    /** What {@link #text} gave. */
    static Sketch of(String text) {
        var sketch = new Sketch();
        sketch.add(text);
        return sketch;
    }

    /** Adds what {@link #text} gave. */
    void add(String text) {
        bins.add(Histogram.decodeFromByteBuffer(
                ByteBuffer.wrap(Base64.getDecoder().decode(text)), 0));
    }

    void add(Sketch other) {
        bins.add(other.bins);
    }

    /**
     * Adds a duration so many times, or takes it away.
     *
     * @return whether there was as much as was taken away; if not, all of it is gone
     */
    boolean change(long durationMs, long number) {
        long value = Math.max(0, durationMs); // a clock that was set back
        long known = value > bins.getHighestTrackableValue() ? 0 : bins.getCountAtValue(value);
        bins.recordValueWithCount(value, Math.max(number, -known));
        return number >= -known;
    }

    long number() {
        return bins.getTotalCount();
    }

    /** The duration that this part of all durations does not exceed, within 0.4 %. */
    long percentile(double percent) {
        return bins.medianEquivalentValue(bins.getValueAtPercentile(percent));
    }

    /** Whether the same was seen. */
    boolean isSame(Sketch other) {
        return recorded().equals(other.recorded());
    }

    private List<String> recorded() {
        var found = new ArrayList<String>();
        for (var value : bins.recordedValues()) {
            found.add(bins.lowestEquivalentValue(value.getValueIteratedTo()) + " " + value.getCountAtValueIteratedTo());
        }
        return found;
    }

    /** It as text, in the library's own form. */
    String text() {
        var buffer = ByteBuffer.allocate(bins.getNeededByteBufferCapacity());
        int length = bins.encodeIntoByteBuffer(buffer);
        return Base64.getEncoder().encodeToString(Arrays.copyOf(buffer.array(), length));
    }
}
