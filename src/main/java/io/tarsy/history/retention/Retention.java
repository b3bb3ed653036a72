package io.tarsy.history.retention;

import io.tarsy.history.config.Settings;
import io.tarsy.history.database.FailureDiagnosis;
import io.tarsy.history.database.LeaseService;
import io.tarsy.history.database.Recurring;
import io.tarsy.history.database.Servers;
import io.tarsy.history.database.Space;
import io.tarsy.history.http.Bodies;
import io.tarsy.history.http.Problem;
import io.tarsy.history.http.ProblemException;
import io.tarsy.history.metrics.Metrics;
import io.tarsy.history.session.ExpiredSessions;
import io.tarsy.history.session.SessionRecords;
import io.tarsy.history.session.SessionRemovalService;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** When retention runs, and that only one run does, on whichever server. */
@ApplicationScoped
public class Retention {
    /** The lease of whoever runs retention. */
    static final String LEASE = "retention";

    private static final Duration LOOKS_EVERY = Duration.ofSeconds(10);
    private static final int LEASE_SECONDS = 60;
    private static final int LONGEST_REASON = 500;

    @Inject
    Settings settings;

    @Inject
    Recurring recurring;

    @Inject
    Servers servers;

    @Inject
    LeaseService leases;

    @Inject
    RetentionRunService service;

    @Inject
    RetentionRuns runs;

    @Inject
    ExpiredSessions expired;

    @Inject
    SessionRemovalService removal;

    @Inject
    SessionRecords records;

    @Inject
    Space space;

    @Inject
    Metrics metrics;

    @Inject
    FailureDiagnosis failures;

    @Inject
    Bodies bodies;

    @Resource
    @SuppressWarnings("NullAway.Init")
    ManagedExecutorService executor;

    private long startedUs;
    private @Nullable RetentionWork current;

    void begin(@Observes @Initialized(ApplicationScoped.class) Object application) {
        startedUs = bodies.nowUs();
        recurring.every(LOOKS_EVERY, "look whether retention is due", this::runIfDue);
    }

    RetentionPolicy policy() {
        return RetentionPolicy.of(settings);
    }

    /** When the next scheduled run is due, or null if nothing is ever deleted. */
    @Nullable
    Long dueUs(@Nullable RetentionRun last) {
        var policy = policy();
        if (policy.keepsAll()) {
            return null;
        }
        return (last == null ? startedUs : last.startedAtUs())
                + policy.interval().toMillis() * 1_000;
    }

    private void runIfDue() {
        var due = dueUs(runs.last());
        if (due != null && due <= bodies.nowUs() && free() && takeLease()) {
            start("schedule");
        }
    }

    /**
     * What a run would delete now.
     *
     * @param most sessions that are counted; more are said to be more
     */
    RetentionPreview preview(long most) {
        return RetentionPreview.of(plan(), expired, most);
    }

    private RetentionPlan plan() {
        return RetentionPlan.of(policy(), bodies.nowUs(), expired);
    }

    /**
     * Begins a run in the background.
     *
     * @return its id
     * @throws ProblemException 409 where one runs, here or on another server
     */
    String request() {
        if (!free() || !takeLease()) {
            throw taken();
        }
        return start("request");
    }

    private ProblemException taken() {
        var running = runs.running();
        return Problem.CONFLICT.with(
                running == null
                        ? "Another run of retention is about to begin or end."
                        : "Run " + running.runId() + " of retention runs on " + running.serverName() + ".");
    }

    private synchronized boolean free() {
        return current == null;
    }

    /** Takes the lease, or holds it for longer. */
    boolean takeLease() {
        return leases.take(
                LEASE, servers.id(), LEASE_SECONDS + (int) (2 * policy().pause().toSeconds()));
    }

    private synchronized String start(String cause) {
        if (current != null) {
            throw taken();
        }
        var policy = policy();
        var runId = UUID.randomUUID().toString();
        try {
            var plan = plan();
            var archive = policy.archive() == null
                    ? null
                    : Archive.folder(policy.archive(), runId).toString();
            service.begin(runId, cause, servers.name(), plan.cutoffUs(), archive);
            var work = new RetentionWork(this, policy, runId, plan);
            current = work;
            executor.execute(() -> run(work));
            return runId;
        } catch (RuntimeException failed) {
            current = null;
            leases.release(LEASE, servers.id());
            throw failed;
        }
    }

    private void run(RetentionWork work) {
        try {
            work.run();
        } finally {
            try {
                leases.release(LEASE, servers.id());
            } finally {
                synchronized (this) {
                    current = null;
                }
            }
        }
    }

    /**
     * Pauses a run, wherever it runs.
     *
     * @throws ProblemException 404, 409 if it does not run
     */
    void pause(String runId) {
        if (!service.pause(runId)) {
            var run = needed(runId);
            throw Problem.CONFLICT.with("Run " + runId + " does not run; it is " + run.state() + ".");
        }
        synchronized (this) {
            if (current != null && current.runId().equals(runId)) {
                current.pause();
            }
        }
    }

    /** The run, or 404. */
    RetentionRun needed(String runId) {
        var run = runs.of(runId);
        if (run == null) {
            throw Problem.NOT_FOUND.with("Run " + runId + " of retention not found");
        }
        return run;
    }

    /** Why a run failed, in words for an operator. */
    String reason(Exception failed) {
        var known = failures.of(failed);
        var text = known == null ? failed.toString() : known.getMessage();
        var line = String.valueOf(text).lines().findFirst().orElse("");
        return line.length() > LONGEST_REASON ? line.substring(0, LONGEST_REASON) : line;
    }

    /** While the database can still be used: what has been deleted so far is recorded, and the next run goes on. */
    void beforeTheEnd(@Observes @BeforeDestroyed(ApplicationScoped.class) Object application) {
        stop();
    }

    @PreDestroy
    void stop() {
        RetentionWork running;
        synchronized (this) {
            running = current;
        }
        if (running != null) {
            running.stop();
        }
    }
}
