package io.tarsy.history.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DurationsTest {

    private final Durations durations = new Durations();

    @Test
    void aBucketCountsEverythingUpToItsBound() {
        durations.add(TimeUnit.MILLISECONDS.toNanos(5));
        durations.add(TimeUnit.MILLISECONDS.toNanos(5) + 1);
        durations.add(TimeUnit.SECONDS.toNanos(2));
        durations.add(TimeUnit.MINUTES.toNanos(2));

        assertThat(upTo("0.005")).isEqualTo(1);
        assertThat(upTo("0.01")).isEqualTo(2);
        assertThat(upTo("1.0")).isEqualTo(2);
        assertThat(upTo("2.5")).isEqualTo(3);
        assertThat(upTo("30.0")).isEqualTo(3);
        assertThat(upTo("+Inf")).isEqualTo(4);
        assertThat(durations.count()).isEqualTo(4);
        assertThat(durations.seconds()).isEqualTo(122.010_000_001);
    }

    @Test
    void noneIsForgottenHoweverManyThereAre() throws InterruptedException {
        var threads = IntStream.range(0, 4)
                .mapToObj(any -> new Thread(() -> IntStream.range(0, 50_000).forEach(one -> durations.add(1_000))))
                .toList();
        threads.forEach(Thread::start);
        for (var thread : threads) {
            thread.join();
        }

        assertThat(upTo("0.005")).isEqualTo(200_000);
    }

    private long upTo(String bound) {
        return durations.upTo(IntStream.range(0, Durations.buckets())
                .filter(bucket -> Durations.bound(bucket).equals(bound))
                .findFirst()
                .orElseThrow());
    }
}
