package io.tarsy.history.metrics;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.eclipse.microprofile.metrics.Counter;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;

/**
 * Measures, in the server's own registry, which shows it at {@code /metrics}. What is known beforehand is shown from the
 * start, so that no alert waits for a first failure. Counting costs a look into a map and an addition without a lock.
 */
@ApplicationScoped
public class Metrics {
    @Inject
    MetricRegistry registry;

    private final Map<Series, Counter> counters = new ConcurrentHashMap<>();
    private final Map<Series, Durations> timers = new ConcurrentHashMap<>();
    private final Map<Series, NumberSource> gauges = new ConcurrentHashMap<>();

    /** One line of a metric: the values of its tags. */
    private record Series(Metric metric, List<String> values) {}

    /** Where the number of a gauge comes from; who knows it may begin later than the gauge. */
    private static final class NumberSource {
        volatile Supplier<Number> asked = () -> 0;
    }

    void begin(@Observes @Initialized(ApplicationScoped.class) Object application) {
        for (var metric : Metric.values()) {
            metric.known().forEach(values -> begin(new Series(metric, values)));
        }
    }

    private void begin(Series series) {
        switch (series.metric().type()) {
            case COUNTER -> counter(series);
            case TIMER -> durations(series);
            case GAUGE -> number(series);
        }
    }

    /** Counts one. */
    public void count(Metric metric, String... tagValues) {
        add(metric, 1, tagValues);
    }

    /** Counts some. */
    public void add(Metric metric, long number, String... tagValues) {
        counter(new Series(metric, Arrays.asList(tagValues))).inc(number);
    }

    /** Notes how long something took. */
    public void time(Metric metric, Duration took, String... tagValues) {
        durations(new Series(metric, Arrays.asList(tagValues))).add(took.toNanos());
    }

    /** Asks for a number whenever somebody looks, from now on; the supplier must answer at once. */
    public void gauge(Metric metric, Supplier<Number> number, String... tagValues) {
        number(new Series(metric, List.of(tagValues))).asked = number;
    }

    private Counter counter(Series series) {
        var known = counters.get(series); // without the lock that computing takes
        return known != null ? known : counters.computeIfAbsent(series, this::newCounter);
    }

    private Counter newCounter(Series series) {
        require(series, Metric.Type.COUNTER);
        var metric = series.metric();
        return registry.counter(metadata(metric.text(), metric.description()), tags(series));
    }

    private Durations durations(Series series) {
        var known = timers.get(series);
        return known != null ? known : timers.computeIfAbsent(series, this::newDurations);
    }

    private Durations newDurations(Series series) {
        require(series, Metric.Type.TIMER);
        var metric = series.metric();
        var name = metric.text() + "_seconds";
        var tags = tags(series);
        var durations = new Durations();
        var bucketTags = Arrays.copyOf(tags, tags.length + 1);
        for (int bucket = 0; bucket < Durations.buckets(); bucket++) {
            int at = bucket;
            bucketTags[tags.length] = new Tag("le", Durations.bound(bucket));
            show(name + "_bucket", metric.description(), () -> durations.upTo(at), bucketTags.clone());
        }
        show(name + "_count", metric.description(), durations::count, tags);
        show(name + "_sum", metric.description(), durations::seconds, tags);
        return durations;
    }

    private NumberSource number(Series series) {
        return gauges.computeIfAbsent(series, this::newNumber);
    }

    private NumberSource newNumber(Series series) {
        require(series, Metric.Type.GAUGE);
        var metric = series.metric();
        var number = new NumberSource();
        show(metric.text(), metric.description(), () -> number.asked.get(), tags(series));
        return number;
    }

    private void show(String name, String description, Supplier<Number> number, Tag... tags) {
        registry.gauge(metadata(name, description), number, tags);
    }

    private static Metadata metadata(String name, String description) {
        return Metadata.builder().withName(name).withDescription(description).build();
    }

    private static void require(Series series, Metric.Type type) {
        if (series.metric().type() != type) {
            throw new IllegalArgumentException(
                    series.metric() + " is a " + series.metric().type());
        }
    }

    private static Tag[] tags(Series series) {
        var names = series.metric().tags();
        var values = series.values();
        if (names.size() != values.size()) {
            throw new IllegalArgumentException(series.metric() + " has the tags " + names);
        }
        var tags = new Tag[values.size()];
        for (int at = 0; at < tags.length; at++) {
            tags[at] = new Tag(names.get(at), values.get(at));
        }
        return tags;
    }
}
