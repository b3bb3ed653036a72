package io.tarsy.history.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Durations in bins: added up, taken away, written down and read again. */
class SketchTest {
    private static Sketch of(long... durations) {
        var sketch = new Sketch();
        for (long duration : durations) {
            assertThat(sketch.change(duration, 1)).isTrue();
        }
        return sketch;
    }

    @Test
    void percentilesAreThoseOfAllItsParts() {
        var random = new Random(2);
        var all = LongStream.range(0, 5_000)
                .map(i -> (long) Math.exp(random.nextDouble() * 25))
                .toArray();
        var sum = new Sketch();
        for (int from = 0; from < all.length; from += 500) {
            sum.add(of(LongStream.of(all).skip(from).limit(500).toArray()).text());
        }
        var sorted = LongStream.of(all).sorted().toArray();
        for (int percent : new int[] {1, 50, 95, 99, 100}) {
            double exact = sorted[(int) Math.ceil(all.length * percent / 100.0) - 1];
            assertThat((double) sum.percentile(percent)).isCloseTo(exact, within(exact * 0.004 + 0.5));
        }
        assertThat(sum.number()).isEqualTo(all.length);
    }

    @Test
    void smallOnesAreExact() {
        assertThat(of(0).percentile(50)).isZero();
        assertThat(of(1, 2, 255).percentile(95)).isEqualTo(255);
        assertThat(of(7, 8).percentile(50)).isEqualTo(7);
    }

    @Test
    void whatIsTakenAwayIsGone() {
        var sketch = Sketch.of(of(5, 9_000_000_000L, 5).text());
        assertThat(sketch.change(9_000_000_000L, -1)).isTrue();
        assertThat(sketch.isSame(of(5, 5))).isTrue();
        assertThat(Sketch.of(sketch.text()).isSame(of(5, 5))).isTrue();
        assertThat(Sketch.of(sketch.text()).percentile(100)).isEqualTo(5);
    }

    @Test
    void whatWasNotThereCannotBeTakenAway() {
        var sketch = of(5);
        assertThat(sketch.change(1_000_000, -1)).isFalse();
        assertThat(sketch.change(5, -2)).isFalse();
        assertThat(sketch.number()).isZero();
        assertThat(Sketch.of(sketch.text()).number()).isZero();
    }

    @Test
    void aClockThatWasSetBackCountsAsNoTime() {
        assertThat(of(-3_600_000).percentile(50)).isZero();
        var longest = of(Long.MAX_VALUE / 1_000);
        assertThat((double) Sketch.of(longest.text()).percentile(50))
                .isCloseTo(Long.MAX_VALUE / 1_000.0, within(Long.MAX_VALUE / 250_000.0));
    }
}
