package io.tarsy.history.ops;

import io.tarsy.history.config.ConfigKey;
import io.tarsy.history.config.Settings;
import io.tarsy.history.database.Backlog;
import io.tarsy.history.database.Check;
import io.tarsy.history.database.Check.Finding;
import io.tarsy.history.database.Checks;
import io.tarsy.history.database.Database;
import io.tarsy.history.database.Inspector;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether what is done from time to time is done: retention, backups, the spool. */
@ApplicationScoped
public class UpkeepChecks implements Checks {
    private static final long MEBIBYTE = 1024 * 1024;
    private static final long WORTH_A_BACKUP_BYTES = 64 * MEBIBYTE;
    private static final Duration STUCK_AFTER = Duration.ofMinutes(10);

    /** Through an index of both databases; held sessions are few. */
    private static final String OLDEST_DUE = "select completed_at_us as answer from alert_sessions"
            + " where coalesce(completed_at_us, -9223372036854775807) > 0"
            + " and coalesce(completed_at_us, -9223372036854775807) < ? and not retention_hold"
            + " order by coalesce(completed_at_us, -9223372036854775807) limit 1";

    private static final String LAST_RUN = "select state, started_at_us, progress_at_us, sessions_deleted, error"
            + " from retention_runs order by started_at_us desc, run_id desc limit 1";

    @Inject
    Settings settings;

    @Inject
    Database database;

    @Inject
    Instance<Backlog> backlogs;

    @Inject
    Clock clock;

    /**
     * The last run of retention.
     *
     * @param state how it ended
     * @param started when it began
     * @param progress when it was last heard of
     * @param deleted sessions it deleted
     * @param error why it failed, or null
     */
    record Run(
            String state,
            Instant started,
            Instant progress,
            long deleted,
            @Nullable String error) {}

    @Override
    public List<Check> list() {
        return List.of(
                Check.ofDatabase(
                        "retention_overdue",
                        "Old sessions are deleted in time",
                        "When retention does not run, the database grows until the disk is full.",
                        this::overdue),
                Check.ofDatabase(
                        "retention_last_run",
                        "The last run of retention went well",
                        "A run that fails deletes nothing, or less than it should.",
                        inspector -> lastRun(run(inspector), clock.instant())),
                Check.ofMachine(
                        "backup",
                        "There is a recent backup",
                        "A lost or damaged file is history that is gone.",
                        this::backup),
                Check.ofMachine(
                        "spool",
                        "No write waits in the spool",
                        "Writes in the spool were acknowledged, but nobody can read them yet.",
                        this::spool));
    }

    private static @Nullable Run run(Inspector inspector) {
        if (!inspector.hasTable("retention_runs")) {
            return null;
        }
        return inspector.first(
                LAST_RUN,
                row -> new Run(
                        row.needed("state"),
                        instant(row.count("started_at_us")),
                        instant(row.count("progress_at_us")),
                        row.count("sessions_deleted"),
                        row.text("error")));
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private Finding overdue(Inspector inspector) {
        int days = settings.number(ConfigKey.HISTORY_RETENTION_DAYS);
        if (days == 0) {
            return Finding.skipped("HISTORY_RETENTION_DAYS is 0: nothing is deleted for its age.");
        }
        var now = clock.instant();
        long cutoff = ChronoUnit.MICROS.between(Instant.EPOCH, now.minus(Duration.ofDays(days)));
        var oldest = inspector.hasTable("retention_runs")
                ? inspector.first(OLDEST_DUE, row -> instant(row.count("answer")), cutoff)
                : null;
        var run = run(inspector);
        var since = Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime());
        var last = run == null || run.started().isBefore(since) ? since : run.started();
        return overdue(
                oldest, last, now, Duration.ofHours(settings.number(ConfigKey.HISTORY_RETENTION_INTERVAL_HOURS)));
    }

