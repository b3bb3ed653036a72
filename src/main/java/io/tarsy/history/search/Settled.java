package io.tarsy.history.search;

import io.tarsy.history.database.Row;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which settled sessions match by the index: asked once, and used for the total, the list and its pages. */
final class Settled {
    static final Settled NONE = new Settled(0, "");

    /** How many match, as far as they were counted. */
    final long count;

    /** Their numbers with commas between, or null if they are more than were wanted. */
    final @Nullable String numbers;

    private final long[] sorted;

    private Settled(long count, @Nullable String numbers) {
        this.count = count;
        this.numbers = numbers;
        this.sorted = numbers == null || numbers.isEmpty()
                ? new long[0]
                : Stream.of(numbers.split(",", -1))
                        .mapToLong(Long::parseLong)
                        .sorted()
                        .toArray();
    }

    /** Those that match a question; their numbers, if they are not more than so many. */
    static Settled of(Search search, String question, long most) {
        var found = search.reader.first(
                "select count(*) as n, string_agg(cast(m.session_no as text), ',') as numbers from ("
                        + search.index.matches() + ") m",
                row -> of(row, most),
                question,
                most + 1);
        return found == null ? NONE : found;
    }

    private static Settled of(Row row, long most) {
        long count = row.count("n");
        var numbers = row.raw("numbers");
        return new Settled(count, count > most ? null : numbers == null ? "" : numbers);
    }

    boolean has(long number) {
        return Arrays.binarySearch(sorted, number) >= 0;
    }
}
