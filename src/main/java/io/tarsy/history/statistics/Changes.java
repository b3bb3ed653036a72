package io.tarsy.history.statistics;

import io.tarsy.history.database.PortableText;
import io.tarsy.history.database.TransactionalEntityManager;
import io.tarsy.history.session.Counted;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Notes what each transaction changes in the counts, in that transaction and once for all its records. */
@ApplicationScoped
public class Changes {
    /** Names of tools can have any length, names in an index cannot. The same in the SQL of {@link Recount}. */
    static final int LONGEST_DETAIL = 200;

    private static final int ROWS = 100;
    private static final int COLUMNS = 9;

    @Inject
    TransactionalEntityManager transactions;

    @Inject
    EntityManager entities;

    void counted(@Observes Counted counted) {
        transactions.member(OfTransaction.class, () -> new OfTransaction(this)).add(counted);
    }

    /** What one transaction changes. */
    private static final class OfTransaction implements TransactionalEntityManager.Member {
        private final Changes changes;
        private final Map<Cell, Sums> cells = new TreeMap<>();

        OfTransaction(Changes changes) {
            this.changes = changes;
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
            var all = List.copyOf(cells.entrySet());
            for (int from = 0; from < all.size(); from += ROWS) {
                changes.note(all.subList(from, Math.min(from + ROWS, all.size())));
            }
        }

        @Override
        public void afterCommit() {
            // folding looks for itself
        }
    }

    private void note(List<Map.Entry<Cell, Sums>> some) {
        var insert = entities.createNativeQuery("insert into statistics_changes (from_us, measure, name, detail, "
                + Sums.COLUMNS + ") values " + marks(some.size(), COLUMNS));
        int at = 1;
        for (var one : some) {
            insert.setParameter(at++, one.getKey().fromUs())
                    .setParameter(at++, one.getKey().measure())
                    .setParameter(at++, one.getKey().name())
                    .setParameter(at++, one.getKey().detail())
                    .setParameter(at++, one.getValue().number())
                    .setParameter(at++, one.getValue().errors())
                    .setParameter(at++, one.getValue().inputTokens())
                    .setParameter(at++, one.getValue().outputTokens())
                    .setParameter(at++, one.getValue().totalTokens());
        }
        insert.executeUpdate();
    }

    /** Places for parameters, row by row. */
    static String marks(int rows, int columns) {
        return IntStream.range(0, rows)
                .mapToObj(row -> IntStream.range(0, columns)
                        .mapToObj(column -> "?" + (row * columns + column + 1))
                        .collect(Collectors.joining(", ", "(", ")")))
                .collect(Collectors.joining(", "));
    }
}
