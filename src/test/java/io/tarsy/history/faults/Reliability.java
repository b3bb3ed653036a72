package io.tarsy.history.faults;

import java.util.List;
import java.util.stream.Collectors;

/** The page that is made of the outcomes. */
final class Reliability {
    private Reliability() {}

    static String page(List<Outcome> outcomes) {
        var text = new StringBuilder("""
                # Reliability

                Made by `make faults`, which breaks real databases and real servers while agents write, and compares the
                journal of acknowledged writes with the database afterwards. Nothing here was written by hand.

                A client resends whatever was not acknowledged; `answers` counts its answers by status, where 0 is a
                connection that broke. `lost` counts acknowledged writes that are not in the database; a write that was
                applied twice would break the case.

                """);
        for (var server :
                outcomes.stream().map(outcome -> outcome.server).distinct().toList()) {
            for (var database : outcomes.stream()
                    .map(outcome -> outcome.database)
                    .distinct()
                    .toList()) {
                var rows = outcomes.stream()
                        .filter(outcome -> outcome.server.equals(server) && outcome.database.equals(database))
                        .map(Reliability::row)
                        .collect(Collectors.joining("\n"));
                text.append("## ")
                        .append(server.equals("payara") ? "Payara Micro" : "Open Liberty")
                        .append(", ")
                        .append(database)
                        .append("\n\n| done | promised | seen | acknowledged | lost | |\n|---|---|---|---|---|---|\n")
                        .append(rows)
                        .append("\n\n");
            }
        }
        return text.toString().stripTrailing() + "\n";
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
