package io.tarsy.history.ingest;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Whether writes could be kept if the database went away: not when the spool is full. Off is no fault. */
@Readiness
@ApplicationScoped
public class SpoolReadiness implements HealthCheck {
    @Inject
    Spool spool;

    @Override
    public HealthCheckResponse call() {
        var answer = HealthCheckResponse.named("spool").withData("enabled", spool.enabled());
        if (!spool.enabled()) {
            return answer.up().build();
        }
        var trouble = spool.trouble();
        boolean full = spool.isFull();
        return answer.status(!full)
                .withData("depth", spool.depth())
                .withData("bytes", spool.bytes())
                .withData("rejected", spool.rejected())
                .withData("corrupt_files", spool.corrupt())
                .withData("reason", full ? "The spool is full." : trouble == null ? "The spool takes writes." : trouble)
                .build();
    }
}
