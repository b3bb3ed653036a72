package io.tarsy.history.database;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/**
 * How the tables stand to this program's migrations.
 *
 * @param version the newest that was applied, or none
 * @param pending what this program would still apply
 * @param failed what was begun and not finished
 * @param newer what this program does not know
 */
public record SchemaFacts(String version, List<String> pending, List<String> failed, List<String> newer) {
    /** Keeps copies. */
    public SchemaFacts {
        pending = List.copyOf(pending);
        failed = List.copyOf(failed);
        newer = List.copyOf(newer);
    }

    /** A migration that the database remembers. */
    record Applied(String version, boolean success) {}

    static SchemaFacts of(List<String> files, List<Applied> applied) {
        var known = new HashMap<String, String>();
        var pending = new ArrayList<String>();
        for (var file : files) {
            var version = file.substring(1, file.indexOf("__"));
            var name = version + " " + file.substring(file.indexOf("__") + 2, file.lastIndexOf('.'));
            known.put(version, name.replace('_', ' '));
            if (applied.stream().noneMatch(one -> one.success() && one.version().equals(version))) {
                pending.add(name.replace('_', ' '));
            }
        }
        return new SchemaFacts(
                applied.stream().filter(Applied::success).map(Applied::version).reduce("none", (older, newer) -> newer),
                pending,
                applied.stream()
                        .filter(one -> !one.success())
                        .map(one -> known.getOrDefault(one.version(), one.version()))
                        .toList(),
                applied.stream()
                        .map(Applied::version)
                        .filter(version -> !known.containsKey(version))
                        .toList());
    }
}
