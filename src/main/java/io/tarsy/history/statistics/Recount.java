package io.tarsy.history.statistics;

import io.tarsy.history.database.Row;
import io.tarsy.history.database.Snapshots;
import io.tarsy.history.database.Snapshots.Snapshot;
import io.tarsy.history.http.Bodies;
import io.tarsy.history.session.Counted;
import io.tarsy.history.session.Counted.Measure;
import io.tarsy.history.statistics.Cell.Grain;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Counts everything anew from the rows themselves, as of one moment and while others write: to compare, or to put it in
 * the place of what was counted.
 */
@ApplicationScoped
public class Recount {
    private static final int STORED_AT_ONCE = 500;
    private static final int SHOWN = 20;
    private static final int TRIES = 3;

    private static final String KEY = "measure, from_us, name, detail";
    private static final String DIFFERS = " having sum(number) <> 0 or sum(errors) <> 0 or sum(input_tokens) <> 0 or"
            + " sum(output_tokens) <> 0 or sum(total_tokens) <> 0";
    private static final String READ = "generation = (select generation from statistics_state)";

    /** What the rows say, hour by hour; durations apart. */
    private static final String COUNTED = counted();

    private static final String DURATIONS = "select " + hour("started_at_us") + " as from_us, duration_ms,"
            + " count(*) as number from alert_sessions where duration_ms is not null group by "
            + hour("started_at_us") + ", duration_ms";

    @Inject
    Snapshots snapshots;

    @Inject
    StatisticsService service;

    @Inject
    Bodies bodies;

    private final AtomicLong cellsCounted = new AtomicLong();

    /**
     * Where what was counted is not what the rows say.
     *
     * @param cell of what
     * @param surplus by how much the statistics say more
     */
    record Difference(Cell cell, Sums surplus) {}

    /**
     * What a comparison found.
     *
     * @param atUs when
     * @param sessions that there were
     * @param different the first differences
     */
    record Seen(long atUs, long sessions, List<Difference> different) {
        boolean agrees() {
            return different.isEmpty();
        }
    }

    private static String hour(String column) {
        return column + " - " + column + " % " + Counted.HOUR_US;
    }

    private static String counted() {
        var none = ", 0 as input_tokens, 0 as output_tokens, 0 as total_tokens";
        var started = hour("started_at_us");
        var at = hour("timestamp_us");
        var tool = "substr(tool_name, 1, " + Changes.LONGEST_DETAIL + ")";
        return "select '" + Cell.word(Measure.STATUS) + "' as measure, " + started
                + " as from_us, status as name, '' as detail, count(*) as number, 0 as errors" + none
                + " from alert_sessions group by " + started + ", status union all select '"
                + Cell.word(Measure.ALERT_TYPE) + "', " + started + ", coalesce(alert_type, ''), '', count(*),"
                + " sum(case when status in ('failed', 'timed_out') then 1 else 0 end)" + none
                + " from alert_sessions group by " + started + ", coalesce(alert_type, '') union all select '"
                + Cell.word(Measure.MODEL) + "', " + at + ", model_name, '', count(*), sum(" + Counted.ERRORS + "), "
                + Counted.summed("input_tokens") + ", " + Counted.summed("output_tokens") + ", "
                + Counted.summed("total_tokens") + " from llm_interactions group by " + at
                + ", model_name union all select '" + Cell.word(Measure.TOOL) + "', " + at + ", server_name, " + tool
                + ", count(*), sum(" + Counted.ERRORS + ")" + none
                + " from mcp_communications where communication_type = 'tool_call' group by " + at
                + ", server_name, " + tool;
    }

    private static String negative(String counted) {
        return "select " + KEY + ", -number as number, -errors as errors, -input_tokens as input_tokens,"
                + " -output_tokens as output_tokens, -total_tokens as total_tokens from (" + counted + ") c";
    }

