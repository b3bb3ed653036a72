package io.tarsy.history.statistics;

import io.tarsy.history.database.Reader;
import io.tarsy.history.session.Counted.Measure;
import io.tarsy.history.statistics.Asked.Bucket;
import io.tarsy.history.statistics.Cell.Grain;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Answers what was done in a range of time, from the counts alone and as of one moment: what is added up and what has
 * changed since are read by one statement, so nothing is missed between them or seen twice.
 */
@ApplicationScoped
public class Statistics {
    private static final String NO_SKETCH = ", cast(null as text) as sketch";

    @Inject
    Reader reader;

    @Inject
    Folding folding;

    /**
     * What was done.
     *
     * @throws io.tarsy.history.http.ProblemException 422 if there would be too many buckets
     */
    Numbers of(Asked asked) {
        var numbers = new Numbers(asked, folding.state().isComplete());
        var question = new Question(pieces(asked));
        question.each(
                Measure.STATUS,
                (from, isChange) -> "select " + Numbers.BUCKET + " as part, from_us, measure, name,"
                        + " '' as detail, 0 as is_change, " + Sums.COLUMNS + NO_SKETCH + from);
        for (var measure : List.of(Measure.MODEL, Measure.TOOL)) {
            question.each(
                    measure,
                    (from, isChange) -> "select " + Numbers.BUCKET + ", from_us, measure, '', '', 0, " + Sums.SUMMED
                            + NO_SKETCH + from + " group by from_us, measure");
        }
        question.each(
                Measure.DURATION,
                (from, isChange) -> "select " + Numbers.BUCKET
                        + ", from_us, measure, name, '', "
                        + (isChange ? "1, " + Sums.COLUMNS + NO_SKETCH : "0, " + Sums.COLUMNS + ", sketch") + from);
        question.named(Measure.MODEL, Numbers.MODEL, Numbers.MOST_NAMES + 1);
        question.named(Measure.TOOL, Numbers.TOOL, Numbers.MOST_NAMES + 1);
        question.named(Measure.ALERT_TYPE, Numbers.ALERT_TYPE, asked.top() + 1);
        // sketches before the changes to them, and what is added before what is taken away
        reader.each(
                String.join(" union all ", question.parts)
                        + " order by part, from_us, measure, is_change, number desc, name, detail",
                numbers::take,
                question.parameters.toArray());
        numbers.end();
        return numbers;
    }

    /**
     * Where a part of the range is counted.
     *
     * @param grain the hours or days, or null for what is not added up yet
     * @param from when it begins
     * @param to when it is over
     */
    private record Piece(@Nullable Grain grain, long from, long to) {
        String of(Measure measure, List<Object> parameters) {
            parameters.add(Cell.word(measure));
            parameters.add(from);
            parameters.add(to);
            return (grain == null
                            ? " from statistics_changes where"
                            : " from statistics where generation = (select generation from statistics_state) and grain"
                                    + " = '" + grain.word() + "' and")
                    + " measure = ? and from_us >= ? and from_us < ?";
        }
    }

    /** Whole days where possible, hours at the edges of the range, and what is not added up yet. */
    private static List<Piece> pieces(Asked asked) {
        long start = asked.startUs() == null ? -1 : asked.startUs();
        long end = asked.endUs() == null ? Long.MAX_VALUE : asked.endUs();
        long firstDay = asked.startUs() == null ? -1 : dayFrom(start);
        long lastDay = asked.endUs() == null ? Long.MAX_VALUE : Grain.DAY.of(end);
        var pieces = new ArrayList<Piece>();
        if (asked.bucket() == Bucket.HOUR || firstDay >= lastDay) {
            pieces.add(new Piece(Grain.HOUR, start, end));
        } else {
            pieces.add(new Piece(Grain.HOUR, start, firstDay));
            pieces.add(new Piece(Grain.DAY, firstDay, lastDay));
            pieces.add(new Piece(Grain.HOUR, lastDay, end));
        }
        pieces.removeIf(piece -> piece.from >= piece.to);
        pieces.add(new Piece(null, start, end));
        return pieces;
    }

    private static long dayFrom(long startUs) {
        long day = Grain.DAY.of(startUs);
        return day == startUs || day > Long.MAX_VALUE - Grain.DAY.micros ? day : day + Grain.DAY.micros;
    }

    private interface Part {
        String of(String from, boolean isChange);
    }

    /** The statement as it grows. */
    private static final class Question {
        private final List<Piece> pieces;
        private final List<String> parts = new ArrayList<>();
        private final List<Object> parameters = new ArrayList<>();

        Question(List<Piece> pieces) {
            this.pieces = pieces;
        }

        void each(Measure measure, Part part) {
            for (var piece : pieces) {
                parts.add(part.of(piece.of(measure, parameters), piece.grain == null));
            }
        }

        /** The names of which there was most. */
        void named(Measure measure, int part, int most) {
            Function<Piece, String> select =
                    piece -> "select name, detail, " + Sums.COLUMNS + piece.of(measure, parameters);
            parts.add("select * from (select " + part + " as part, 0 as from_us, '' as measure, name, detail,"
                    + " 0 as is_change, " + Sums.SUMMED + NO_SKETCH + " from ("
                    + pieces.stream().map(select).collect(Collectors.joining(" union all "))
                    + ") c group by name, detail having sum(number) <> 0 order by number desc, name, detail limit "
                    + most + ") p" + part);
        }
    }
}
