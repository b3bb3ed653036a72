package io.tarsy.history.statistics;

import io.tarsy.history.http.Bodies;
import io.tarsy.history.statistics.Cell.Grain;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Adds up what writes have changed, and puts a new count in the place of the old. A public method is one transaction. */
@Stateless
public class StatisticsService {
    private static final System.Logger LOG = System.getLogger(StatisticsService.class.getName());

    private static final int ROWS = 50;
    private static final String KEY = "generation, grain, measure, from_us, name, detail";
    private static final int KEY_COLUMNS = 6;
    private static final int COLUMNS = 11;
    private static final String OF_OTHERS = "generation <> (select generation from statistics_state)";

    @Inject
    EntityManager entities;

    @Inject
    Bodies bodies;

    /**
     * Adds up the oldest changes.
     *
     * @return how many there were
     */
    public int fold(int most) {
        // whoever folds waits here for whoever does
        entities.createNativeQuery("update statistics_state set folds = folds + 1")
                .executeUpdate();
        long generation = number(entities.createNativeQuery("select generation from statistics_state")
                .getSingleResult());
        var changes = rows(entities.createNativeQuery("delete from statistics_changes where change_no in"
                + " (select change_no from statistics_changes order by change_no limit " + most + ")"
                + " returning from_us, measure, name, detail, " + Sums.COLUMNS));
        if (changes.isEmpty()) {
            return 0;
        }
        var sums = new TreeMap<Cell, Sums>();
        var durations = new TreeMap<Cell, Map<Long, Long>>();
        var lessened = new TreeSet<Cell>();
        for (var row : changes) {
            for (var grain : Grain.values()) {
                add(grain, row, sums, durations, lessened);
            }
        }
        sketches(generation, durations).forEach((cell, sketch) -> put(generation, cell, sketch));
        bundles(List.copyOf(sums.entrySet()), some -> put(generation, some, true));
        drop(generation, lessened);
        return changes.size();
    }

    private static void add(
            Grain grain, Object[] row, Map<Cell, Sums> sums, Map<Cell, Map<Long, Long>> durations, Set<Cell> lessened) {
        var measure = (String) row[1];
        boolean isDuration = measure.equals(Cell.DURATION);
        var name = (String) row[2];
        var cell = new Cell(grain, grain.of(number(row[0])), measure, isDuration ? "" : name, (String) row[3]);
        long many = number(row[4]);
        if (isDuration) {
            durations.computeIfAbsent(cell, absent -> new TreeMap<>()).merge(Long.parseLong(name), many, Long::sum);
        } else {
            sums.merge(
                    cell, new Sums(many, number(row[5]), number(row[6]), number(row[7]), number(row[8])), Sums::plus);
        }
        if (many < 0) {
            lessened.add(cell);
        }
    }

