package io.tarsy.history.search;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The numbers by which the index knows sessions. They are given as sessions come. */
final class Numbers {
    /** Further apart, two numbers are asked for each by itself. */
    private static final long FAR_APART = 100;

    private static final int MOST_RUNS = 20;
    private static final int FEW = 300;

    private Numbers() {}

    /** The numbers of some sessions, by their ids. */
    static Map<String, Long> of(Search search, Collection<String> sessionIds) {
        var numbers = new HashMap<String, Long>();
        if (!sessionIds.isEmpty()) {
            search.reader.each(
                    "select session_no, session_id from search_sessions where session_id in (" + search.index.strings()
                            + ")",
                    row -> numbers.put(row.needed("session_id"), row.count("session_no")),
                    Found.list(sessionIds));
        }
        return numbers;
    }

    /**
     * Those of some numbers that match a question by the index. Sessions of a piece of a list by time are near to each
     * other, mostly; where they are not, and the index would have to be asked too often, null.
     */
    static @Nullable Set<Long> matching(Search search, String question, Collection<Long> numbers) {
        var among = search.index.matchesAmong();
        if (among != null && numbers.size() <= FEW) {
            return new HashSet<>(search.reader.list(
                    among,
                    row -> row.count("session_no"),
                    Settled.json(numbers.stream().mapToLong(Long::longValue).toArray()),
                    question));
        }
        var runs = runs(numbers);
        if (runs.size() > MOST_RUNS) {
            return null;
        }
        var wanted = Set.copyOf(numbers);
        var found = new HashSet<Long>();
        for (var run : runs) {
            search.reader.each(
                    search.index.matchesBetween(),
                    row -> {
                        long number = row.count("session_no");
                        if (wanted.contains(number)) {
                            found.add(number);
                        }
                    },
                    run.first,
                    run.last,
                    question);
        }
        return found;
    }

    private record Run(long first, long last) {}

    /** The numbers in ranges that have not many others in them. */
    private static List<Run> runs(Collection<Long> numbers) {
        var runs = new ArrayList<Run>();
        long first = -1;
        long last = -1;
        for (long number : new TreeSet<>(numbers)) {
            if (first < 0 || number - last > FAR_APART) {
                if (first >= 0) {
                    runs.add(new Run(first, last));
                }
                first = number;
            }
            last = number;
        }
        if (first >= 0) {
            runs.add(new Run(first, last));
        }
        return runs;
    }
}
