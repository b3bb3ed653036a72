package io.tarsy.history.ops;

import io.tarsy.history.config.ConfigKey;
import io.tarsy.history.config.Settings;
import io.tarsy.history.database.Check;
import io.tarsy.history.database.Check.Finding;
import io.tarsy.history.database.Checks;
import io.tarsy.history.database.Database;
import io.tarsy.history.database.Servers;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.management.JMException;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/** How this machine and this process are. */
@ApplicationScoped
public class MachineChecks implements Checks {
    private static final long MEBIBYTE = 1024 * 1024;
    private static final long DISK_WARN_BYTES = 1024 * MEBIBYTE;
    private static final long DISK_FAIL_BYTES = 100 * MEBIBYTE;
    private static final long SMALLEST_HEAP_BYTES = 256 * MEBIBYTE;
    private static final int PERCENT = 100;
    private static final int FULL_PERCENT = 85;
    private static final int BURSTING_PERCENT = 95;
    private static final Set<Integer> LONG_SUPPORTED = Set.of(17, 21, 25);

    @Inject
    Settings settings;

    @Inject
    Database database;

    @Inject
    Servers servers;

    @Override
    public List<Check> list() {
        var list = new ArrayList<Check>();
        list.add(Check.ofMachine(
                "application_server",
                "The application server is one that is tested",
                "The program is tested on Payara Micro and Open Liberty.",
                () -> server(servers.product())));
        list.add(Check.ofMachine(
                "java_version",
                "Java has long-term support",
                "The program needs Java 17 or newer; releases between the long-term ones get no fixes after half a year.",
                () -> java(Runtime.version().feature(), Runtime.version().toString())));
        list.add(Check.ofMachine(
                "java_heap",
                "Memory is enough",
                "Large bodies and many requests at once need room; without it requests fail.",
                () -> heap(Runtime.getRuntime().maxMemory(), live())));
        list.add(Check.ofMachine(
                "file_descriptors",
                "Files and connections can be opened",
                "Every connection and every file takes one; without any left, the server takes no request.",
                () -> descriptors(attribute("OpenFileDescriptorCount"), attribute("MaxFileDescriptorCount"))));
        list.add(disk("temp", Path.of(System.getProperty("java.io.tmpdir"))));
        var file = database.chosen().sqliteFile();
        if (file != null) {
            list.add(disk("database", file.resolveSibling("")));
            if (settings.number(ConfigKey.HISTORY_BACKUP_INTERVAL_HOURS) > 0) {
                list.add(disk("backup", Backups.folder(settings, file)));
            }
        }
        if (settings.flag(ConfigKey.HISTORY_SPOOL_ENABLED)) {
            list.add(disk("spool", folder(ConfigKey.HISTORY_SPOOL_DIRECTORY, "history-spool")));
        }
        if (settings.isSet(ConfigKey.HISTORY_RETENTION_ARCHIVE_DIRECTORY)) {
            list.add(disk("archive", folder(ConfigKey.HISTORY_RETENTION_ARCHIVE_DIRECTORY, "")));
        }
        return list;
    }

    private Path folder(ConfigKey key, String absent) {
        var working = settings.text(ConfigKey.HISTORY_WORKING_DIRECTORY);
        var given = settings.text(key);
        return Path.of(working == null ? "" : working).resolve(given == null ? absent : given);
    }

    static Finding server(String info) {
        return Finding.okIf(
                info.contains("Payara") || info.contains("Liberty"),
                "It runs on " + info + ".",
                "Use Payara Micro or Open Liberty, or run the tests on this server first.");
    }

    static Finding java(int feature, String version) {
        return Finding.okIf(
                LONG_SUPPORTED.contains(feature), "It runs on Java " + version + ".", "Use Java 17, 21 or 25.");
    }

    static Finding heap(long most, long live) {
        var detail = "%d of %d MiB were in use after the last collection.".formatted(live / MEBIBYTE, most / MEBIBYTE);
        var action = "Set TARSY_JAVA_OPTS=-Xmx512m, or more.";
        return live * PERCENT > most * BURSTING_PERCENT
                ? Finding.fail(detail, action)
                : Finding.okIf(most >= SMALLEST_HEAP_BYTES && live * PERCENT <= most * FULL_PERCENT, detail, action);
    }

    /** What was not garbage when garbage was last looked for. */
    private static long live() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null)
                .mapToLong(pool -> pool.getCollectionUsage().getUsed())
                .sum();
    }

    /** By name: the type behind it is not part of every Java. */
    private static @Nullable Long attribute(String name) {
        try {
            return ManagementFactory.getPlatformMBeanServer()
                                    .getAttribute(new ObjectName("java.lang:type=OperatingSystem"), name)
                            instanceof Long number
                    ? number
                    : null;
        } catch (JMException notHere) {
            return null;
        }
    }

    static Finding descriptors(@Nullable Long open, @Nullable Long most) {
        if (open == null || most == null || most <= 0) {
            return Finding.skipped("This operating system does not tell.");
        }
        var detail = "%d of %d file descriptors are open.".formatted(open, most);
        var action = "Raise the limit of the process (ulimit -n, or LimitNOFILE of the service).";
        return open * PERCENT > most * BURSTING_PERCENT
                ? Finding.fail(detail, action)
                : Finding.okIf(open * PERCENT <= most * FULL_PERCENT && most >= 1024, detail, action);
    }

    private static Check disk(String purpose, Path folder) {
        return Check.ofMachine(
                "disk_" + purpose,
                "There is room on the disk (" + purpose + ")",
                "On a full disk nothing can be written.",
                () -> disk(folder));
    }

    /** A folder that is still to be made will be in the one above it. */
    private static Finding disk(Path folder) {
        Path at = folder.toAbsolutePath().normalize();
        while (!Files.exists(at) && at.getParent() != null) {
            at = at.getParent();
        }
        try {
            var store = Files.getFileStore(at);
            return disk(at, store.getUsableSpace(), store.getTotalSpace());
        } catch (IOException unknown) {
            return Finding.warn(
                    "The room at " + at + " cannot be measured: " + unknown.getMessage(), "Look at the disk.");
        }
    }

    static Finding disk(Path at, long usable, long total) {
        var detail = "%d of %d MiB are free at %s.".formatted(usable / MEBIBYTE, total / MEBIBYTE, at);
        var action = "Make room, or move the folder to a larger disk.";
        return usable < DISK_FAIL_BYTES
                ? Finding.fail(detail, action)
                : Finding.okIf(usable >= DISK_WARN_BYTES, detail, action);
    }
}