    /** Compares what was counted with what the rows say. It reads every interaction, but no body. */
    Seen compare() {
        long now = bodies.nowUs();
        return snapshots.at(moment -> {
            var different = new ArrayList<Difference>();
            differences(
                    moment,
                    Grain.HOUR,
                    "select " + KEY + ", " + Sums.COLUMNS + " from statistics where " + READ
                            + " and grain = 'hour' and measure <> 'duration' union all select " + KEY + ", "
                            + Sums.COLUMNS + " from statistics_changes where measure <> 'duration' union all "
                            + negative(COUNTED),
                    different);
            differences(
                    moment,
                    Grain.DAY,
                    "select " + KEY + ", " + Sums.COLUMNS + " from statistics where " + READ
                            + " and grain = 'day' union all "
                            + negative("select measure, from_us - from_us % " + Grain.DAY.micros
                                    + " as from_us, name, detail, " + Sums.COLUMNS + " from statistics where " + READ
                                    + " and grain = 'hour'"),
                    different);
            durations(moment, different);
            var sessions = new long[1];
            moment.each("select count(*) as number from alert_sessions", row -> sessions[0] = row.count("number"));
            return new Seen(now, sessions[0], List.copyOf(different));
        });
    }

    private static void differences(Snapshot moment, Grain grain, String both, List<Difference> different) {
        moment.each(
                "select " + KEY + ", " + Sums.SUMMED + " from (" + both + ") b group by " + KEY + DIFFERS + " order by "
                        + KEY + " limit " + SHOWN,
                row -> different.add(new Difference(cell(grain, row), Sums.of(row))));
    }

    private static Cell cell(Grain grain, Row row) {
        return new Cell(
                grain,
                row.count("from_us"),
                row.needed("measure"),
                String.valueOf(row.raw("name")),
                String.valueOf(row.raw("detail")));
    }

    /** Bin by bin, a day at a time; changes are taken after what they change, and what was added before what was taken. */
    private static void durations(Snapshot moment, List<Difference> different) {
        var day = new Day(different);
        moment.each(
                "select from_us, kind, name, number, sketch from (select from_us, grain as kind, name, number, sketch"
                        + " from statistics where " + READ + " and measure = 'duration' union all select from_us,"
                        + " 'change', name, number, cast(null as text) from statistics_changes where measure ="
                        + " 'duration' union all select from_us, 'row', cast(duration_ms as text), number,"
                        + " cast(null as text) from (" + DURATIONS + ") r) d order by"
                        + " from_us, case when kind = 'change' then 1 else 0 end, number desc",
                day::take);
        day.end();
    }

    /** The sketches of one day: what is stored for its hours, for itself, and what the rows say. */
    private static final class Day {
        private final List<Difference> different;
        private final Map<Long, Sketch> hours = new TreeMap<>();
        private final Map<Long, Sketch> rows = new TreeMap<>();
        private Sketch stored = new Sketch();
        private long fromUs = Long.MIN_VALUE;

        Day(List<Difference> different) {
            this.different = different;
        }

        void take(Row row) {
            long at = row.count("from_us");
            if (Grain.DAY.of(at) != fromUs) {
                end();
                fromUs = Grain.DAY.of(at);
            }
            var hour = hours.computeIfAbsent(at, absent -> new Sketch());
            switch (row.needed("kind")) {
                case "hour" -> hour.add(row.needed("sketch"));
                case "day" -> stored.add(row.needed("sketch"));
                case "change" -> {
                    long duration = Long.parseLong(row.needed("name"));
                    hour.change(duration, row.count("number"));
                    stored.change(duration, row.count("number"));
                }
                default ->
                    rows.computeIfAbsent(at, absent -> new Sketch())
                            .change(Long.parseLong(row.needed("name")), row.count("number"));
            }
        }

        void end() {
            var ofRows = new Sketch();
            rows.values().forEach(ofRows::add);
            hours.forEach((at, hour) -> compare(Grain.HOUR, at, hour, rows.getOrDefault(at, new Sketch())));
            compare(Grain.DAY, fromUs, stored, ofRows);
            hours.clear();
            rows.clear();
            stored = new Sketch();
        }

        private void compare(Grain grain, long at, Sketch counted, Sketch real) {
            if (!counted.isSame(real) && different.size() < 3 * SHOWN) {
                different.add(new Difference(
                        new Cell(grain, at, Cell.DURATION, "", ""),
                        new Sums(counted.number() - real.number(), 0, 0, 0, 0)));
            }
        }
    }

    /** How many cells the count that goes on has found. */
    long cellsCounted() {
        return cellsCounted.get();
    }

