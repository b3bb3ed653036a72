package io.tarsy.history.retention;

import io.tarsy.history.http.Bodies;
import io.tarsy.history.retention.RetentionRun.State;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import org.jspecify.annotations.Nullable;

/** Records runs of retention. */
@Stateless
public class RetentionRunService {
    private static final String COUNTS =
            "progress_at_us = ?1, sessions_deleted = ?2, rows_deleted = ?3, bytes_deleted = ?4";

    @Inject
    EntityManager entities;

    @Inject
    Bodies bodies;

    /**
     * What a run has deleted so far.
     *
     * @param sessions that are gone
     * @param rows that are gone, those of sessions that are not gone yet too
     * @param bytes of the texts of those sessions
     */
    public record Deleted(long sessions, long rows, long bytes) {}

    /** Records that a run begins. Whoever begins one holds the lease, so one that seems to run still is left over. */
    public void begin(
            String runId, String cause, String serverName, @Nullable Long cutoffUs, @Nullable String archive) {
        long now = bodies.nowUs();
        entities.createNativeQuery("update retention_runs set state = 'failed', finished_at_us = ?1,"
                        + " error = 'The server that ran it ended, or lost its lease.' where state = 'running'")
                .setParameter(1, now)
                .executeUpdate();
        entities.createNativeQuery("insert into retention_runs"
                        + " (run_id, cause, server_name, state, started_at_us, progress_at_us, cutoff_us, archive)"
                        + " values (?1, ?2, ?3, 'running', ?4, ?4, " + (cutoffUs == null ? "null" : cutoffUs)
                        + ", nullif(?5, ''))")
                .setParameter(1, runId)
                .setParameter(2, cause)
                .setParameter(3, serverName)
                .setParameter(4, now)
                .setParameter(5, archive == null ? "" : archive)
                .executeUpdate();
    }

    /** Records how far a run has come; false if somebody has paused it, or taken it for dead. */
    public boolean progress(String runId, Deleted deleted) {
        return counted("update retention_runs set " + COUNTS + " where run_id = ?5 and state = 'running'", deleted)
                        .setParameter(5, runId)
                        .executeUpdate()
                > 0;
    }

    /** Pauses a run; whoever runs it finds that out. False if it does not run. */
    public boolean pause(String runId) {
        return entities.createNativeQuery("update retention_runs set state = 'paused', finished_at_us = ?1"
                                + " where run_id = ?2 and state = 'running'")
                        .setParameter(1, bodies.nowUs())
                        .setParameter(2, runId)
                        .executeUpdate()
                > 0;
    }

    /** Records how a run ended. */
    public void finish(String runId, State state, Deleted deleted, @Nullable String error) {
        counted(
                        "update retention_runs set " + COUNTS + ", finished_at_us = ?1,"
                                + " error = coalesce(error, nullif(?6, '')),"
                                + " state = case when state = 'running' or ?7 = 'failed' then ?7 else state end"
                                + " where run_id = ?5",
                        deleted)
                .setParameter(5, runId)
                .setParameter(6, error == null ? "" : error)
                .setParameter(7, state.word())
                .executeUpdate();
    }

    private Query counted(String sql, Deleted deleted) {
        return entities.createNativeQuery(sql)
                .setParameter(1, bodies.nowUs())
                .setParameter(2, deleted.sessions())
                .setParameter(3, deleted.rows())
                .setParameter(4, deleted.bytes());
    }
}