    /**
     * Overdue is what should have been deleted two runs ago.
     *
     * @param oldest when the oldest session that is due ended, or null if none is
     * @param last when the last run began, or this server, if that was later
     */
    static Finding overdue(@Nullable Instant oldest, Instant last, Instant now, Duration interval) {
        if (oldest == null) {
            return Finding.ok("Nothing is due.");
        }
        var ago = Duration.between(last, now);
        return Finding.okIf(
                ago.compareTo(interval.multipliedBy(2)) <= 0,
                "The oldest session that is due ended at %s; the last run, or the start of this server, was %d hours ago; one is made every %d hours."
                        .formatted(oldest.truncatedTo(ChronoUnit.SECONDS), ago.toHours(), interval.toHours()),
                "Look at the log for why retention does not run, and at the last runs.");
    }

    static Finding lastRun(@Nullable Run run, Instant now) {
        if (run == null) {
            return Finding.ok("There was none yet.");
        }
        var detail = "It began at %s, is %s and deleted %d sessions."
                .formatted(run.started().truncatedTo(ChronoUnit.SECONDS), run.state(), run.deleted());
        if (run.state().equals("failed")) {
            return Finding.fail(
                    detail + " It failed: " + run.error(),
                    "Remove the cause; the next run goes on where this one stopped.");
        }
        boolean stuck = run.state().equals("running")
                && Duration.between(run.progress(), now).compareTo(STUCK_AFTER) > 0;
        return Finding.okIf(
                !stuck,
                stuck
                        ? detail + " Nothing was heard of it since "
                                + run.progress().truncatedTo(ChronoUnit.SECONDS)
                        : detail,
                "Look at the log of the server that made it; another one goes on with it.");
    }

    private Finding backup() {
        var file = database.chosen().sqliteFile();
        if (file == null) {
            return Finding.skipped("The program makes backups of SQLite files only; PostgreSQL has its own tools.");
        }
        var interval = Duration.ofHours(settings.number(ConfigKey.HISTORY_BACKUP_INTERVAL_HOURS));
        Path folder = Backups.folder(settings, file);
        try {
            var newest = Backups.newest(folder).map(Backups.Backup::at).orElse(null);
            var since =
                    Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime());
            return backup(
                    newest, since, clock.instant(), interval, file.toFile().length());
        } catch (IOException unreadable) {
            return Finding.warn(
                    "The folder " + folder + " cannot be read: " + unreadable.getMessage(),
                    "Give this user the right to read and write it.");
        }
    }

    /**
     * Whether the newest backup is new enough.
     *
     * @param newest when it was made, or null if there is none
     * @param since when this server was started
     */
    static Finding backup(@Nullable Instant newest, Instant since, Instant now, Duration interval, long bytes) {
        var detail = newest == null
                ? "There is no backup."
                : "The newest backup is %d hours old."
                        .formatted(Duration.between(newest, now).toHours());
        if (interval.isZero()) {
            return Finding.okIf(
                    newest != null || bytes < WORTH_A_BACKUP_BYTES,
                    detail + " The server makes none by itself; the file has " + bytes / MEBIBYTE + " MiB.",
                    "Set HISTORY_BACKUP_INTERVAL_HOURS, for example to 24.");
        }
        var last = newest == null ? since : newest;
        return Finding.okIf(
                Duration.between(last, now).compareTo(interval.multipliedBy(2)) <= 0,
                detail + " One is made every " + interval.toHours() + " hours.",
                "Look at the log for why the backup fails, and whether its disk is full.");
    }

    private Finding spool() {
        for (var backlog : backlogs) {
            if (backlog.enabled()) {
                return spool(backlog.depth(), backlog.bytes(), backlog.rejected());
            }
        }
        return Finding.skipped("HISTORY_SPOOL_ENABLED is false.");
    }

    static Finding spool(long depth, long bytes, long rejected) {
        var detail = "%d writes wait, in %d bytes; %d were refused when they were applied."
                .formatted(depth, bytes, rejected);
        return Finding.okIf(
                depth == 0 && rejected == 0,
                detail,
                rejected == 0
                        ? "They are applied by themselves as soon as the database answers."
                        : "Look at the refused writes in the folder of the spool; they are kept there.");
    }
}
