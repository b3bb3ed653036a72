package io.tarsy.history.live;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SameOriginTest {
    @Test
    void whoIsNoBrowserHasNoOrigin() {
        assertThat(SameOrigin.isSame(null, "history.example", null)).isTrue();
    }

    @Test
    void itsOwnPagesAreOfThisSite() {
        assertThat(SameOrigin.isSame("https://history.example", "history.example", null))
                .isTrue();
        assertThat(SameOrigin.isSame("https://History.example", "backend:8080", "history.example"))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example",
                "https://history.example.evil.example",
                "https://history.example:8443",
                "null",
                "",
                "https://history.example@evil.example",
                "\\"
            })
    void allOthersAreNot(String origin) {
        assertThat(SameOrigin.isSame(origin, "history.example", null)).isFalse();
    }
}
