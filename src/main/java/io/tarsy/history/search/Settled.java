package io.tarsy.history.search;

import io.tarsy.history.database.Row;
import java.util.Arrays;
import java.util.Collection;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Which sessions match, by their numbers: the index is asked once for the total, the list and its pages. */
final class Settled {
    static final Settled NONE = new Settled(0, new long[0]);

    /** How many match, as far as they were counted. */
    final long count;

    /** Null if they are more than were wanted. */
    private final long @Nullable [] sorted;

    private Settled(long count, long @Nullable [] sorted) {
        this.count = count;
        this.sorted = sorted;
    }

    /** Those that match a question by the index; their numbers, if they are not more than so many. */
    static Settled of(Search search, String question, long most) {
        var found = search.reader.first(
                "select count(*) as n, string_agg(cast(m.session_no as text), ',') as numbers from ("
                        + search.index.matches() + ") m",
                row -> of(row, most),
                question,
                most + 1);
        return found == null ? NONE : found;
    }

    /** More than were wanted, as is known without asking. */
    static Settled moreThan(long most) {
        return new Settled(most + 1, null);
    }

    private static Settled of(Row row, long most) {
        long count = row.count("n");
        if (count > most) {
            return moreThan(most);
        }
        var numbers = numbers(row.raw("numbers"));
        Arrays.sort(numbers);
        return new Settled(count, numbers);
    }

    /** The numbers of a text that has commas between them, as databases join them. */
    static long[] numbers(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return new long[0];
        }
        int commas = 0;
        for (int comma = text.indexOf(','); comma >= 0; comma = text.indexOf(',', comma + 1)) {
            commas++;
        }
        var numbers = new long[commas + 1];
        int from = 0;
        for (int at = 0; at < numbers.length; at++) {
            int comma = text.indexOf(',', from);
            int to = comma < 0 ? text.length() : comma;
            numbers[at] = Long.parseLong(text, from, to, 10);
            from = to + 1;
        }
        return numbers;
    }

    /** These numbers as a JSON list. */
    static String json(long... numbers) {
        var json = new StringBuilder(numbers.length * 8 + 2).append('[');
        for (int at = 0; at < numbers.length; at++) {
            json.append(at == 0 ? "" : ",").append(numbers[at]);
        }
        return json.append(']').toString();
    }

    /** Whether their numbers are known. */
    boolean isKnown() {
        return sorted != null;
    }

    boolean has(long number) {
        return sorted != null && Arrays.binarySearch(sorted, number) >= 0;
    }

    /** The greatest number, or 0. */
    long last() {
        return sorted == null || sorted.length == 0 ? 0 : sorted[sorted.length - 1];
    }

    /** The numbers as a JSON list. */
    String json() {
        return sorted == null ? "[]" : json(sorted);
    }

    /** Without some and with others. */
    Settled with(Collection<Long> unlike, Collection<Long> alike) {
        if (sorted == null || (unlike.isEmpty() && alike.isEmpty())) {
            return this;
        }
        var numbers = LongStream.concat(
                        Arrays.stream(sorted).filter(number -> !unlike.contains(number)),
                        alike.stream().mapToLong(Long::longValue))
                .sorted()
                .distinct()
                .toArray();
        return new Settled(numbers.length, numbers);
    }
}
