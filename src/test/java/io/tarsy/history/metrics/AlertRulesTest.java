package io.tarsy.history.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/** The alerts ask only for what there is, and the runbook says what to do about each. */
class AlertRulesTest {

    private static final Path RULES = Path.of("server-config/prometheus/alerts.yml");
    private static final Path RUNBOOK = Path.of("docs/runbook.md");

    private static final Pattern MATCHERS = Pattern.compile("([a-zA-Z_:][\\w:]*)\\s*\\{([^}]*)}");
    private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)\\s*\"([^\"]*)\"");
    private static final Pattern NAME = Pattern.compile("\\b([a-zA-Z_][a-zA-Z0-9_:]*)\\b");
    private static final Pattern GROUPING = Pattern.compile("\\b(?:by|on)\\s*\\(([^)]*)\\)");
    private static final Pattern RANGE = Pattern.compile("\\[(\\d+[smhd])]");
    private static final Pattern GROWTH =
            Pattern.compile("\\b(?:rate|increase)\\(\\s*([a-zA-Z_:][\\w:]*)\\s*(?:\\{[^}]*})?\\s*\\[");
    private static final Set<String> WORDS =
            Set.of("sum", "by", "on", "and", "rate", "increase", "histogram_quantile", "predict_linear");
    private static final Set<String> SEVERITIES = Set.of("critical", "warning", "info");
    private static final Set<String> OF_THE_SCRAPE = Set.of("instance", "job");

    /** One rule of the file. */
    record Rule(String alert, String expr, Map<String, Object> all) {
        @Override
        public String toString() {
            return alert;
        }
    }

    static List<Rule> rules() throws IOException {
        Map<String, List<Map<String, List<Map<String, Object>>>>> file = new Yaml().load(Files.readString(RULES));
        return file.getOrDefault("groups", List.of()).stream()
                .flatMap(group -> group.getOrDefault("rules", List.of()).stream())
                .map(rule -> new Rule(text(rule, "alert"), text(rule, "expr"), rule))
                .toList();
    }

    private static String text(Map<String, Object> map, String key) {
        return String.valueOf(map.get(key));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void hasItsParts(Rule rule) throws IOException {
        assertThat(rule.all).containsKeys("alert", "expr", "labels", "annotations");
        assertThat(Set.of("alert", "expr", "for", "labels", "annotations")).containsAll(rule.all.keySet());
        assertThat(rule.alert).matches("TarsyHistory[A-Z][A-Za-z]+");
        assertThat(text(rule.all, "for")).matches("null|\\d+[smhd]");
        assertThat(SEVERITIES).contains(part(rule, "labels", "severity"));
        assertThat(part(rule, "annotations", "summary")).isNotBlank();
        assertThat(part(rule, "annotations", "runbook"))
                .isEqualTo("docs/runbook.md#" + rule.alert.toLowerCase(java.util.Locale.ROOT));
        assertThat(rule.expr.chars().filter(c -> c == '(').count())
                .isEqualTo(rule.expr.chars().filter(c -> c == ')').count());
    }

    private static String part(Rule rule, String block, String name) {
        return rule.all.get(block) instanceof Map<?, ?> map ? String.valueOf(map.get(name)) : "";
    }

    @ParameterizedTest
    @MethodSource("rules")
    void namesOnlyMetricsAndLabelsThatThereAre(Rule rule) {
        var labels = new HashSet<>(OF_THE_SCRAPE);
        for (var name : metrics(rule.expr)) {
            labels.addAll(labels(name));
        }
        MATCHERS.matcher(rule.expr)
                .results()
                .forEach(selector -> MATCHER.matcher(selector.group(2))
                        .results()
                        .forEach(one -> {
                            assertThat(labels(selector.group(1)))
                                    .as(selector.group())
                                    .contains(one.group(1));
                            known(selector.group(1), one.group(1), one.group(2));
                        }));
        GROUPING.matcher(rule.expr)
                .results()
                .flatMap(found -> Arrays.stream(found.group(1).split(",")))
                .map(String::strip)
                .forEach(label -> assertThat(labels).contains(label));
    }

    /** Nothing is left when what is known is taken away: no misspelt function and no metric of another's. */
    @ParameterizedTest
    @MethodSource("rules")
    void consistsOfNothingElse(Rule rule) {
        assertThat(metrics(rule.expr))
                .isNotEmpty()
                .allMatch(name -> name.equals("up")
                        || Arrays.stream(Metric.values())
                                .anyMatch(metric -> metric.shown().contains(name)));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void makesRatesOfWhatGrowsAndOfNothingElse(Rule rule) {
        var growing = Arrays.stream(Metric.values())
                .filter(metric -> metric.type() != Metric.Type.GAUGE)
                .flatMap(metric -> metric.shown().stream())
                .collect(Collectors.toSet());
        var rated =
                GROWTH.matcher(rule.expr).results().map(found -> found.group(1)).collect(Collectors.toSet());
        assertThat(growing).containsAll(rated);
        var others = metrics(rule.expr);
        others.removeAll(rated);
        assertThat(others).doesNotContainAnyElementsOf(growing);
    }

    @Test
    void theRunbookHasASectionForEachAndForNoOther() throws IOException {
        var sections = Files.readAllLines(RUNBOOK).stream()
                .filter(line -> line.startsWith("## TarsyHistory"))
                .map(line -> line.substring(3))
                .toList();
        assertThat(sections)
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(
                        rules().stream().map(Rule::alert).toList());
    }

    private static Set<String> metrics(String expr) {
        var rest = expr;
        for (var known : List.of(RANGE, GROUPING)) {
            rest = known.matcher(rest).replaceAll(" ");
        }
        rest = rest.replaceAll("\\{[^}]*}", " ").replaceAll("\\b\\d[\\d.]*\\b", " ");
        return NAME.matcher(rest)
                .results()
                .map(found -> found.group(1))
                .filter(name -> !WORDS.contains(name))
                .collect(Collectors.toCollection(HashSet::new));
    }

    private static Set<String> labels(String name) {
        var labels = new HashSet<>(OF_THE_SCRAPE);
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

    private static void known(String name, String label, String value) {
        for (var metric : Metric.values()) {
            int at = metric.tags().indexOf(label);
            if (metric.shown().contains(name) && at >= 0 && !metric.known().isEmpty()) {
                assertThat(metric.known().stream().map(values -> values.get(at)))
                        .contains(value);
            }
        }
    }
}
