package io.tarsy.history.live;

import io.tarsy.history.config.ConfigKey;
import io.tarsy.history.config.Settings;
import io.tarsy.history.database.LeaseService;
import io.tarsy.history.database.Recurring;
import io.tarsy.history.database.Servers;
import io.tarsy.history.http.Bodies;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Keeps events for as long as the settings say; one server does it, in small steps. */
@ApplicationScoped
public class EventPruning {
    private static final String LEASE = "event pruning";
    private static final int LEASE_SECONDS = 120;
    private static final int CHUNK = 500;
    private static final int CHUNKS_OF_A_TURN = 1_000;
    private static final long PAUSE_MS = 20;

    @Inject
    Recurring recurring;

    @Inject
    LeaseService leases;

    @Inject
    Servers servers;

    @Inject
    EventService events;

    @Inject
    Settings settings;

    @Inject
    Bodies bodies;

    void begin(@Observes @Initialized(ApplicationScoped.class) Object application) {
        recurring.every(Duration.ofMinutes(1), "pruning of events", this::prune);
    }

    private void prune() {
        long before = bodies.nowUs() - TimeUnit.HOURS.toMicros(settings.number(ConfigKey.HISTORY_EVENTS_KEEP_HOURS));
        for (int chunk = 0; chunk < CHUNKS_OF_A_TURN; chunk++) {
            if (chunk % 100 == 0 && !leases.take(LEASE, servers.id(), LEASE_SECONDS)) {
                return;
            }
            if (events.deleteBefore(before, CHUNK) < CHUNK) {
                return;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
