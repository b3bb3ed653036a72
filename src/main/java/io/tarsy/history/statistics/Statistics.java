package io.tarsy.history.statistics;

import io.tarsy.history.database.Reader;
import io.tarsy.history.session.Counted.Measure;
import io.tarsy.history.statistics.Asked.Bucket;
import io.tarsy.history.statistics.Cell.Grain;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;

/** Answers what was done in a range of time, from the counts alone and as of one moment. */
@ApplicationScoped
public class Statistics {
    private static final String CELL = "select from_us, measure, name, detail, " + Sums.COLUMNS;

    /** What has changed and what is added up are read by one statement: nothing is missed between them or seen twice. */
    private static final String READ =
            ", sketch from statistics where generation = (select generation from statistics_state) and grain = ";

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
        var parameters = new ArrayList<Object>();
        var cells = cells(asked, parameters);
        reader.each(
                "with cells as (" + cells + ") " + buckets(asked.bucket()) + " union all " + durations(asked.bucket())
                        + " union all " + named(Numbers.MODEL, Measure.MODEL, Numbers.MOST_NAMES + 1) + " union all "
                        + named(Numbers.TOOL, Measure.TOOL, Numbers.MOST_NAMES + 1) + " union all "
                        + named(Numbers.ALERT_TYPE, Measure.ALERT_TYPE, asked.top() + 1)
                        // sketches before the changes to them, and what is added before what is taken away
                        + " order by part, bucket_us, measure, is_change, number desc, name, detail",
                numbers::take,
                parameters.toArray());
        numbers.end();
        return numbers;
    }

    /** Whole days where possible, hours at the edges of the range, and what is not added up yet. */
    private static String cells(Asked asked, List<Object> parameters) {
        long start = asked.startUs() == null ? -1 : asked.startUs();
        long end = asked.endUs() == null ? Long.MAX_VALUE : asked.endUs();
        long firstDay = asked.startUs() == null ? -1 : dayFrom(start);
        long lastDay = asked.endUs() == null ? Long.MAX_VALUE : Grain.DAY.of(end);
        var sql = new StringBuilder();
        if (asked.bucket() == Bucket.HOUR || firstDay >= lastDay) {
            between(sql, Grain.HOUR, start, end, parameters);
        } else {
            between(sql, Grain.DAY, firstDay, lastDay, parameters);
            between(sql, Grain.HOUR, start, firstDay, parameters);
            between(sql, Grain.HOUR, lastDay, end, parameters);
        }
        parameters.add(start);
        parameters.add(end);
        return sql.append(CELL)
                .append(", cast(null as text) as sketch from statistics_changes where from_us >= ? and from_us < ?")
                .toString();
    }

    private static long dayFrom(long startUs) {
        long day = Grain.DAY.of(startUs);
        return day == startUs || day > Long.MAX_VALUE - Grain.DAY.micros ? day : day + Grain.DAY.micros;
    }

    private static void between(StringBuilder sql, Grain grain, long from, long to, List<Object> parameters) {
        if (from < to) {
            sql.append(CELL)
                    .append(READ)
                    .append('\'')
                    .append(grain.word())
                    .append("' and from_us >= ? and from_us < ?");
            sql.append(" union all ");
            parameters.add(from);
            parameters.add(to);
        }
    }

    private static String buckets(Bucket bucket) {
        var name = "case when measure = 'status' then name else '' end";
        return "select " + Numbers.BUCKET + " as part, " + bucket.of("from_us") + " as bucket_us, measure, " + name
                + " as name, '' as detail, 0 as is_change, " + Sums.SUMMED + ", cast(null as text) as sketch from cells"
                + " where measure in ('status', 'model', 'tool') group by " + bucket.of("from_us") + ", measure, "
                + name + " having sum(number) <> 0";
    }

    private static String durations(Bucket bucket) {
        return "select " + Numbers.BUCKET + ", " + bucket.of("from_us") + ", measure, name, '',"
                + " case when sketch is null then 1 else 0 end, " + Sums.COLUMNS
                + ", sketch from cells where measure = '"
                + Cell.DURATION + "'";
    }

    private static String named(int part, Measure measure, int most) {
        return "select * from (select " + part + " as part, 0 as bucket_us, measure, name, detail, 0 as is_change, "
                + Sums.SUMMED + ", cast(null as text) as sketch from cells where measure = '" + Cell.word(measure)
                + "' group by measure, name, detail having sum(number) <> 0 order by number desc, name, detail limit "
                + most + ") p" + part;
    }
}
