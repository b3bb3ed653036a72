package io.tarsy.history.retention;

import io.tarsy.history.config.ConfigKey;
import io.tarsy.history.config.Settings;
import io.tarsy.history.database.FailureDiagnosis;
import io.tarsy.history.database.LeaseService;
import io.tarsy.history.database.Recurring;
import io.tarsy.history.database.Servers;
import io.tarsy.history.http.Bodies;
import io.tarsy.history.metrics.Metric;
import io.tarsy.history.metrics.Metrics;
import io.tarsy.history.session.OrphanService;
import io.tarsy.history.session.OrphanService.Outcome;
import io.tarsy.history.session.SilentSessions;
import io.tarsy.history.session.SilentSessions.Working;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/**
 * Looks for sessions whose agent went silent. After an outage, and after a start, one look is left out: agents that
 * could not write speak first.
 */
@ApplicationScoped
public class Orphans {
    private static final Logger LOG = System.getLogger(Orphans.class.getName());
    private static final String LEASE = "orphans";
    private static final int LEASE_SECONDS = 60;
    private static final int PAGE = 500;

    @Inject
    Settings settings;

    @Inject
    Recurring recurring;

    @Inject
    Servers servers;

    @Inject
    LeaseService leases;

    @Inject
    SilentSessions silent;

    @Inject
    OrphanService service;

    @Inject
    FailureDiagnosis failures;

    @Inject
    Metrics metrics;

    @Inject
    Bodies bodies;

    private long pauseMs;
    private long lookedNanos;
    private boolean looked;

    void begin(@Observes @Initialized(ApplicationScoped.class) Object application) {
        int minutes = settings.number(ConfigKey.ORPHANED_SESSION_TIMEOUT_MINUTES);
        if (minutes > 0) {
            pauseMs = Math.min(60_000, minutes * 15_000L);
            recurring.every(Duration.ofMillis(pauseMs), "look for orphaned sessions", () -> look(minutes));
        }
    }

    private void look(int minutes) {
        long now = System.nanoTime();
        boolean steady =
                looked && now - lookedNanos < Duration.ofMillis(3 * pauseMs).toNanos();
        looked = true;
        lookedNanos = now;
        if (steady && leases.take(LEASE, servers.id(), LEASE_SECONDS)) {
            try {
                endSilent(minutes);
            } finally {
                lookedNanos = System.nanoTime();
                leases.release(LEASE, servers.id());
            }
        }
    }

    private void endSilent(int minutes) {
        long sinceUs = bodies.nowUs() - minutes * 60_000_000L;
        var reason = "No word from its agent for " + minutes + (minutes == 1 ? " minute." : " minutes.");
        Working last = null;
        while (true) {
            var page = silent.after(last, PAGE);
            for (var one : page) {
                if (one.heardUs() < sinceUs) {
                    end(one.sessionId(), sinceUs, reason);
                }
            }
            if (page.size() < PAGE || !leases.take(LEASE, servers.id(), LEASE_SECONDS)) {
                return;
            }
            last = page.get(PAGE - 1);
        }
    }

    private void end(String sessionId, long sinceUs, String reason) {
        Outcome outcome;
        do {
            outcome = failures.twice(() -> service.timeOut(sessionId, sinceUs, reason));
        } while (outcome == Outcome.MORE);
        if (outcome == Outcome.TIMED_OUT) {
            metrics.count(Metric.ORPHANED_SESSIONS);
            LOG.log(Level.INFO, "Session {0} timed out: {1}", sessionId, reason);
        }
    }
}
