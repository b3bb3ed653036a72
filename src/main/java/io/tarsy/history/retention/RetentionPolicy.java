package io.tarsy.history.retention;

import io.tarsy.history.config.ConfigKey;
import io.tarsy.history.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What may be kept, and how what is not is deleted.
 *
 * @param days after its completion a session goes; 0 is never
 * @param maxSessions that are kept; 0 is no limit
 * @param maxBytes that are kept; 0 is no limit
 * @param interval between two runs
 * @param chunkRows that one transaction deletes at most
 * @param pause between two transactions
 * @param budget after which a run pauses
 * @param archive folder, or null for none
 */
record RetentionPolicy(
        int days,
        long maxSessions,
        long maxBytes,
        Duration interval,
        int chunkRows,
        Duration pause,
        Duration budget,
        @Nullable Path archive) {
    private static final long DAY_US = 24L * 3_600 * 1_000_000;
    private static final long MEGABYTE = 1_048_576;

    static RetentionPolicy of(Settings settings) {
        var folder = settings.text(ConfigKey.HISTORY_RETENTION_ARCHIVE_DIRECTORY);
        return new RetentionPolicy(
                settings.number(ConfigKey.HISTORY_RETENTION_DAYS),
                settings.number(ConfigKey.HISTORY_RETENTION_MAX_SESSIONS),
                settings.number(ConfigKey.HISTORY_RETENTION_MAX_MEGABYTES) * MEGABYTE,
                Duration.ofHours(settings.number(ConfigKey.HISTORY_RETENTION_INTERVAL_HOURS)),
                settings.number(ConfigKey.HISTORY_RETENTION_CHUNK_ROWS),
                Duration.ofMillis(settings.number(ConfigKey.HISTORY_RETENTION_PAUSE_MS)),
                Duration.ofSeconds(settings.number(ConfigKey.HISTORY_RETENTION_BUDGET_SECONDS)),
                folder == null || folder.isBlank() ? null : Path.of(folder).toAbsolutePath());
    }

    /** Whether nothing is ever deleted. */
    boolean keepsAll() {
        return days == 0 && maxSessions == 0 && maxBytes == 0;
    }

    /** Sessions that ended before this go by their age, or null if none does. */
    @Nullable
    Long cutoffUs(long nowUs) {
        return days == 0 ? null : (Long) (nowUs - days * DAY_US);
    }
}
