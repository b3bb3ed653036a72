package io.tarsy.history.retention;

import io.tarsy.history.database.Reader;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The runs that are on record. */
@ApplicationScoped
public class RetentionRuns {
    private static final String SELECT = "select run_id, cause, server_name, state, started_at_us, finished_at_us,"
            + " cutoff_us, sessions_deleted, rows_deleted, bytes_deleted, archive, error from retention_runs ";
    private static final String NEWEST = "order by started_at_us desc, run_id desc limit ";

    @Inject
    Reader reader;

    /** The newest runs that began before some time, newest first. */
    List<RetentionRun> before(long beforeUs, int most) {
        return reader.list(SELECT + "where started_at_us < ? " + NEWEST + most, RetentionRun::of, beforeUs);
    }

    @Nullable
    RetentionRun last() {
        return reader.first(SELECT + NEWEST + "1", RetentionRun::of);
    }

    /** The one that runs, wherever. */
    @Nullable
    RetentionRun running() {
        var last = last();
        return last != null && last.state().equals(RetentionRun.State.RUNNING.word()) ? last : null;
    }

    @Nullable
    RetentionRun of(String runId) {
        return reader.first(SELECT + "where run_id = ?", RetentionRun::of, runId);
    }
}
