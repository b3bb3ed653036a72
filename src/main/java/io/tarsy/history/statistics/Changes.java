package io.tarsy.history.statistics;

import io.tarsy.history.database.PortableText;
import io.tarsy.history.database.TransactionalEntityManager;
import io.tarsy.history.session.Counted;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.TreeMap;

/** Notes what each transaction changes in the counts, in that transaction and once for all its records. */
@ApplicationScoped
public class Changes {
    /** Names of tools can have any length, names in an index cannot. The same in the SQL of {@link Recount}. */
    static final int LONGEST_DETAIL = 200;

    private static final String INSERT = "insert into statistics_changes (from_us, measure, name, detail, "
            + Sums.COLUMNS + ") values (?, ?, ?, ?, ?, ?, ?, ?, ?)";

    @Inject
    TransactionalEntityManager transactions;

    void counted(@Observes Counted counted) {
        transactions
                .member(OfTransaction.class, () -> new OfTransaction(transactions))
                .add(counted);
    }

    /** What one transaction changes. */
    private static final class OfTransaction implements TransactionalEntityManager.Member {
        private final TransactionalEntityManager transactions;
        private final Map<Cell, Sums> cells = new TreeMap<>();

        OfTransaction(TransactionalEntityManager transactions) {
            this.transactions = transactions;
        }

        void add(Counted one) {
            var cell = new Cell(
                    Cell.Grain.HOUR,
                    Cell.Grain.HOUR.of(one.atUs()),
                    Cell.word(one.measure()),
                    PortableText.encode(one.name()),
                    shortened(PortableText.encode(one.detail())));
            var sums = new Sums(one.number(), one.errors(), one.inputTokens(), one.outputTokens(), one.totalTokens());
            cells.merge(cell, sums, Sums::plus);
        }

        private static String shortened(String detail) {
            return detail.codePointCount(0, detail.length()) <= LONGEST_DETAIL
                    ? detail
                    : detail.substring(0, detail.offsetByCodePoints(0, LONGEST_DETAIL));
        }

        @Override
        public void beforeCommit() {
            cells.values().removeIf(Sums.NONE::equals);
            if (!cells.isEmpty()) {
                transactions.write(INSERT, cells.entrySet().stream().map(one -> row(one.getKey(), one.getValue())));
            }
        }

        private static Object[] row(Cell cell, Sums sums) {
            return new Object[] {
                cell.fromUs(),
                cell.measure(),
                cell.name(),
                cell.detail(),
                sums.number(),
                sums.errors(),
                sums.inputTokens(),
                sums.outputTokens(),
                sums.totalTokens()
            };
        }

        @Override
        public void afterCommit() {
            // folding looks for itself
        }
    }
}
