package io.tarsy.history.database;

import io.tarsy.history.database.Database.State;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready means: the database answered just now, or history is switched off and there is none to ask. */
@Readiness
@ApplicationScoped
public class DatabaseReadiness implements HealthCheck {
    @Inject
    Database database;

    @Inject
    Probe probe;

    @Override
    public HealthCheckResponse call() {
        var answer = HealthCheckResponse.named("database");
        if (database.state() == State.DISABLED) {
            return answer.up().withData("reason", "history is disabled").build();
        }
        boolean up = probe.answers();
        var reason = up ? "The database answers." : whyNot();
        return answer.status(up)
                .withData("type", database.name())
                .withData("reason", reason)
                .build();
    }

    private String whyNot() {
        var fault = database.fault();
        if (database.state() != State.READY) {
            return database.reason();
        }
        return fault == null ? "The database was not asked for a while." : "It takes no writes: " + fault;
    }
}
