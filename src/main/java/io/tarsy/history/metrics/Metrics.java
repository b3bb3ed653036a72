package io.tarsy.history.metrics;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.eclipse.microprofile.metrics.Counter;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;
import org.eclipse.microprofile.metrics.Timer;

/** Measures, in the server's own registry, which shows it at {@code /metrics}. */
@ApplicationScoped
public class Metrics {
    @Inject
    MetricRegistry registry;

    private final Map<List<String>, Counter> counters = new ConcurrentHashMap<>();
    private final Map<List<String>, Timer> timers = new ConcurrentHashMap<>();

    /** Counts one. */
    public void count(Metric metric, String... tagValues) {
        add(metric, 1, tagValues);
    }

    /** Counts some. */
    public void add(Metric metric, long number, String... tagValues) {
        counters.computeIfAbsent(
                        key(metric, tagValues), absent -> registry.counter(metadata(metric), tags(metric, tagValues)))
                .inc(number);
    }

    /** Notes how long something took. */
    public void time(Metric metric, Duration took, String... tagValues) {
        timers.computeIfAbsent(
                        key(metric, tagValues), absent -> registry.timer(metadata(metric), tags(metric, tagValues)))
                .update(took);
    }

    /** Asks for a number whenever somebody looks; the supplier must answer at once. */
    public void gauge(Metric metric, Supplier<Number> number, String... tagValues) {
        registry.gauge(metadata(metric), number, tags(metric, tagValues));
    }

    private static List<String> key(Metric metric, String... tagValues) {
        return switch (tagValues.length) {
            case 0 -> List.of(metric.name());
            case 1 -> List.of(metric.name(), tagValues[0]);
            case 2 -> List.of(metric.name(), tagValues[0], tagValues[1]);
            default -> List.of(metric.name(), String.join("\n", tagValues));
        };
    }

    private static Metadata metadata(Metric metric) {
        return Metadata.builder()
                .withName(metric.text())
                .withDescription(metric.description())
                .build();
    }

    private static Tag[] tags(Metric metric, String... values) {
        var names = metric.tags();
        if (names.size() != values.length) {
            throw new IllegalArgumentException(metric + " has the tags " + names);
        }
        var tags = new Tag[values.length];
        for (int at = 0; at < values.length; at++) {
            tags[at] = new Tag(names.get(at), values[at]);
        }
        return tags;
    }
}
