package io.tarsy.history.faults;

import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The page that is made of the outcomes. */
final class Reliability {
    private Reliability() {}

    private static final String HEAD = """
            # Reliability

            Made by `make faults`, which breaks real databases and real servers while agents write, and compares the
            journal of acknowledged writes with the database afterwards. Nothing below was written by hand; each section
            is of the newest whole run on that server and database.

            A client resends whatever was not acknowledged; `answers` counts its answers by status, where 0 is a
            connection that broke. `lost` counts acknowledged writes that are not in the database; a write that was
            applied twice would break the case.

            """;

    /** The page, with the sections of these outcomes made anew and all others as they were. */
    static String page(String before, List<Outcome> outcomes) {
        var sections = new TreeMap<String, String>();
        for (var section : before.split("(?m)^## ", -1)) {
            int end = section.indexOf('\n');
            if (end > 0 && section.contains("| done |")) {
                sections.put(section.substring(0, end), section.substring(end));
            }
        }
        for (var title : outcomes.stream().map(Reliability::title).distinct().toList()) {
            var rows = outcomes.stream()
                    .filter(outcome -> title(outcome).equals(title))
                    .map(Reliability::row)
                    .collect(Collectors.joining("\n"));
            sections.put(
                    title,
                    "\n\n| done | promised | seen | acknowledged | lost | |\n|---|---|---|---|---|---|\n" + rows
                            + "\n\n");
        }
        var text = new StringBuilder(HEAD);
        sections.forEach((title, section) -> text.append("## ").append(title).append(section));
        return text.toString().stripTrailing() + "\n";
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
