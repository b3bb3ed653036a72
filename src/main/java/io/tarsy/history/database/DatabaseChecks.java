package io.tarsy.history.database;

import io.tarsy.history.config.ConfigKey;
import io.tarsy.history.config.Settings;
import io.tarsy.history.database.Check.Finding;
import io.tarsy.history.http.Release;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** How the database is: what holds for both of them, and what only the one that is used has. */
@ApplicationScoped
public class DatabaseChecks implements Checks {
    /** The check on which all others of the database depend. */
    public static final String ANSWERS = "database_answers";

    private static final int TRIES = 3;
    private static final long NANOS_PER_MS = 1_000_000;
    private static final long SLOW_MS = 100;
    private static final long US_PER_MS = 1000;
    private static final long SKEW_WARN_US = 1_000_000;
    private static final long SKEW_FAIL_US = 10_000_000;

    @Inject
    Database database;

    @Inject
    Inspection inspection;

    @Inject
    Servers servers;

    @Inject
    Settings settings;

    @Inject
    Release release;

    @Inject
    Clock clock;

    @Override
    public List<Check> list() {
        var list = new ArrayList<Check>();
        list.add(Check.ofDatabase(
                ANSWERS,
                "The database answers",
                "Nothing can be read or written without it.",
                DatabaseChecks::answers));
        list.add(Check.ofDatabase(
                "schema",
                "The tables are of this program's version",
                "A program that meets other tables than its own fails in the middle of a request.",
                inspector ->
                        schema(inspection.schema(inspector), settings.required(ConfigKey.HISTORY_MIGRATION_MODE))));
        list.add(Check.ofDatabase(
                "indexes",
                "Every index is there",
                "Without one of them a list, a delete or a run of retention reads a whole table.",
                this::indexes));
        list.add(Check.ofDatabase(
                "connections",
                "R13: the pools of all servers fit into the database",
                "When all servers are busy at once, a pool that may open more connections than there are fails.",
                this::connections));
        list.add(Check.ofDatabase(
                "clock_skew_database",
                "The database's clock is this server's",
                "Leases end by the database's clock and times of records come from the servers': they should agree.",
                inspector -> ClockSkew.measure(
                                clock,
                                () -> inspector.number(
                                        "select " + database.dialect().nowUs() + " as answer"))
                        .finding("The database's clock")));
        list.add(Check.ofDatabase(
                "clock_skew_servers",
                "The servers' clocks agree",
                "Records that two servers write would stand in an order in which they did not happen.",
                inspector -> clocks(present(inspector))));
        list.add(Check.ofDatabase(
                "server_versions",
                "Every server runs the same version",
                "During an upgrade two versions share the tables; that should not last.",
                inspector -> versions(present(inspector), release.version())));
        list.addAll(database.dialect().insight().checks());
        return list;
    }

    private static Finding answers(Inspector inspector) {
        long fastest = Long.MAX_VALUE;
        for (int turn = 0; turn < TRIES; turn++) {
            long begun = System.nanoTime();
            inspector.number("select 1 as answer");
            fastest = Math.min(fastest, System.nanoTime() - begun);
        }
        return Finding.okIf(
                fastest <= SLOW_MS * NANOS_PER_MS,
                "The fastest of %d answers took %.2f ms.".formatted(TRIES, (double) fastest / NANOS_PER_MS),
                "Look at the load of the database and at the network between it and this server.");
    }

    static Finding schema(SchemaFacts schema, String mode) {
        if (!schema.failed().isEmpty()) {
            return Finding.fail(
                    "These migrations were begun and not finished: " + String.join(", ", schema.failed()) + ".",
                    "Restore the backup made before the upgrade, or repair by hand and remove the failed rows from"
                            + " flyway_schema_history.");
        }
        if (!schema.newer().isEmpty()) {
            return Finding.fail(
                    "The tables have versions that this program does not know: " + String.join(", ", schema.newer())
                            + ".",
                    "Start the newer program, or restore a backup.");
        }
        if (!schema.pending().isEmpty()) {
            return Finding.fail(
                    "The tables have version %s and lack %s; HISTORY_MIGRATION_MODE is %s."
                            .formatted(schema.version(), String.join(", ", schema.pending()), mode),
                    "Start once with HISTORY_MIGRATION_MODE=auto.");
        }
        return Finding.ok("The tables have version " + schema.version() + ", nothing is pending.");
    }

    private Finding indexes(Inspector inspector) {
        return inspection.schema(inspector).pending().isEmpty()
                ? indexes(
                        inspection.missingIndexes(inspector),
                        database.dialect().migrations().indexes().size())
                : Finding.skipped("The tables are not of this version.");
    }

    static Finding indexes(List<String> missing, int expected) {
        return missing.isEmpty()
                ? Finding.ok("All " + expected + " are there.")
                : Finding.fail(
                        "%d of %d are missing: %s.".formatted(missing.size(), expected, String.join(", ", missing)),
                        "Create each again; the statement stands in the migrations of this program, which"
                                + " HISTORY_MIGRATION_MODE=print shows for an empty database.");
    }

    private Finding connections(Inspector inspector) {
        var room = database.dialect().insight().connections(inspector);
        if (room == null) {
            return Finding.skipped("R13: SQLite serves one server and opens its connections in it.");
        }
        var others = present(inspector).stream()
                .filter(server -> !server.id().equals(servers.id()))
                .toList();
        long pools = database.chosen().poolLimit()
                + others.stream().mapToLong(Servers.Seen::poolLimit).sum();
        return room.suffice(pools, others.size() + 1);
    }

    private List<Servers.Seen> present(Inspector inspector) {
        return inspection.servers(inspector).stream()
                .filter(Servers.Seen::present)
                .toList();
    }

    static Finding clocks(List<Servers.Seen> present) {
        if (present.size() < 2) {
            return Finding.ok("%d server is present.".formatted(present.size()));
        }
        var slowest = present.stream()
                .min(Comparator.comparing(Servers.Seen::clockAheadUs))
                .orElseThrow();
        var fastest = present.stream()
                .max(Comparator.comparing(Servers.Seen::clockAheadUs))
                .orElseThrow();
        long apart = fastest.clockAheadUs() - slowest.clockAheadUs();
        var detail = "%d servers are present; %s is %d ms ahead of %s."
                .formatted(present.size(), fastest.name(), apart / US_PER_MS, slowest.name());
        var action = "Let every machine follow the same time service, for example with chrony.";
        return apart > SKEW_FAIL_US
                ? Finding.fail(detail, action)
                : Finding.okIf(apart <= SKEW_WARN_US, detail, action);
    }

    static Finding versions(List<Servers.Seen> present, String own) {
        var versions =
                present.stream().map(Servers.Seen::version).collect(Collectors.toCollection(java.util.TreeSet::new));
        versions.add(own);
        return Finding.okIf(
                versions.size() == 1,
                "Servers that are present run " + String.join(" and ", versions) + ".",
                "Finish the upgrade: stop the servers of the older version.");
    }
}
