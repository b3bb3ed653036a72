package io.tarsy.history.faults;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Breaks everything that can break and writes down what came of it. */
public final class Faults {
    /** How much of it: everything, what every build can afford, or only servers that are asked to end. */
    enum Extent {
        FULL,
        BRIEF,
        STOP
    }

    private Faults() {}

    /**
     * Runs the suite: {@code [payara] [liberty] [sqlite] [postgresql] [brief|stop]}; without a server or a database named, on
     * both. Ends with 1 if a promise was broken.
     *
     * @param arguments what to run
     */
    public static void main(String[] arguments) throws Exception {
        var given = List.of(arguments);
        var extent = given.contains("brief") ? Extent.BRIEF : given.contains("stop") ? Extent.STOP : Extent.FULL;
        var servers = chosen(given, "payara", "liberty");
        var databases = chosen(given, "sqlite", "postgresql");
        var outcomes = run(servers, databases, extent);
        if (extent != Extent.BRIEF) {
            var page = Path.of("docs/reliability.md");
            var before = Files.exists(page) ? Files.readString(page) : "";
            Files.writeString(page, Reliability.page(before, outcomes, extent == Extent.FULL));
            say("Written: docs/reliability.md");
        }
        long broken = outcomes.stream().filter(outcome -> !outcome.holds()).count();
        say(outcomes.size() + " cases, " + broken + " broken");
        System.exit(broken == 0 ? 0 : 1); // databases of the run would keep it alive
    }

    static List<Outcome> run(List<String> servers, List<String> databases, Extent extent) throws Exception {
        var folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "faults-");
        var outcomes = new ArrayList<Outcome>();
        for (var server : servers) {
            if (databases.contains("sqlite")) {
                new SqliteFaults(server, folder, extent, outcome -> tell(outcome, outcomes)).run();
            }
            if (databases.contains("postgresql")) {
                new PostgresFaults(server, folder, extent, outcome -> tell(outcome, outcomes)).run();
            }
        }
        return outcomes;
    }

    private static List<String> chosen(List<String> given, String one, String other) {
        var both = List.of(one, other);
        var named = both.stream().filter(given::contains).toList();
        return named.isEmpty() ? both : named;
    }

    private static void tell(Outcome outcome, List<Outcome> outcomes) {
        outcomes.add(outcome);
        say(outcome.line());
    }

    @SuppressWarnings("SystemOut") // a command for people
    private static void say(String line) {
        System.out.println(line);
    }
}
