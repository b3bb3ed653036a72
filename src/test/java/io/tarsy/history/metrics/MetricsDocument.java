package io.tarsy.history.metrics;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The page that documents every metric, made from the list of metrics itself. */
final class MetricsDocument {

    private static final String INTRODUCTION = """
            # Metrics

            Both servers show them at `/metrics`, in the text format of Prometheus: under the same names, with the same labels.
            What can be known beforehand is there from the start, with 0, so that alerts and dashboards work before anything
            happened.

            ## Scraping

            ```yaml
            scrape_configs:
              - job_name: tarsy-history
                metrics_path: /metrics
                static_configs:
                  - targets: ['history-1:8080', 'history-2:8080']
            ```

            Each server tells about itself; with several on one PostgreSQL, scrape each of them directly and not through a load
            balancer. A scrape asks no database and takes no connection: what only the database can tell is sampled every 15
            seconds. `/metrics` needs no sign-in, like the health checks beside it, and is as reachable as the server itself. It
            holds numbers and the names below, never an id, a text or an address. To hide it, let the proxy in front answer only
            what others may ask.

            The servers add measurements of their own, such as `memory_usedHeap_bytes`, `gc_total` and `thread_count`, which both
            have. On Open Liberty those of its HTTP layer are switched off in `server.xml`, because the host name that a client
            sends becomes a label in them.

            ## Grafana

            Import [tarsy-history.json](../server-config/grafana/tarsy-history.json): *Dashboards*, *New*, *Import*, then choose
            the Prometheus data source at the top of the page. A test holds each of its queries against the list below.

            Alerts: [alerts.yml](../server-config/prometheus/alerts.yml) has rules for Prometheus, and [runbook.md](runbook.md) says
            what to do about each. A test holds them against the list below too.

            ## From a number to a request

            Every answer carries `X-Correlation-Id`, and so does every line of the log about a request that failed. The caller may
            choose it: the header `X-Correlation-Id` if it sends one, else the trace id of a W3C `traceparent`, so that the log of
            this server is found from the trace of the caller. A statement that takes longer than `HISTORY_SLOW_STATEMENT_MS` is
            logged as a warning with that id, its milliseconds and its SQL with question marks in place of values.

            ## All metrics

            A histogram is shown in three parts: `_bucket` with the label `le`, which counts what took no longer than that many
            seconds, `_count`, and `_sum` in seconds. The servers call these three gauges, because their own histograms differ
            and one of them forgets; queries such as `histogram_quantile` and `rate` do not look at that. They begin at 0 with
            each start, as counters do. The buckets: %s. Every line also has the label `mp_scope`, which is `application`.

            | Name | Type | Labels | Meaning |
            |---|---|---|---|
            """;

    private MetricsDocument() {}

    static String render() {
        var bounds = IntStream.range(0, Durations.buckets())
                .mapToObj(bucket -> "`" + Durations.bound(bucket) + "`")
                .collect(Collectors.joining(", "));
        return INTRODUCTION.formatted(bounds)
                + Arrays.stream(Metric.values()).map(MetricsDocument::row).collect(Collectors.joining());
    }

    /** The name without the parts of a histogram. */
    static String name(Metric metric) {
        return metric.shown().get(0).replaceAll("_bucket$", "");
    }

    private static String row(Metric metric) {
        var type = metric.type() == Metric.Type.TIMER
                ? "histogram"
                : metric.type().name().toLowerCase(Locale.ROOT);
        return "| `%s` | %s | %s | %s |\n".formatted(name(metric), type, labels(metric), metric.description());
    }

    private static String labels(Metric metric) {
        if (metric.tags().isEmpty()) {
            return "–";
        }
        return IntStream.range(0, metric.tags().size())
                .mapToObj(at -> "`" + metric.tags().get(at) + "`" + values(metric, at))
                .collect(Collectors.joining("; "));
    }

    private static String values(Metric metric, int at) {
        var known =
                metric.known().stream().map(values -> values.get(at)).distinct().toList();
        return known.isEmpty() ? "" : ": " + String.join(", ", known);
    }
}
