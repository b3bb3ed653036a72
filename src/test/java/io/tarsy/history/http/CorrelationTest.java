package io.tarsy.history.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class CorrelationTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00-" + TRACE + "-00f067aa0ba902b7-01";
    private static final String NEW = "[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}";

    @Test
    void theCallersOwnIdWins() {
        assertThat(Correlation.id("order-66", PARENT)).isEqualTo("order-66");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "no spaces please", "<script>"})
    void elseItIsTheTrace(@Nullable String sent) {
        assertThat(Correlation.id(sent, PARENT)).isEqualTo(TRACE);
    }

    @Test
    void aLaterVersionOfTheHeaderMaySayMore() {
        assertThat(Correlation.id(null, "01-" + TRACE + "-00f067aa0ba902b7-01-more"))
                .isEqualTo(TRACE);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "00",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\n",
            })
    void andElseANewOne(@Nullable String trace) {
        assertThat(Correlation.id(null, trace)).matches(NEW);
    }
}
