package io.tarsy.history.retention;

import io.tarsy.history.session.Expired;
import io.tarsy.history.session.ExpiredSessions;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where the line of sessions that go now ends. It is asked for each in turn, and remembers those that it let go. */
final class RetentionPlan {
    /** More than that over the limit are left to the next run. */
    private static final long MOST_OVER = 1_000_000;

    private final @Nullable Long cutoffUs;
    private final long tooMany;
    private final long tooManyBytes;
    private long sessions;
    private long bytes;

    /** Why a session goes. */
    enum Reason {
        AGE,
        MAX_SESSIONS,
        MAX_MEGABYTES;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    RetentionPlan(@Nullable Long cutoffUs, long tooMany, long tooManyBytes) {
        this.cutoffUs = cutoffUs;
        this.tooMany = tooMany;
        this.tooManyBytes = tooManyBytes;
    }

    /** The plan for what is there now. */
    static RetentionPlan of(RetentionPolicy policy, long nowUs, ExpiredSessions sessions) {
        return new RetentionPlan(
                policy.cutoffUs(nowUs),
                policy.maxSessions() == 0 ? 0 : sessions.above(policy.maxSessions(), MOST_OVER),
                policy.maxBytes() == 0 ? 0 : Math.max(0, sessions.bytes() - policy.maxBytes()));
    }

    @Nullable
    Long cutoffUs() {
        return cutoffUs;
    }

    /** Why the next of the line goes, or null if it stays and all after it. */
    @Nullable
    Reason next(Expired session) {
        var reason = reason(session);
        if (reason != null) {
            sessions++;
            bytes += session.bytes();
        }
        return reason;
    }

    private @Nullable Reason reason(Expired session) {
        if (cutoffUs != null && session.completedAtUs() < cutoffUs) {
            return Reason.AGE;
        }
        if (sessions < tooMany) {
            return Reason.MAX_SESSIONS;
        }
        return bytes < tooManyBytes ? Reason.MAX_MEGABYTES : null;
    }
}