    private Map<Cell, Sketch> sketches(long generation, Map<Cell, Map<Long, Long>> durations) {
        var sketches = new TreeMap<Cell, Sketch>();
        bundles(List.copyOf(durations.keySet()), some -> {
            for (var grain : Grain.values()) {
                var times = some.stream()
                        .filter(cell -> cell.grain() == grain)
                        .map(Cell::fromUs)
                        .toList();
                if (!times.isEmpty()) {
                    sketches.putAll(stored(generation, grain, times));
                }
            }
        });
        var unknown = new TreeSet<Cell>();
        durations.forEach((cell, changed) -> {
            var sketch = sketches.computeIfAbsent(cell, absent -> new Sketch());
            changed.forEach((duration, many) -> {
                if (!sketch.change(duration, many)) {
                    unknown.add(cell);
                }
            });
        });
        if (!unknown.isEmpty()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Durations were taken back that the statistics did not know, in {0} hours and days, the first {1};"
                            + " POST /api/v1/system/statistics/rebuild mends them",
                    unknown.size(),
                    unknown.first());
        }
        return sketches;
    }

    private Map<Cell, Sketch> stored(long generation, Grain grain, List<Long> times) {
        var query = entities.createNativeQuery("select from_us, sketch from statistics where generation = ?1 and"
                        + " grain = ?2 and measure = '" + Cell.DURATION + "' and from_us in ("
                        + IntStream.range(0, times.size())
                                .mapToObj(at -> "?" + (at + 3))
                                .collect(Collectors.joining(", "))
                        + ")")
                .setParameter(1, generation)
                .setParameter(2, grain.word());
        for (int at = 0; at < times.size(); at++) {
            query.setParameter(at + 3, times.get(at));
        }
        return rows(query).stream()
                .collect(Collectors.toMap(
                        row -> new Cell(grain, number(row[0]), Cell.DURATION, "", ""),
                        row -> Sketch.of((String) row[1])));
    }

    private void put(long generation, Cell cell, Sketch sketch) {
        key(
                        entities.createNativeQuery("insert into statistics (" + KEY + ", " + Sums.COLUMNS
                                + ", sketch) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, 0, 0, 0, ?8) on conflict (" + KEY
                                + ") do update set number = excluded.number, sketch = excluded.sketch"),
                        1,
                        generation,
                        cell)
                .setParameter(7, sketch.number())
                .setParameter(8, sketch.text())
                .executeUpdate();
    }

    private void put(long generation, List<Map.Entry<Cell, Sums>> some, boolean adds) {
        var insert = entities.createNativeQuery("insert into statistics (" + KEY + ", " + Sums.COLUMNS + ") values "
                + marks(some.size(), COLUMNS)
                + (adds
                        ? " on conflict (" + KEY + ") do update set number = statistics.number + excluded.number,"
                                + " errors = statistics.errors + excluded.errors,"
                                + " input_tokens = statistics.input_tokens + excluded.input_tokens,"
                                + " output_tokens = statistics.output_tokens + excluded.output_tokens,"
                                + " total_tokens = statistics.total_tokens + excluded.total_tokens"
                        : ""));
        int at = 1;
        for (var one : some) {
            var sums = one.getValue();
            key(insert, at, generation, one.getKey());
            insert.setParameter(at + 6, sums.number())
                    .setParameter(at + 7, sums.errors())
                    .setParameter(at + 8, sums.inputTokens())
                    .setParameter(at + 9, sums.outputTokens())
                    .setParameter(at + 10, sums.totalTokens());
            at += COLUMNS;
        }
        insert.executeUpdate();
    }

    private static Query key(Query query, int at, long generation, Cell cell) {
        return query.setParameter(at, generation)
                .setParameter(at + 1, cell.grain().word())
                .setParameter(at + 2, cell.measure())
                .setParameter(at + 3, cell.fromUs())
                .setParameter(at + 4, cell.name())
                .setParameter(at + 5, cell.detail());
    }

    private void deleteChanges(List<Long> numbers) {
        bundles(numbers, some -> {
            var delete = entities.createNativeQuery(
                    "delete from statistics_changes where change_no in " + marks(1, some.size()));
            for (int at = 0; at < some.size(); at++) {
                delete.setParameter(at + 1, some.get(at));
            }
            if (delete.executeUpdate() != some.size()) {
                throw new IllegalStateException("Somebody else has added up the same changes.");
            }
        });
    }

    /** What counts nothing any more goes. */
    private void drop(long generation, Set<Cell> lessened) {
        bundles(List.copyOf(lessened), some -> {
            var delete = entities.createNativeQuery("delete from statistics where number = 0 and (" + KEY
                    + ") in (values " + marks(some.size(), KEY_COLUMNS) + ")");
            for (int at = 0; at < some.size(); at++) {
                key(delete, at * KEY_COLUMNS + 1, generation, some.get(at));
            }
            delete.executeUpdate();
        });
    }

    /** Has everything counted anew, by whichever server adds up. */
    public void order() {
        entities.createNativeQuery("update statistics_state set rebuild_due = ?1")
                .setParameter(1, true)
                .executeUpdate();
    }

    /**
     * Deletes some of what is not read.
     *
     * @return whether there may be more
     */
    public boolean sweep(int most) {
        return entities.createNativeQuery("delete from statistics where (" + KEY + ") in (select " + KEY
                                + " from statistics where " + OF_OTHERS + " limit " + most + ")")
                        .executeUpdate()
                == most;
    }

    /** Stores cells of a generation that nobody reads yet; sketches stand apart. */
    public void store(long generation, Map<Cell, Sums> sums, Map<Cell, Sketch> sketches) {
        bundles(List.copyOf(sums.entrySet()), some -> put(generation, some, false));
        sketches.forEach((cell, sketch) -> put(generation, cell, sketch));
    }

    /**
     * Makes a generation the one that is read.
     *
     * @param folds how often changes had been added up when it was counted
     * @param changes that it has counted already
     * @return false if changes were added up meanwhile: it must be counted again
     */
    public boolean become(long generation, long folds, List<Long> changes) {
        int updated = entities.createNativeQuery("update statistics_state set generation = ?1, is_complete = ?2,"
                        + " rebuild_due = ?3, rebuilt_at_us = ?4 where folds = ?5")
                .setParameter(1, generation)
                .setParameter(2, true)
                .setParameter(3, false)
                .setParameter(4, bodies.nowUs())
                .setParameter(5, folds)
                .executeUpdate();
        if (updated == 0) {
            return false;
        }
        deleteChanges(changes);
        return true;
    }

    private interface Bundle<T> {
        void put(List<T> some);
    }

    private static <T> void bundles(List<T> all, Bundle<T> bundle) {
        for (int from = 0; from < all.size(); from += ROWS) {
            bundle.put(new ArrayList<>(all.subList(from, Math.min(from + ROWS, all.size()))));
        }
    }

    private static long number(Object column) {
        return ((Number) column).longValue();
    }

    @SuppressWarnings("unchecked") // a native query of several columns has arrays for rows
    private static List<Object[]> rows(Query query) {
        return query.getResultList();
    }

    /** Places for parameters, row by row. */
    private static String marks(int rows, int columns) {
        return IntStream.range(0, rows)
                .mapToObj(row -> IntStream.range(0, columns)
                        .mapToObj(column -> "?" + (row * columns + column + 1))
                        .collect(Collectors.joining(", ", "(", ")")))
                .collect(Collectors.joining(", "));
    }
}
