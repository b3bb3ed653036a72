package io.tarsy.history.search;

import io.tarsy.history.session.Finder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The list by start of what matches. Either each that matches is looked up in {@code search_order}, or that is gone
 * through from where the list begins, and numbers are compared: whatever costs less.
 *
 * @param question for the index
 * @param settled what matches by the index
 * @param unlike sessions that do not match, whatever is settled
 * @param alike sessions that match, whatever is settled
 * @param stretch more conditions on {@code s}, and an order: what may follow a condition
 */
record ByStart(
        Search search,
        String question,
        Settled settled,
        Set<String> unlike,
        Set<String> alike,
        Finder.Condition stretch) {
    /** To look one up costs as much as to pass so many. */
    private static final long PASSED_FOR_ONE = 8;

    private static final long MOST_PASSED = 20_000;
    private static final long FIRST_PASSED = 32;

    /** The first so many; null if that cannot be told so. */
    @Nullable
    List<String> first(int most) {
        var numbers = numbers(most);
        return numbers == null
                ? null
                : search.reader.list(
                        "select s.session_id from search_order s where " + search.index.isNumbered("s.session_no")
                                + stretch.sql() + " limit " + most,
                        row -> row.needed("session_id"),
                        behind(numbers));
    }

    /** How many there are; null if that cannot be told so. */
    @Nullable
    Long count() {
        return settled.isKnown() && alike.isEmpty()
                ? search.reader.first(
                        "select count(*) as n from search_order s where " + search.index.isNumbered("s.session_no")
                                + stretch.sql(),
                        row -> row.count("n"),
                        behind(settled.json()))
                : null;
    }

    private Object[] behind(Object first) {
        var parameters = new ArrayList<Object>(List.of(first));
        parameters.addAll(stretch.parameters());
        return parameters.toArray();
    }

    /** Numbers among which the first are, as a JSON list. */
    private @Nullable String numbers(int most) {
        if (!settled.isKnown()) {
            return ofMany(most);
        }
        if (!alike.isEmpty()) {
            return null;
        }
        long passed = settled.count == 0 ? 0 : passed(most, settled.last());
        if (passed > 0 && passed <= Math.min(MOST_PASSED, PASSED_FOR_ONE * settled.count)) {
            var some = pass(passed);
            var hits = Arrays.stream(some).filter(settled::has).toArray();
            if (hits.length >= most || some.length < passed) {
                return Settled.json(hits);
            }
        }
        return settled.json();
    }

    /** Among how many the first so many should be, if the matching ones are spread evenly, and some more. */
    private long passed(int most, long sessions) {
        return most * sessions / settled.count * 4 / 3 + 50;
    }

    private @Nullable String ofMany(int most) {
        var no = new HashSet<>(Numbers.of(search, unlike).values());
        var yes = Numbers.of(search, alike);
        if (yes.size() < alike.size()) {
            return null;
        }
        var sessions = search.reader.first("select max(session_no) as n from search_order", row -> row.count("n"));
        long last = Math.min(MOST_PASSED, passed(most, sessions == null ? 0 : sessions));
        var passed = new HashSet<Long>();
        var hits = new HashSet<Long>();
        for (long many = Math.max(FIRST_PASSED, most); many <= MOST_PASSED; ) {
            var some = pass(many);
            var fresh = boxed(some).filter(passed::add).toList();
            var matching = Numbers.matching(search, question, fresh);
            if (matching == null) {
                return null;
            }
            matching.removeAll(no);
            hits.addAll(matching);
            if (hits.size() >= most || some.length < many) {
                // what matches up to the last of these is known now; what is alike and comes behind does no harm
                hits.addAll(yes.values());
                return Settled.json(hits.stream().mapToLong(Long::longValue).toArray());
            }
            if (many >= last) {
                return null;
            }
            many = hits.isEmpty() ? last : Math.min(last, most * many / hits.size() * 5 / 4 + 16);
        }
        return null;
    }

    private static Stream<Long> boxed(long... numbers) {
        return LongStream.of(numbers).boxed();
    }

    /** The numbers of the next so many of the list, whether they match or not. */
    private long[] pass(long many) {
        var found = search.reader.first(
                "select string_agg(cast(p.session_no as text), ',') as numbers from (select s.session_no from"
                        + " search_order s where s.session_no > 0" + stretch.sql() + " limit " + many + ") p",
                row -> Settled.numbers(row.raw("numbers")),
                stretch.parameters().toArray());
        return found == null ? new long[0] : found;
    }
}
