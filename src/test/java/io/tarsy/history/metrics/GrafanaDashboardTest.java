package io.tarsy.history.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The dashboard asks only for what there is. */
class GrafanaDashboardTest {

    private static final File FILE = new File("server-config/grafana/tarsy-history.json");
    private static final Pattern SELECTOR = Pattern.compile("([a-zA-Z_:][\\w:]*)\\s*\\{([^}]*)}");
    private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)\\s*\"([^\"]*)\"");
    private static final Pattern GROUPING = Pattern.compile("\\bby\\s*\\(([^)]*)\\)");
    private static final Pattern COUNTED = Pattern.compile("(?:rate|increase)\\(\\s*([a-zA-Z_:][\\w:]*)");
    private static final Pattern FUNCTION =
            Pattern.compile("\\b(?:sum|max|topk|rate|increase|histogram_quantile)\\b(?=\\s*(?:\\(|by))");
    private static final Pattern NAME = Pattern.compile("[a-zA-Z_]\\w*");
    /** What both servers show of themselves; MetricsIT asks them for it. */
    private static final Set<String> OF_THE_SERVERS =
            Set.of("memory_usedHeap_bytes", "memory_maxHeap_bytes", "gc_total", "thread_count");

    private static final Set<String> OF_THE_SCRAPE = Set.of("instance", "job");

    static List<String> queries() throws IOException {
        var queries = new ArrayList<String>();
        for (var panel : dashboard().path("panels")) {
            panel.path("targets")
                    .forEach(target -> queries.add(target.path("expr").asText()));
        }
        return queries;
    }

    private static JsonNode dashboard() throws IOException {
        return new ObjectMapper().readTree(FILE);
    }

    @ParameterizedTest
    @MethodSource("queries")
    void namesOnlyMetricsThatThereAre(String query) {
        assertThat(SELECTOR.matcher(query).results().map(found -> found.group(1)))
                .isNotEmpty()
                .allMatch(name -> OF_THE_SERVERS.contains(name)
                        || Arrays.stream(Metric.values())
                                .anyMatch(metric -> metric.shown().contains(name)));
    }

    @ParameterizedTest
    @MethodSource("queries")
    void consistsOfNothingButThem(String query) {
        var rest = query;
        for (var known : List.of(SELECTOR, GROUPING, FUNCTION)) {
            rest = known.matcher(rest).replaceAll(" ");
        }

        assertThat(NAME.matcher(rest.replace("$__rate_interval", "")).results())
                .as(rest)
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("queries")
    void namesOnlyLabelsThatTheyHave(String query) {
        var common = new HashSet<String>();
        SELECTOR.matcher(query).results().forEach(selector -> {
            var labels = labels(selector.group(1));
            common.addAll(labels);
            assertThat(MATCHER.matcher(selector.group(2)).results().map(one -> one.group(1)))
                    .as(selector.group())
                    .contains("instance")
                    .isSubsetOf(labels);
        });
        assertThat(GROUPING.matcher(query)
                        .results()
                        .flatMap(found -> Arrays.stream(found.group(1).split(",")))
                        .map(String::trim))
                .isSubsetOf(common);
    }

    @ParameterizedTest
    @MethodSource("queries")
    void asksForValuesThatTheLabelsHave(String query) {
        SELECTOR.matcher(query).results().forEach(selector -> {
            var metric = Arrays.stream(Metric.values())
                    .filter(one -> one.shown().contains(selector.group(1))
                            && !one.known().isEmpty())
                    .findFirst();
            MATCHER.matcher(selector.group(2))
                    .results()
                    .filter(one -> metric.isPresent() && metric.get().tags().contains(one.group(1)))
                    .forEach(one -> {
                        int at = metric.get().tags().indexOf(one.group(1));
                        var known = metric.get().known().stream()
                                .map(values -> values.get(at))
                                .collect(Collectors.toSet());
                        assertThat(one.group(2).split("\\|"))
                                .as(selector.group())
                                .isSubsetOf(known);
                    });
        });
    }

    @ParameterizedTest
    @MethodSource("queries")
    void makesRatesOfWhatGrowsAndOfNothingElse(String query) {
        var growing = Arrays.stream(Metric.values())
                .filter(metric -> metric.type() != Metric.Type.GAUGE)
                .flatMap(metric -> metric.shown().stream())
                .collect(Collectors.toSet());
        growing.add("gc_total");
        var rated =
                COUNTED.matcher(query).results().map(found -> found.group(1)).collect(Collectors.toSet());
        var named =
                SELECTOR.matcher(query).results().map(found -> found.group(1)).collect(Collectors.toSet());

        assertThat(growing).containsAll(rated);
        named.removeAll(rated);
        assertThat(named).doesNotContainAnyElementsOf(growing);
    }

    @ParameterizedTest
    @EnumSource(Metric.class)
    void everyMetricIsOnIt(Metric metric) throws IOException {
        assertThat(queries()).anyMatch(query -> metric.shown().stream().anyMatch(query::contains));
    }

    @Test
    void panelsDoNotOverlap() throws IOException {
        var taken = new HashSet<String>();
        for (var panel : dashboard().path("panels")) {
            var place = panel.path("gridPos");
            for (int x = 0; x < place.path("w").asInt(); x++) {
                for (int y = 0; y < place.path("h").asInt(); y++) {
                    assertThat(taken.add((place.path("x").asInt() + x) + " "
                                    + (place.path("y").asInt() + y)))
                            .as(panel.path("title").asText())
                            .isTrue();
                }
            }
        }
    }

    private static Set<String> labels(String name) {
        var labels = new HashSet<>(OF_THE_SCRAPE);
        if (name.equals("gc_total")) {
            labels.add("name");
        }
        for (var metric : Metric.values()) {
            if (metric.shown().contains(name)) {
                labels.addAll(metric.tags());
                if (name.endsWith("_bucket")) {
                    labels.add("le");
                }
            }
        }
        return labels;
    }
}
