package io.tarsy.history.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MetricsDocumentTest {

    private static final Path FILE = Path.of("docs", "metrics.md");
    private static final Pattern NAME = Pattern.compile("\\btarsy_\\w+");

    @Test
    void thePageSaysWhatTheCodeSays() throws IOException {
        if (Boolean.getBoolean("update.docs")) {
            Files.writeString(FILE, MetricsDocument.render());
        }

        assertThat(Files.readString(FILE))
                .as("docs/metrics.md; write it anew with: mvn test -Dupdate.docs=true")
                .isEqualTo(MetricsDocument.render());
    }

    @Test
    void thePageNamesNothingElse() {
        assertThat(NAME.matcher(MetricsDocument.render()).results().map(MatchResult::group))
                .allMatch(name -> Arrays.stream(Metric.values())
                        .anyMatch(metric -> metric.shown().contains(name)
                                || MetricsDocument.name(metric).equals(name)));
    }

    @ParameterizedTest
    @EnumSource(Metric.class)
    void everyMetricHasItsRow(Metric metric) {
        assertThat(MetricsDocument.render()).containsOnlyOnce("\n| `" + MetricsDocument.name(metric) + "` |");
    }

    @ParameterizedTest
    @EnumSource(Metric.class)
    void whatIsKnownBeforehandHasAValueForEachTag(Metric metric) {
        assertThat(metric.known())
                .doesNotHaveDuplicates()
                .allSatisfy(values -> assertThat(values).hasSameSizeAs(metric.tags()));
    }
}
