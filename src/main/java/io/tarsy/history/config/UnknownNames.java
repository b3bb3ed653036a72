package io.tarsy.history.config;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Finds names that look like settings of this product and are none: misspelt ones, which nothing would read. */
final class UnknownNames {

    private static final List<String> PREFIXES = List.of("HISTORY_", "POSTGRES_", "TARSY_", "DATABASE_", "ORPHANED_");

    /** What the start script hands to the server on its own account. */
    private static final String DERIVED = "TARSY_POOL_";

    /** What only the start script reads. */
    private static final String SCRIPTS_OWN = "TARSY_SKIP_BUILD";

    private UnknownNames() {}

    static List<UnknownName> among(Iterable<String> names) {
        var dotted = known(true);
        var plain = known(false);
        var unknown = new ArrayList<UnknownName>();
        var sorted = new TreeSet<String>();
        names.forEach(sorted::add);
        for (var name : sorted) {
            if (isOurs(name) && !plain.contains(name) && !dotted.contains(name)) {
                var candidates = name.contains(".") ? dotted : plain;
                unknown.add(new UnknownName(name, Nearest.to(name, candidates)));
            }
        }
        return unknown;
    }

    private static boolean isOurs(String name) {
        return !name.startsWith(DERIVED)
                && !name.equals(SCRIPTS_OWN)
                && !name.equals(dotted(SCRIPTS_OWN))
                && PREFIXES.stream().anyMatch(prefix -> name.startsWith(prefix) || name.startsWith(dotted(prefix)));
    }

    private static Set<String> known(boolean dots) {
        var names = new LinkedHashSet<String>();
        for (var key : ConfigKey.values()) {
            names.add(key.name());
            if (key.allowsFile()) {
                names.add(key.name() + "_FILE");
            }
        }
        if (!dots) {
            return names;
        }
        var dotted = new LinkedHashSet<String>();
        names.forEach(name -> dotted.add(dotted(name)));
        return dotted;
    }

    private static String dotted(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '.');
    }
}
