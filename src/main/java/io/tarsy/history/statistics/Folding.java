package io.tarsy.history.statistics;

import io.tarsy.history.database.Lease;
import io.tarsy.history.database.LeaseService;
import io.tarsy.history.database.OneAtATime;
import io.tarsy.history.database.Reader;
import io.tarsy.history.database.Recurring;
import io.tarsy.history.database.Servers;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Adds up what writes have changed, every second and by one server; and counts everything anew where that is due. */
@ApplicationScoped
public class Folding {
    private static final System.Logger LOG = System.getLogger(Folding.class.getName());
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final int AT_ONCE = 1_000;

    @Inject
    Recurring recurring;

    @Inject
    LeaseService leases;

    @Inject
    Servers servers;

    @Inject
    StatisticsService service;

    @Inject
    Recount recount;

    @Inject
    Reader reader;

    @Resource
    @SuppressWarnings("NullAway.Init")
    ManagedExecutorService executor;

    private final OneAtATime<Rebuild> rebuilds = new OneAtATime<>();
    private @Nullable Lease lease;
    private volatile @Nullable Rebuild rebuild;

    void begin(@Observes @Initialized(ApplicationScoped.class) Object application) {
        recurring.every(EVERY, "statistics", this::turn);
    }

    private void turn() {
        var known = lease;
        if (known == null) {
            known = new Lease(leases, servers, "statistics");
            lease = known;
        }
        if (!known.isOurs() || isRebuilding()) {
            return; // asking has kept the lease for the rebuild
        }
        var state = state();
        if (state.rebuildDue) {
            rebuild = rebuilds.ask(executor, Rebuild::new, Duration.ZERO);
            return;
        }
        for (long left = state.changes; left > 0 && known.isOurs(); ) {
            left = service.fold(AT_ONCE) < AT_ONCE ? 0 : AT_ONCE;
        }
    }

    private boolean isRebuilding() {
        var last = rebuild;
        return last != null && !last.isOver;
    }

    /** One count of everything. */
    private final class Rebuild implements Runnable {
        private volatile boolean isOver;
        private volatile @Nullable String failure;

        @Override
        public void run() {
            long begun = System.nanoTime();
            try {
                LOG.log(System.Logger.Level.INFO, "The statistics are counted anew");
                recount.rebuild();
                LOG.log(
                        System.Logger.Level.INFO,
                        "The statistics were counted anew in {0} s",
                        Duration.ofNanos(System.nanoTime() - begun).toSeconds());
            } catch (RuntimeException failed) {
                failure = "It failed and is tried again; the log of server " + servers.id() + " tells why.";
                LOG.log(System.Logger.Level.WARNING, "The statistics could not be counted anew", failed);
            } finally {
                isOver = true;
            }
        }
    }

    /**
     * How far the statistics are.
     *
     * @param isComplete whether everything is counted
     * @param rebuildDue whether everything is being counted anew, or soon will be
     * @param rebuiltAtUs when that was last done, or null
     * @param changes not added up yet, at most {@link #COUNTED} and one
     */
    record State(
            boolean isComplete,
            boolean rebuildDue,
            @Nullable Long rebuiltAtUs,
            long changes) {}

    /** Changes are not counted beyond. */
    static final int COUNTED = 100_000;

    State state() {
        var found = reader.first(
                "select is_complete, rebuild_due, rebuilt_at_us, (select count(*) from (select 1 from"
                        + " statistics_changes limit " + (COUNTED + 1) + ") c) as changes from statistics_state",
                row -> new State(
                        row.flag("is_complete"),
                        row.flag("rebuild_due"),
                        row.number("rebuilt_at_us"),
                        row.count("changes")));
        if (found == null) {
            throw new IllegalStateException("The statistics have lost their one row of state.");
        }
        return found;
    }

    /** Cells that the rebuild of this server has counted, or null if none goes on here. */
    @Nullable
    Long cellsCounted() {
        return isRebuilding() ? (Long) recount.cellsCounted() : null;
    }

    /** Why the last rebuild of this server failed, or null. */
    @Nullable
    String failure() {
        var last = rebuild;
        return last == null ? null : last.failure;
    }
}
