package io.tarsy.history.session;

import io.tarsy.history.database.TransactionalEntityManager.Member;
import io.tarsy.history.metrics.Metric;
import io.tarsy.history.metrics.Metrics;
import java.util.ArrayList;
import java.util.List;

/** What one transaction wrote; counted once it is durable, and not at all if it is not. */
final class Tally implements Member {
    private final Metrics metrics;
    private final List<String[]> written = new ArrayList<>();

    Tally(Metrics metrics) {
        this.metrics = metrics;
    }

    void add(String kind, String outcome) {
        written.add(new String[] {kind, outcome});
    }

    @Override
    public void beforeCommit() {
        // there is nothing to add to the transaction
    }

    @Override
    public void afterCommit() {
        written.forEach(one -> metrics.count(Metric.WRITES, one));
    }
}
