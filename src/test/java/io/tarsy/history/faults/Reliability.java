package io.tarsy.history.faults;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The page that is made of the outcomes. */
final class Reliability {
    private Reliability() {}

    private static final String HEAD = """
            # Reliability

            Made by `make faults`, which breaks real databases and real servers while agents write, and compares the
            journal of acknowledged writes with the database afterwards. Nothing below was written by hand; each row is of
            the newest run of that case on that server and database.

            A client resends whatever was not acknowledged; `answers` counts its answers by status, where 0 is a
            connection that broke. `lost` counts acknowledged writes that are not in the database; a write that was
            applied twice would break the case.

            """;

    /**
     * The page with these outcomes in it.
     *
     * @param whole whether their sections hold nothing else then; otherwise other rows stay as they were
     */
    static String page(String before, List<Outcome> outcomes, boolean whole) {
        var sections = new TreeMap<String, Map<String, String>>();
        for (var section : before.split("(?m)^## ", -1)) {
            int end = section.indexOf('\n');
            if (end > 0 && section.contains("| done |")) {
                sections.put(section.substring(0, end), rows(section));
            }
        }
        if (whole) {
            outcomes.forEach(outcome -> sections.remove(title(outcome)));
        }
        for (var outcome : outcomes) {
            sections.computeIfAbsent(title(outcome), title -> new LinkedHashMap<>())
                    .put(outcome.done, row(outcome));
        }
        var text = new StringBuilder(HEAD);
        sections.forEach((title, rows) -> text.append("## ")
                .append(title)
                .append("\n\n| done | promised | seen | acknowledged | lost | |\n|---|---|---|---|---|---|\n")
                .append(String.join("\n", rows.values()))
                .append("\n\n"));
        return text.toString().stripTrailing() + "\n";
    }

    /** The rows of a table by what was done. */
    private static Map<String, String> rows(String section) {
        var rows = new LinkedHashMap<String, String>();
        section.lines()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| done |"))
                .forEach(line -> rows.put(line.substring(2, line.indexOf(" | ")), line));
        return rows;
    }

    private static String title(Outcome outcome) {
        return (outcome.server.equals("payara") ? "Payara Micro" : "Open Liberty") + ", " + outcome.database;
    }

    private static String row(Outcome outcome) {
        return "| "
                + String.join(
                        " | ",
                        outcome.done,
                        outcome.promised,
                        outcome.seen(),
                        outcome.acknowledged < 0 ? "–" : Long.toString(outcome.acknowledged),
                        outcome.lost < 0 ? "–" : Long.toString(outcome.lost),
                        outcome.holds() ? "holds" : "**broken**: " + String.join("; ", outcome.broken()))
                + " |";
    }
}
