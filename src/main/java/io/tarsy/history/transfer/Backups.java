package io.tarsy.history.transfer;

import io.tarsy.history.config.ConfigKey;
import io.tarsy.history.config.Settings;
import io.tarsy.history.database.DatabaseCopy;
import io.tarsy.history.database.Recurring;
import io.tarsy.history.http.Bodies;
import io.tarsy.history.http.Problem;
import io.tarsy.history.metrics.Metric;
import io.tarsy.history.metrics.Metrics;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;

/** Backups of a SQLite database: whole copies in a folder, made while agents write; the newest are kept. */
@ApplicationScoped
public class Backups {
    private static final Logger LOG = System.getLogger(Backups.class.getName());
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final Pattern NAME = Pattern.compile("history-\\d{8}T\\d{6}\\.\\d{3}Z\\.db");
    private static final int LISTED = 1_000;

    @Inject
    Settings settings;

    @Inject
    DatabaseCopy copies;

    @Inject
    Recurring recurring;

    @Inject
    Metrics metrics;

    @Inject
    Bodies bodies;

    private final ReentrantLock making = new ReentrantLock();
    private volatile long begunUs;

    /**
     * One backup.
     *
     * @param name of its file
     * @param bytes its size
     * @param createdAtUs when it was complete
     */
    record Backup(String name, long bytes, long createdAtUs) {}

    void begin(@Observes @Initialized(ApplicationScoped.class) Object application) {
        begunUs = bodies.nowUs();
        if (settings.number(ConfigKey.HISTORY_BACKUP_INTERVAL_HOURS) > 0) {
            recurring.every(Duration.ofMinutes(1), "backup", this::makeIfDue);
        }
    }

    private void makeIfDue() {
        if (!copies.isPossible()) {
            return;
        }
        long interval = TimeUnit.HOURS.toMicros(settings.number(ConfigKey.HISTORY_BACKUP_INTERVAL_HOURS));
        long last = list().stream().mapToLong(Backup::createdAtUs).max().orElse(begunUs);
        if (bodies.nowUs() - last >= interval) {
            make();
        }
    }

    /** The folder of the backups. */
    Path folder() {
        var chosen = settings.text(ConfigKey.HISTORY_BACKUP_DIRECTORY);
        if (chosen != null) {
            return Path.of(chosen).toAbsolutePath();
        }
        var usual = copies.usualFolder();
        if (usual == null) {
            throw Problem.CONFLICT.with(
                    "This history is not in a file; say in HISTORY_BACKUP_DIRECTORY where its backups go.");
        }
        return usual;
    }

    /**
     * Refuses where the database is backed up by its own tools.
     *
     * @throws io.tarsy.history.http.ProblemException 409
     */
    void requirePossible() {
        if (!copies.isPossible()) {
            throw Problem.CONFLICT.with("This history is in PostgreSQL, which is backed up by pg_dump or by archiving"
                    + " its log; docs/postgresql.md tells how.");
        }
    }

    /**
     * Makes a backup now.
     *
     * @throws io.tarsy.history.http.ProblemException 409 while another is being made, 503 if it cannot be made
     */
    Backup make() {
        requirePossible();
        if (!making.tryLock()) {
            throw Problem.CONFLICT.with("A backup is being made right now.");
        }
        try {
            var folder = Files.createDirectories(folder());
            var file = folder.resolve("history-" + STAMP.format(Instant.now()) + ".db");
            copies.to(file);
            thin(folder);
            metrics.count(Metric.BACKUPS, "completed");
            var made = backup(file);
            LOG.log(Level.INFO, "Backup {0}: {1} bytes", file, made.bytes);
            return made;
        } catch (IOException | RuntimeException failed) {
            metrics.count(Metric.BACKUPS, "failed");
            throw Problem.DATABASE_UNAVAILABLE.with("The backup could not be made: " + failed.getMessage(), failed);
        } finally {
            making.unlock();
        }
    }

    private void thin(Path folder) throws IOException {
        var all = list(folder);
        for (var old : all.subList(Math.min(all.size(), settings.number(ConfigKey.HISTORY_BACKUP_KEEP)), all.size())) {
            Files.deleteIfExists(folder.resolve(old.name));
            LOG.log(Level.INFO, "Backup {0} is no longer kept", old.name);
        }
    }

    /** The backups that are there, newest first. */
    List<Backup> list() {
        try {
            return list(folder());
        } catch (IOException unreadable) {
            throw Problem.DATABASE_UNAVAILABLE.with("The folder of the backups cannot be read.", unreadable);
        }
    }

    private static List<Backup> list(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            return files.filter(
                            file -> NAME.matcher(file.getFileName().toString()).matches())
                    .map(Backups::backup)
                    .sorted(Comparator.comparing(Backup::name).reversed())
                    .limit(LISTED)
                    .toList();
        }
    }

    private static Backup backup(Path file) {
        var known = file.toFile();
        return new Backup(file.getFileName().toString(), known.length(), known.lastModified() * 1_000);
    }
}
