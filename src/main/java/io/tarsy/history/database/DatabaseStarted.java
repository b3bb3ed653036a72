package io.tarsy.history.database;

import io.tarsy.history.database.Database.State;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/** Started means: the database was opened once and its schema is this program's. */
@Startup
@ApplicationScoped
public class DatabaseStarted implements HealthCheck {
    @Inject
    Database database;

    @Override
    public HealthCheckResponse call() {
        var state = database.state();
        return HealthCheckResponse.named("started")
                .status(state == State.READY || state == State.DISABLED)
                .withData("reason", database.reason())
                .build();
    }
}
