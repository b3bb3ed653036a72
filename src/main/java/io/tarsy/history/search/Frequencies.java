package io.tarsy.history.search;

import io.tarsy.history.database.Reader;
import io.tarsy.history.database.TextIndex;
import io.tarsy.history.database.TextQuery;
import io.tarsy.history.database.TextQuery.Lexeme;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Which lexemes most sessions have, where the database counts them anyway: PostgreSQL does in ANALYZE. Its index has to
 * tell all that match before the first is known, so the words that stand nearly everywhere, of which no total is told
 * beyond 10,000, cost most of all. From how many have each of them follows that more than so many have all.
 */
@ApplicationScoped
class Frequencies {
    private static final long KEPT_NS = TimeUnit.MINUTES.toNanos(1);

    /** They are of a sample, and autovacuum counts anew when a tenth of the rows has changed. */
    private static final int MARGIN = 8;

    private volatile @Nullable Known known;

    @Inject
    Reader reader;

    @Inject
    TextIndex index;

    /** Whether surely more than so many settled sessions match; a no says nothing. */
    boolean haveAllMoreThan(TextQuery query, long most) {
        return !query.all().isEmpty() && known().atLeast(query) > most;
    }

    /** Whether surely more than so many settled sessions have a word; a no says nothing. */
    boolean hasMoreThan(String word, long most) {
        return haveAllMoreThan(TextQuery.of(new Lexeme(word, false)), most);
    }

    private Known known() {
        var last = known;
        if (last == null || System.nanoTime() - last.readAtNs > KEPT_NS) {
            last = read();
            known = last;
        }
        return last;
    }

    private Known read() {
        var entries = new HashMap<String, Long>();
        var total = new long[1];
        var sql = index.frequencies();
        if (sql != null) {
            reader.each(sql, row -> {
                entries.put(row.needed("lexeme"), row.count("entries"));
                total[0] = row.count("total");
            });
        }
        long rest = entries.values().stream().mapToLong(Long::longValue).min().orElse(total[0]);
        return new Known(entries, rest, total[0], System.nanoTime());
    }

    /**
     * What was counted.
     *
     * @param entries that have a lexeme, of those that most have
     * @param rest at most so many have any other
     * @param total of all entries
     * @param readAtNs when, by the clock of {@link System#nanoTime}
     */
    private record Known(Map<String, Long> entries, long rest, long total, long readAtNs) {
        /** So many match at least: what lacks a lexeme, or has what is excluded, is taken off for each. */
        long atLeast(TextQuery query) {
            long left = total - total / MARGIN;
            for (var lexeme : query.all()) {
                left -= total - (lexeme.prefix() ? 0 : entries.getOrDefault(lexeme.text(), 0L));
            }
            for (var group : query.none()) {
                left -= group.stream().mapToLong(this::atMost).min().orElse(0);
            }
            return left;
        }

        private long atMost(Lexeme lexeme) {
            return lexeme.prefix() ? total : entries.getOrDefault(lexeme.text(), rest);
        }
    }
}
