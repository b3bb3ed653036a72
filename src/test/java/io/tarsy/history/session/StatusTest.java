package io.tarsy.history.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which status may follow which. */
class StatusTest {

    @ParameterizedTest
    @EnumSource
    void nothingFollowsATerminalStatusButItself(Status status) {
        for (var next : Status.values()) {
            assertThat(status.allows(next))
                    .as("%s then %s", status, next)
                    .isEqualTo(!status.isTerminal() || next == status);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyWordNamesItsStatus(Status status) {
        assertThat(Status.of(status.word())).isEqualTo(status);
    }

    @Test
    void sessionsAndStagesHaveTheWordsOfTheContract() {
        assertThat(Status.OF_SESSIONS)
                .containsExactly(
                        "pending",
                        "in_progress",
                        "paused",
                        "canceling",
                        "completed",
                        "failed",
                        "cancelled",
                        "timed_out");
        assertThat(Status.OF_STAGES)
                .containsExactly(
                        "pending", "active", "paused", "completed", "failed", "cancelled", "timed_out", "partial");
        assertThat(Status.ACTIVE_SESSIONS).containsExactly("pending", "in_progress", "paused", "canceling");
    }
}
