package io.tarsy.history.ingest;

import io.tarsy.history.database.FailureDiagnosis;
import io.tarsy.history.database.Recurring;
import io.tarsy.history.http.Bodies;
import io.tarsy.history.http.Gate;
import io.tarsy.history.http.Problem;
import io.tarsy.history.http.ProblemException;
import io.tarsy.history.ingest.Rejections.Rejected;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Applies what the spool holds, in order, as soon as the database answers. What is refused then was accepted before, so
 * it is put down beside the spool.
 */
@ApplicationScoped
public class SpoolDrain {
    private static final Logger LOG = System.getLogger(SpoolDrain.class.getName());
    private static final Duration LOOKS_EVERY = Duration.ofMillis(500);
    private static final int BUNDLE_WRITES = 200;
    private static final int BUNDLE_BYTES = 1_048_576;
    private static final int TRIES = 5;

    @Inject
    Spool spool;

    @Inject
    SpoolService service;

    @Inject
    FailureDiagnosis failures;

    @Inject
    Gate gate;

    @Inject
    Bodies bodies;

    @Inject
    Recurring recurring;

    private volatile boolean stopping;
    private long unexpectedAt;
    private int unexpected;

    void begin(@Observes @Initialized(ApplicationScoped.class) Object application) {
        if (spool.enabled()) {
            recurring.every(LOOKS_EVERY, "application of the spool", this::turn);
        }
    }

    @PreDestroy
    void stop() {
        stopping = true;
    }

    /** Applies whatever is there, until nothing is left or the database is away again. */
    void turn() {
        var files = spool.files();
        if (files == null || files.folder().depth() == 0 || isClosed()) {
            return;
        }
        try {
            drain(files);
        } catch (IOException damaged) {
            LOG.log(Level.ERROR, "The spool's folder cannot be read or written; what it holds waits", damaged);
        } catch (RuntimeException failed) {
            if (!isToBeWaitedOut(failed)) {
                throw failed;
            }
            LOG.log(Level.DEBUG, "The spool waits for the database", failed);
        }
    }

    private boolean isClosed() {
        try {
            gate.require();
            return false;
        } catch (ProblemException away) {
            LOG.log(Level.DEBUG, "The spool waits for the database", away);
            return true;
        }
    }

    private void drain(Spool.Files files) throws IOException {
        var folder = files.folder();
        long done = service.applied(folder.id());
        if (done >= folder.next()) {
            LOG.log(
                    Level.WARNING,
                    "The database has applied more of this spool than the folder ever held: all of it is applied again");
            done = 0;
        }
        long applied = 0;
        while (!stopping) {
            var entries = folder.next(BUNDLE_WRITES, BUNDLE_BYTES);
            if (entries.isEmpty()) {
                break;
            }
            apply(files, after(done, entries));
            folder.applied(entries);
            applied += entries.size();
        }
        LOG.log(Level.INFO, "{0} writes of the spool were applied; {1} are left", applied, folder.depth());
    }

    private static List<Entry> after(long done, List<Entry> entries) {
        return entries.stream().filter(entry -> entry.position() > done).toList();
    }

    private void apply(Spool.Files files, List<Entry> entries) throws IOException {
        if (entries.isEmpty()) {
            return;
        }
        try {
            store(files, entries);
        } catch (RuntimeException failed) {
            throwOfDisk(failed);
            if (isToBeWaitedOut(failed)) {
                throw failed;
            }
            LOG.log(Level.DEBUG, "A bundle of the spool is applied one by one", failed);
            for (var entry : entries) {
                applyOne(files, entry);
            }
        }
    }

    private void applyOne(Spool.Files files, Entry entry) throws IOException {
        try {
            failures.twice(() -> store(files, List.of(entry)));
        } catch (RuntimeException failed) {
            throwOfDisk(failed);
            if (isToBeWaitedOut(failed) || isToBeTriedAgain(entry, failed)) {
                throw failed;
            }
            var known = failures.of(failed);
            var problem = known == null ? Problem.UNEXPECTED.with("The server's log tells more.", failed) : known;
            reject(files, List.of(new Rejected(entry, idOf(entry), problem)));
            service.passed(files.folder().id(), entry.position());
        }
    }

    private List<Result> store(Spool.Files files, List<Entry> entries) {
        var lines = entries.stream().map(entry -> entry.read(bodies)).toList();
        long last = entries.get(entries.size() - 1).position();
        return service.store(files.folder().id(), lines, last, results -> {
            var rejected = new ArrayList<Rejected>();
            for (int at = 0; at < entries.size(); at++) {
                var problem = results.get(at).problem();
                if (problem != null) {
                    rejected.add(new Rejected(entries.get(at), idOf(entries.get(at)), problem));
                }
            }
            try {
                reject(files, rejected);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        });
    }

    /** A refusal that could not be put down is hidden in what the container makes of it. */
    private static void throwOfDisk(RuntimeException failed) throws IOException {
        for (Throwable at = failed; at != null; at = at.getCause()) {
            if (at instanceof UncheckedIOException ofDisk) {
                throw ofDisk.getCause();
            }
        }
    }

    /** What its sender was told; a line that can no longer be read has only what we would have called it. */
    private String idOf(Entry entry) {
        var write = entry.read(bodies).write();
        return write == null ? entry.spareId() : write.id();
    }

    private void reject(Spool.Files files, List<Rejected> rejected) throws IOException {
        if (rejected.isEmpty()) {
            return;
        }
        files.rejections().add(rejected, bodies.nowUs());
        for (var one : rejected) {
            LOG.log(
                    Level.WARNING,
                    "Request " + one.entry().correlationId() + ": its write " + one.id()
                            + " was accepted into the spool and is refused now: "
                            + one.problem().detail() + " It is kept in " + Rejections.FILE + ".",
                    one.problem().getCause());
        }
    }

    /** Whether the same may succeed later without anybody doing anything about it. */
    private boolean isToBeWaitedOut(RuntimeException failed) {
        var problem = failures.of(failed);
        return stopping
                || failures.isAway(failed)
                || (problem != null && problem.problem().status() >= 429);
    }

    /** What nobody foresaw may be the server's own trouble: it is refused only when it fails again and again. */
    private boolean isToBeTriedAgain(Entry entry, RuntimeException failed) {
        if (failures.of(failed) != null) {
            return false;
        }
        unexpected = entry.position() == unexpectedAt ? unexpected + 1 : 1;
        unexpectedAt = entry.position();
        return unexpected < TRIES;
    }
}
