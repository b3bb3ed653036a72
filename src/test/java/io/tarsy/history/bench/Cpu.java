package io.tarsy.history.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The time of the processor that a server takes, and its connections to PostgreSQL with it. What else the machine does
 * changes it little, where it halves what is done in a second.
 */
final class Cpu {
    private static final double TICKS_PER_MS = 0.1;

    private final Service service;
    private final String database;
    private final Map<Long, Long> ticks = new HashMap<>();

    /** Of a server and the processes that name its database, if it is one of PostgreSQL. */
    Cpu(Service service, Place place) {
        this.service = service;
        this.database = place.kind().equals("postgresql")
                ? ' ' + place.url().substring(place.url().lastIndexOf('/') + 1) + ' '
                : "";
    }

    /** All of it so far, in milliseconds; must be asked for now and then, since processes end. */
    double ms() throws IOException {
        try (var processes = Files.list(Path.of("/proc"))) {
            for (var process : processes.toList()) {
                var name = process.getFileName().toString();
                if (name.chars().allMatch(Character::isDigit)) {
                    look(Long.parseLong(name));
                }
            }
        }
        return ticks.values().stream().mapToLong(Long::longValue).sum() / TICKS_PER_MS;
    }

    private void look(long process) {
        try {
            if (process == service.java()
                    || (!database.isEmpty()
                            && Files.readString(Path.of("/proc/" + process + "/cmdline"))
                                    .startsWith("postgres: ")
                            && Files.readString(Path.of("/proc/" + process + "/cmdline"))
                                    .contains(database))) {
                var stat = Files.readString(Path.of("/proc/" + process + "/stat"));
                var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
                ticks.merge(process, Long.parseLong(fields[11]) + Long.parseLong(fields[12]), Math::max);
            }
        } catch (IOException ended) {
            // it is counted as it was seen last
        }
    }
}
