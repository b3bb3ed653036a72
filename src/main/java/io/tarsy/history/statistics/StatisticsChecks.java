package io.tarsy.history.statistics;

import io.tarsy.history.database.Check;
import io.tarsy.history.database.Check.Finding;
import io.tarsy.history.database.Checks;
import io.tarsy.history.database.Inspector;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Whether the statistics know everything. */
@ApplicationScoped
public class StatisticsChecks implements Checks {
    private static final String STATE =
            "select is_complete, (select count(*) from (select 1 from statistics_changes limit " + (Folding.COUNTED + 1)
                    + ") c) as changes from statistics_state";

    private record State(boolean isComplete, long changes) {}

    @Override
    public List<Check> list() {
        return List.of(Check.ofDatabase(
                "statistics",
                "The statistics count every session",
                "What is not counted is missing from numbers; what is not added up makes them slow.",
                this::look));
    }

    private Finding look(Inspector inspector) {
        var found = inspector.list(STATE, row -> new State(row.flag("is_complete"), row.count("changes")));
        if (found.isEmpty()) {
            return Finding.fail("The statistics have lost their state.", "Restore the database from a backup.");
        }
        var state = found.get(0);
        if (!state.isComplete) {
            return Finding.warn(
                    "Sessions from before the upgrade are not counted yet.",
                    "Wait: they are counted in the background, as GET /api/v1/system/statistics shows.");
        }
        return Finding.okIf(
                state.changes <= Folding.COUNTED,
                state.changes <= Folding.COUNTED
                        ? "Every session is counted."
                        : "More than " + Folding.COUNTED + " changes wait to be added up.",
                "Look for 'statistics' in the logs of the servers: answers are right, but become slow.");
    }
}
