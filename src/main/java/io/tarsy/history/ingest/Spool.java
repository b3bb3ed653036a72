package io.tarsy.history.ingest;

import io.tarsy.history.config.ConfigKey;
import io.tarsy.history.config.Settings;
import io.tarsy.history.database.Backlog;
import io.tarsy.history.database.FailureDiagnosis;
import io.tarsy.history.http.Bodies;
import io.tarsy.history.http.Correlation;
import io.tarsy.history.http.Gate;
import io.tarsy.history.http.Problem;
import io.tarsy.history.http.ProblemException;
import io.tarsy.history.metrics.Metric;
import io.tarsy.history.metrics.Metrics;
import io.tarsy.history.session.Inbox;
import io.tarsy.history.session.Recorded;
import io.tarsy.history.session.Recorded.Outcome;
import io.tarsy.history.session.Write;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps writes on disk while the database is away. As long as it holds any, whatever comes queues behind them, so that
 * nothing overtakes; when it is empty, writes go to the database directly.
 *
 * <p>No lock is needed between the two ways: a write counts from before it is acknowledged until after it is applied,
 * so whoever finds the spool empty has nothing before itself that somebody was told of.
 */
@ApplicationScoped
public class Spool implements Inbox, Backlog {
    private static final Logger LOG = System.getLogger(Spool.class.getName());
    private static final String DEFAULT_FOLDER = "history-spool";
    private static final long AGAIN_AFTER_US = 1_000_000;
    private static final long MEBIBYTE = 1_048_576;

    @Inject
    Settings settings;

    @Inject
    Gate gate;

    @Inject
    Bodies bodies;

    @Inject
    FailureDiagnosis failures;

    @Inject
    Metrics metrics;

    private volatile @Nullable Files files;
    private volatile String reason = "The spool is switched off.";
    private volatile boolean stopped;
    private volatile boolean full;
    private long triedUs;

    /** The files, once they are open. */
    record Files(SpoolFolder folder, Rejections rejections) {}

    void begin(@Observes @Initialized(ApplicationScoped.class) Object application) {
        metrics.gauge(Metric.SPOOL_DEPTH, this::depth);
        metrics.gauge(Metric.SPOOL_BYTES, this::bytes);
        files();
    }

    @Override
    public boolean enabled() {
        return settings.flag(ConfigKey.HISTORY_SPOOL_ENABLED) && settings.flag(ConfigKey.HISTORY_ENABLED);
    }

    @Override
    public long depth() {
        var open = files;
        return open == null ? 0 : open.folder.depth();
    }

    @Override
    public long bytes() {
        var open = files;
        return open == null ? 0 : open.folder.bytes() + open.rejections.bytes();
    }

    @Override
    public long rejected() {
        var open = files;
        return open == null ? 0 : open.rejections.count();
    }

    /** Damaged files that were kept aside. */
    int corrupt() {
        var open = files;
        return open == null ? 0 : open.folder.corrupt();
    }

    /** The most that it may hold. */
    long maxBytes() {
        return settings.number(ConfigKey.HISTORY_SPOOL_MAX_MEGABYTES) * MEBIBYTE;
    }

    /** Whether it still holds writes and had no room for the last one that came. */
    boolean isFull() {
        return full && depth() > 0;
    }

    /** Why nothing can be kept now, or null. */
    @Nullable
    String trouble() {
        var open = files;
        return open == null ? reason : open.folder.broken();
    }

    @Override
    public boolean isOpen() {
        return files() != null;
    }

    /** The open files; opening is tried again each second, since another server may have ended meanwhile. */
    @Nullable
    Files files() {
        var open = files;
        return open != null || stopped || !enabled() ? open : opened();
    }

    private synchronized @Nullable Files opened() {
        long now = bodies.nowUs();
        if (files != null || stopped || now - triedUs < AGAIN_AFTER_US) {
            return files;
        }
        triedUs = now;
        try {
            var path = path();
            var folder = new SpoolFolder(path, maxBytes());
            files = new Files(folder, new Rejections(path, folder.id()));
            LOG.log(
                    Level.INFO,
                    "Writes are kept in {0} while the database is away; {1} wait there now",
                    path,
                    folder.depth());
        } catch (IOException | InvalidPathException unusable) {
            var why = "The spool cannot be used: " + unusable.getMessage();
            LOG.log(why.equals(reason) ? Level.DEBUG : Level.ERROR, why, unusable);
            reason = why;
        }
        return files;
    }

    private Path path() {
        var base = settings.text(ConfigKey.HISTORY_WORKING_DIRECTORY);
        var given = settings.text(ConfigKey.HISTORY_SPOOL_DIRECTORY);
        return Path.of(base == null ? "" : base)
                .resolve(given == null ? DEFAULT_FOLDER : given)
                .toAbsolutePath()
                .normalize();
    }

    /** Whether the database may be asked now: nothing waits before, and it is not known to be away. */
    boolean isPassable() {
        if (depth() > 0) {
            return false;
        }
        try {
            gate.require();
            return true;
        } catch (ProblemException closed) {
            LOG.log(Level.DEBUG, "A write is kept", closed);
            return false;
        }
    }

    @Override
    public Recorded take(Write write, Supplier<Recorded> directly) {
        if (isPassable()) {
            try {
                return directly.get();
            } catch (RuntimeException failed) {
                if (!failures.isAway(failed)) {
                    throw failed;
                }
                LOG.log(Level.DEBUG, "A write that failed is kept", failed);
            }
        }
        write.check(settings.number(ConfigKey.HISTORY_MAX_MESSAGES));
        long position = keep(List.of(write));
        return new Recorded(Outcome.SPOOLED, write.id(), json -> {
            json.writeStartObject();
            json.writeStringField("status", Outcome.SPOOLED.word());
            json.writeStringField(write.kind().id(), write.id());
            if (write.sessionId() != null && !write.kind().id().equals("session_id")) {
                json.writeStringField("session_id", write.sessionId());
            }
            json.writeNumberField("spool_position", position);
            json.writeNumberField("spool_depth", depth());
            json.writeEndObject();
        });
    }

    /**
     * Keeps checked writes, all or none.
     *
     * @return the position of the last
     * @throws ProblemException 503
     */
    long keep(List<Write> writes) {
        var open = files;
        if (open == null) {
            throw Problem.DATABASE_UNAVAILABLE.with("The database is away. " + reason);
        }
        try {
            long last = open.folder.append(
                    writes.stream()
                            .map(write -> Entry.of(
                                    write.body().receivedUs(), write.body().spareId(), Correlation.id(), write.line()))
                            .toList(),
                    open.rejections.bytes());
            full = false;
            return last;
        } catch (SpoolFolder.FullException noRoom) {
            LOG.log(Level.DEBUG, "A write is not kept", noRoom);
            full = true;
            throw Problem.SPOOL_FULL.with("The database is away or catching up, and the spool is full.");
        } catch (IOException failed) {
            throw Problem.DATABASE_UNAVAILABLE.with("The database is away, and the spool takes nothing.", failed);
        }
    }

    @PreDestroy
    synchronized void close() {
        stopped = true;
        var open = files;
        files = null;
        reason = "The server is stopping.";
        if (open != null) {
            try {
                open.folder.close();
            } catch (IOException failed) {
                LOG.log(Level.WARNING, "The spool did not close cleanly", failed);
            }
        }
    }
}
