package io.tarsy.history.ops;

import io.tarsy.history.config.ConfigKey;
import io.tarsy.history.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/** What lies in the folder of the backups. */
final class Backups {
    private static final int MOST_FILES = 10_000;

    private Backups() {}

    /**
     * A backup.
     *
     * @param name of its file
     * @param at when it was finished
     * @param bytes how large it is
     */
    record Backup(String name, Instant at, long bytes) {}

    /** Where the backups of a database file are. */
    static Path folder(Settings settings, Path file) {
        var given = settings.text(ConfigKey.HISTORY_BACKUP_DIRECTORY);
        var working = settings.text(ConfigKey.HISTORY_WORKING_DIRECTORY);
        return given == null
                ? file.resolveSibling("backups")
                : Path.of(working == null ? "" : working).resolve(given).toAbsolutePath();
    }

    /** The newest file there that is finished. */
    static Optional<Backup> newest(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (var files = Files.list(folder)) {
            return files.limit(MOST_FILES)
                    .filter(file -> file.getFileName().toString().matches("[^.].*\\.(db|sqlite)(\\.gz)?"))
                    .map(Path::toFile)
                    .filter(java.io.File::isFile)
                    .map(file -> new Backup(file.getName(), Instant.ofEpochMilli(file.lastModified()), file.length()))
                    .max(Comparator.comparing(Backup::at));
        }
    }
}
