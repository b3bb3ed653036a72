package io.tarsy.history.ingest;

import io.tarsy.history.database.FailureDiagnosis;
import io.tarsy.history.http.Correlation;
import io.tarsy.history.http.Problem;
import io.tarsy.history.http.ProblemException;
import io.tarsy.history.session.Write;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Stores one batch: while one bundle is stored, the records of the next are made by another thread. Once the database is away nothing more is tried, and every line
 * left is said to be rejected.
 */
final class Batch {
    private static final Logger LOG = System.getLogger(Batch.class.getName());

    private final BatchService service;
    private final FailureDiagnosis failures;
    private final ExecutorService executor;
    private final Spool spool;
    private final int maxMessages;
    private boolean anythingStored;
    private @Nullable ProblemException outage;

    Batch(BatchService service, FailureDiagnosis failures, ExecutorService executor, Spool spool, int maxMessages) {
        this.service = service;
        this.failures = failures;
        this.executor = executor;
        this.spool = spool;
        this.maxMessages = maxMessages;
    }

    /**
     * Stores all lines.
     *
     * @throws RuntimeException if the database is away from the very first line on
     */
    void store(Lines lines, Results results) throws IOException {
        for (var records = records(lines.next()); records != null; ) {
            var following = records(lines.next());
            results.add(store(made(records)));
            records = following;
        }
    }

    private @Nullable FutureTask<List<Line>> records(List<Supplier<@Nullable Line>> bundle) {
        Callable<List<Line>> making = () -> {
            var lines = new ArrayList<Line>(bundle.size());
            for (var one : bundle) {
                var line = one.get();
                if (line != null) {
                    lines.add(line);
                }
            }
            return lines;
        };
        if (bundle.isEmpty()) {
            return null;
        }
        var task = new FutureTask<>(making);
        try {
            executor.execute(task);
        } catch (RejectedExecutionException busy) {
            LOG.log(Level.DEBUG, "No other thread makes records now", busy);
        }
        return task;
    }

    private static List<Line> made(FutureTask<List<Line>> records) throws IOException {
        records.run(); // does nothing if the other thread has begun
        try {
            return records.get();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("The server is stopping.");
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException known
                    ? known
                    : new IllegalStateException("The records could not be made.", failed.getCause());
        }
    }

    private List<Result> store(List<Line> bundle) {
        if (bundle.isEmpty()) {
            return List.of();
        }
        if (outage != null) {
            return allRejected(bundle, outage);
        }
        boolean keeps = spool.isOpen();
        if (keeps && !spool.isPassable()) {
            return kept(bundle);
        }
        try {
            var stored = service.store(bundle);
            anythingStored = true;
            return stored;
        } catch (RuntimeException failed) {
            if (keeps && failures.isAway(failed)) {
                return kept(bundle);
            }
            if (failures.isOutage(failed)) {
                return away(bundle, failed);
            }
            LOG.log(Level.DEBUG, "A bundle of a batch is stored line by line", failed);
            return oneByOne(bundle);
        }
    }

    private List<Result> oneByOne(List<Line> bundle) {
        var results = new ArrayList<Result>(bundle.size());
        for (var line : bundle) {
            if (outage != null) {
                results.add(Result.rejected(line, outage));
                continue;
            }
            try {
                results.addAll(failures.twice(() -> service.store(List.of(line))));
                anythingStored = true;
            } catch (RuntimeException failed) {
                if (spool.isOpen() && failures.isAway(failed)) {
                    results.addAll(kept(List.of(line)));
                } else if (failures.isOutage(failed)) {
                    results.addAll(away(List.of(line), failed));
                } else {
                    results.add(Result.rejected(line, problem(failed)));
                }
            }
        }
        return results;
    }

    /** Leaves a bundle to the spool; once that takes no more, every line left is rejected. */
    private List<Result> kept(List<Line> bundle) {
        var results = new ArrayList<Result>(bundle.size());
        var writes = new ArrayList<Write>(bundle.size());
        for (var line : bundle) {
            try {
                var write = line.needed();
                write.check(maxMessages);
                writes.add(write);
                results.add(Result.spooled(line, write.id()));
            } catch (ProblemException refused) {
                results.add(Result.rejected(line, refused));
            }
        }
        if (writes.isEmpty()) {
            return results;
        }
        try {
            spool.keep(writes);
            anythingStored = true;
            return results;
        } catch (ProblemException noRoom) {
            return away(bundle, noRoom);
        }
    }

    private List<Result> away(List<Line> lines, RuntimeException failed) {
        if (!anythingStored) {
            throw failed;
        }
        outage = problem(failed);
        LOG.log(Level.WARNING, "Request " + Correlation.id() + ": the database went away during a batch", failed);
        return allRejected(lines, outage);
    }

    private ProblemException problem(RuntimeException failed) {
        var known = failed instanceof ProblemException problem ? problem : failures.of(failed);
        if (known != null) {
            return known;
        }
        LOG.log(Level.ERROR, "Request " + Correlation.id() + ": a line of a batch could not be stored", failed);
        return Problem.UNEXPECTED.with("The server's log tells more under the correlation id.");
    }

    private static List<Result> allRejected(List<Line> lines, ProblemException problem) {
        return lines.stream()
                .map(line -> Result.rejected(line, line.problem() == null ? problem : line.problem()))
                .toList();
    }
}
