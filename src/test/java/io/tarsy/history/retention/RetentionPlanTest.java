package io.tarsy.history.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarsy.history.config.Settings;
import io.tarsy.history.retention.RetentionPlan.Reason;
import io.tarsy.history.session.Expired;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RetentionPlanTest {
    private static final long DAY_US = 24L * 3_600 * 1_000_000;
    private static final long NOW_US = 1_000 * DAY_US;

    @Test
    void r1ZeroDaysKeepForEver() {
        var policy = policy(Map.of("HISTORY_RETENTION_DAYS", "0"));

        assertThat(policy.keepsAll()).isTrue();
        assertThat(policy.cutoffUs(NOW_US)).isNull();
        assertThat(new RetentionPlan(policy.cutoffUs(NOW_US), 0, 0).next(ended(0, 10)))
                .isNull();
    }

    @Test
    void r1NegativeDaysRefuseToStart() {
        var settings = settings(Map.of("HISTORY_RETENTION_DAYS", "-1"));

        assertThat(settings.faults()).hasSize(1).first().asString().contains("HISTORY_RETENTION_DAYS");
    }

    @Test
    void aSessionGoesOnceItsAgeIsReached() {
        var plan =
                new RetentionPlan(policy(Map.of("HISTORY_RETENTION_DAYS", "30")).cutoffUs(NOW_US), 0, 0);

        assertThat(plan.next(ended(NOW_US - 30 * DAY_US - 1, 10))).isEqualTo(Reason.AGE);
        assertThat(plan.next(ended(NOW_US - 30 * DAY_US, 10))).isNull();
    }

    @Test
    void sessionsOverTheLimitGoInTheirOrder() {
        var plan = new RetentionPlan(null, 2, 0);

        assertThat(plan.next(ended(1, 10))).isEqualTo(Reason.MAX_SESSIONS);
        assertThat(plan.next(ended(2, 10))).isEqualTo(Reason.MAX_SESSIONS);
        assertThat(plan.next(ended(3, 10))).isNull();
    }

    @Test
    void sessionsThatGoByAgeCountForTheLimit() {
        var plan = new RetentionPlan(10L, 2, 0);

        assertThat(plan.next(ended(1, 10))).isEqualTo(Reason.AGE);
        assertThat(plan.next(ended(20, 10))).isEqualTo(Reason.MAX_SESSIONS);
        assertThat(plan.next(ended(30, 10))).isNull();
    }

    @Test
    void bytesOverTheLimitGoAndNotMuchMore() {
        var plan = new RetentionPlan(null, 0, 15);

        assertThat(plan.next(ended(1, 10))).isEqualTo(Reason.MAX_MEGABYTES);
        assertThat(plan.next(ended(2, 10))).isEqualTo(Reason.MAX_MEGABYTES);
        assertThat(plan.next(ended(3, 10))).isNull();
    }

    private static RetentionPolicy policy(Map<String, String> given) {
        return RetentionPolicy.of(settings(given));
    }

    private static Settings settings(Map<String, String> given) {
        return Settings.read(given::get, given.keySet());
    }

    private static Expired ended(long completedAtUs, long bytes) {
        return new Expired("s", completedAtUs, null, 0, 1, 0, 0, bytes);
    }
}