    /** Counts everything anew and puts it in the place of what was counted. */
    void rebuild() {
        for (int attempt = 1; !rebuilt(); attempt++) {
            if (attempt == TRIES) {
                throw new IllegalStateException("Other servers went on adding up what was being counted anew.");
            }
        }
    }

    private boolean rebuilt() {
        cellsCounted.set(0);
        sweep();
        try (var cells = new CellFile()) {
            var begun = snapshots.at(moment -> count(moment, cells));
            var sums = new TreeMap<Cell, Sums>();
            var sketches = new TreeMap<Cell, Sketch>();
            cells.each((cell, counted, sketch) -> {
                if (sketch == null) {
                    sums.put(cell, counted);
                } else {
                    sketches.put(cell, Sketch.of(sketch));
                }
                if (sums.size() + sketches.size() >= STORED_AT_ONCE) {
                    service.store(begun.generation, sums, sketches);
                    sums.clear();
                    sketches.clear();
                }
            });
            service.store(begun.generation, sums, sketches);
            if (!service.become(begun.generation, begun.folds, begun.changes)) {
                return false;
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("The recount of the statistics found no room for its file.", failed);
        }
        sweep();
        return true;
    }

    private void sweep() {
        while (service.sweep(STORED_AT_ONCE)) {
            Thread.onSpinWait();
        }
    }

    /** At the moment of a count: the generation it will be, and what it has seen of the changes. */
    private record Begun(long generation, long folds, List<Long> changes) {}

    private Begun count(Snapshot moment, CellFile cells) {
        var state = new long[2];
        moment.each("select generation, folds from statistics_state", row -> {
            state[0] = row.count("generation") + 1;
            state[1] = row.count("folds");
        });
        var changes = new ArrayList<Long>();
        moment.each("select change_no from statistics_changes", row -> changes.add(row.count("change_no")));
        var days = new DaySums(cells);
        moment.each(
                "select " + KEY + ", " + Sums.COLUMNS + " from (" + COUNTED
                        + ") c order by measure, name, detail, from_us",
                row -> {
                    days.take(cell(Grain.HOUR, row), Sums.of(row));
                    cellsCounted.incrementAndGet();
                });
        days.end();
        sketches(moment, cells);
        return new Begun(state[0], state[1], changes);
    }

    /** Writes hours as they come, and each day once its hours are over. */
    private static final class DaySums {
        private final CellFile cells;
        private @Nullable Cell day;
        private Sums sums = Sums.NONE;

        DaySums(CellFile cells) {
            this.cells = cells;
        }

        void take(Cell hour, Sums counted) throws IOException {
            var next = new Cell(Grain.DAY, Grain.DAY.of(hour.fromUs()), hour.measure(), hour.name(), hour.detail());
            if (!next.equals(day)) {
                put();
                day = next;
                sums = Sums.NONE;
            }
            sums = sums.plus(counted);
            cells.put(hour, counted, null);
        }

        void end() {
            try {
                put();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }

        private void put() throws IOException {
            if (day != null) {
                cells.put(day, sums, null);
            }
        }
    }

    private void sketches(Snapshot moment, CellFile cells) {
        var growing = new EnumMap<Grain, Growing>(Grain.class);
        moment.each(DURATIONS + " order by 1", row -> {
            for (var grain : Grain.values()) {
                long from = grain.of(row.count("from_us"));
                var known = growing.get(grain);
                if (known == null || known.fromUs != from) {
                    put(cells, grain, known);
                    known = new Growing(from, new Sketch());
                    growing.put(grain, known);
                }
                known.sketch.change(row.count("duration_ms"), row.count("number"));
            }
        });
        try {
            for (var last : growing.entrySet()) {
                put(cells, last.getKey(), last.getValue());
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The sketch of an hour or day while its durations come in. */
    private record Growing(long fromUs, Sketch sketch) {}

    private void put(CellFile cells, Grain grain, @Nullable Growing grown) throws IOException {
        if (grown != null) {
            cells.put(
                    new Cell(grain, grown.fromUs, Cell.DURATION, "", ""),
                    new Sums(grown.sketch.number(), 0, 0, 0, 0),
                    grown.sketch.text());
            cellsCounted.incrementAndGet();
        }
    }
}
