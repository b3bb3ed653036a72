package io.tarsy.history.retention;

import io.tarsy.history.metrics.Metric;
import io.tarsy.history.retention.RetentionRun.State;
import io.tarsy.history.retention.RetentionRunService.Deleted;
import io.tarsy.history.session.Expired;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One run: deletes what the plan lets go, in small transactions with pauses between. */
final class RetentionWork implements Runnable {
    private static final Logger LOG = System.getLogger(RetentionWork.class.getName());
    private static final int PAGE = 250;
    private static final Duration PROGRESS_EVERY = Duration.ofSeconds(1);
    private static final Duration LEASE_EVERY = Duration.ofSeconds(10);

    private final Retention room;
    private final RetentionPolicy policy;
    private final String runId;
    private final RetentionPlan plan;
    private final long begunNanos = System.nanoTime();
    private final CountDownLatch ended = new CountDownLatch(1);

    private volatile boolean paused;
    private volatile boolean stopping;
    private boolean interrupted;
    private boolean cut;
    private long progressNanos = begunNanos;
    private long leaseNanos = begunNanos;
    private long archiveUntilNanos;
    private long sessions;
    private long rows;
    private long bytes;

    RetentionWork(Retention room, RetentionPolicy policy, String runId, RetentionPlan plan) {
        this.room = room;
        this.policy = policy;
        this.runId = runId;
        this.plan = plan;
    }

    String runId() {
        return runId;
    }

    /** Ends after the session that it is at. */
    void pause() {
        paused = true;
    }

    /** The server is stopping: ends after the transaction that it is in. */
    void stop() {
        paused = true;
        stopping = true;
        try {
            if (!ended.await(5, TimeUnit.SECONDS)) {
                LOG.log(Level.WARNING, "Retention run " + runId + " still runs; the next one goes on");
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void run() {
        try {
            end(work(), null);
        } catch (IOException | RuntimeException failed) {
            LOG.log(Level.ERROR, "Retention run " + runId + " failed", failed);
            end(State.FAILED, room.reason(failed));
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            ended.countDown();
        }
    }

    private void end(State state, @Nullable String error) {
        room.metrics.count(Metric.RETENTION_RUNS, state.word());
        try {
            room.service.finish(runId, state, deleted(), error);
        } catch (RuntimeException away) {
            LOG.log(Level.ERROR, "How retention run " + runId + " ended could not be recorded", away);
        }
        LOG.log(
                Level.INFO,
                "Retention run {0} {1}: {2} sessions, {3} rows deleted",
                runId,
                state.word(),
                Long.toString(sessions),
                Long.toString(rows));
    }

    private Deleted deleted() {
        return new Deleted(sessions, rows, bytes);
    }

    private State work() throws IOException {
        var archive = policy.archive() == null
                ? null
                : new Archive(policy.archive(), runId, plan.cutoffUs(), room.records, this::mayArchiveMore);
        Expired last = null;
        while (true) {
            var page = room.expired.after(last, PAGE);
            var going = page.stream().takeWhile(one -> plan.next(one) != null).toList();
            for (int from = 0; from < going.size(); ) {
                var left = going.subList(from, going.size());
                archiveUntilNanos = (elapsedNanos() + policy.budget().toNanos()) / 2;
                int stored = archive == null ? left.size() : archive.store(left);
                if (!delete(left.subList(0, stored))) {
                    return State.PAUSED;
                }
                from += stored;
            }
            if (going.size() < PAGE) {
                return givesBack() ? State.COMPLETED : State.PAUSED;
            }
            last = page.get(PAGE - 1);
        }
    }

    /** Deletes these, as many in one transaction as fit; false if the run must pause. */
    private boolean delete(List<Expired> going) {
        var together = new ArrayList<Expired>();
        long size = 0;
        for (var one : going) {
            if (size + one.rows() > policy.chunkRows()) {
                if (!together.isEmpty() && !remove(together)) {
                    return false;
                }
                together.clear();
                size = 0;
            }
            var small = shrunk(one);
            if (cut) {
                return false;
            }
            if (small != null) {
                together.add(small);
                size += small.rows();
            }
        }
        return together.isEmpty() || remove(together);
    }

    private boolean remove(List<Expired> together) {
        if (mustPause()) {
            return false;
        }
        var copy = List.copyOf(together);
        var gone = room.failures.twice(() -> room.removal.remove(copy, "retention-" + runId));
        long goneRows = gone.stream().mapToLong(Expired::rows).sum();
        sessions += gone.size();
        rows += goneRows;
        bytes += gone.stream().mapToLong(Expired::bytes).sum();
        room.metrics.add(Metric.RETENTION_SESSIONS, gone.size());
        room.metrics.add(Metric.RETENTION_ROWS, goneRows);
        rest();
        return true;
    }

    /** The session with no more rows than one transaction may delete, or null if it must stay. */
    private @Nullable Expired shrunk(Expired session) {
        // a session that is begun is brought to its end, unless the server stops
        cut = session.rows() > policy.chunkRows() && mustPause();
        var now = cut ? null : session;
        while (now != null && now.rows() > policy.chunkRows()) {
            if (stopping) {
                cut = true;
                return null;
            }
            var before = now;
            now = room.failures.twice(() -> room.removal.shrink(before, policy.chunkRows()));
            long less = now == null ? 0 : before.rows() - now.rows();
            rows += less;
            bytes += now == null ? 0 : before.bytes() - now.bytes();
            room.metrics.add(Metric.RETENTION_ROWS, less);
            rest();
        }
        return now;
    }

    private boolean givesBack() {
        while (room.space.givesBack()) {
            if (mustPause()) {
                return false;
            }
            rest();
        }
        return true;
    }

    /** A run whose time is too short for anything deletes something all the same, else none would ever end. */
    private boolean mustPause() {
        return paused || (rows > 0 && elapsedNanos() > policy.budget().toNanos());
    }

    /** Half of the time that is left when a file begins is for deleting what is in it. */
    private boolean mayArchiveMore() {
        beat();
        return !paused && elapsedNanos() < archiveUntilNanos;
    }

    private long elapsedNanos() {
        return System.nanoTime() - begunNanos;
    }

    private void rest() {
        beat();
        try {
            Thread.sleep(policy.pause().toMillis());
        } catch (InterruptedException stopped) {
            interrupted = true; // told to the thread at the end: how the run ended is still to be recorded
            paused = true;
            stopping = true;
        }
        beat();
    }

    /** Shows how far it has come, and that it still runs. */
    private void beat() {
        long now = System.nanoTime();
        if (now - progressNanos > PROGRESS_EVERY.toNanos()) {
            progressNanos = now;
            paused |= !room.service.progress(runId, deleted());
        }
        if (now - leaseNanos > LEASE_EVERY.toNanos()) {
            leaseNanos = now;
            if (!room.takeLease()) {
                throw new IllegalStateException("Another server has taken retention over.");
            }
        }
    }
}
