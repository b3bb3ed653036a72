package io.tarsy.history.search;

import io.tarsy.history.database.Check;
import io.tarsy.history.database.Check.Finding;
import io.tarsy.history.database.Checks;
import io.tarsy.history.database.Inspector;
import io.tarsy.history.http.Bodies;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;

/** Whether search knows everything. */
@ApplicationScoped
public class SearchChecks implements Checks {
    private static final long LATE_US = 900_000_000;
    private static final int COUNTED = 100_000;

    @Inject
    Bodies bodies;

    @Override
    public List<Check> list() {
        return List.of(Check.ofDatabase(
                "search_index",
                "Search knows every session",
                "What is not in the index yet is not found, or costs more to find.",
                this::look));
    }

    private Finding look(Inspector inspector) {
        long wrong = count(inspector, "search_renewals where wrong");
        if (wrong > Found.WRONG_READ) { // fewer are read whole with each question
            return Finding.warn(
                    wrong + (wrong > COUNTED ? " or more" : "") + " sessions are not in the index yet.",
                    "Wait: they are added one after the other, as GET /api/v1/system/search shows.");
        }
        long late = count(inspector, "search_recent where at_us < " + (bodies.nowUs() - LATE_US));
        return Finding.okIf(
                late == 0,
                late == 0
                        ? "Every session is in the index."
                        : late + " records wait for the index since fifteen minutes.",
                "Look for 'search index' in the logs of the servers: answers are right, but become slow.");
    }

    private static long count(Inspector inspector, String rows) {
        return inspector
                .list(
                        "select count(*) as n from (select 1 from " + rows + " limit " + (COUNTED + 1) + ") x",
                        row -> row.count("n"))
                .get(0);
    }
}
