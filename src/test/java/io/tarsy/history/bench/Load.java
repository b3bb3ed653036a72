package io.tarsy.history.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Repeats something in some threads for some time. */
final class Load {
    private Load() {}

    /** What each thread repeats. */
    @FunctionalInterface
    interface Work {
        /** Does it once more. */
        void once(int thread) throws Exception;
    }

    /**
     * What came of it.
     *
     * @param perSecond how often it was done in a second, by all threads together
     * @param p50Ms median of one in milliseconds
     * @param p99Ms of a hundred, the second slowest takes this long
     * @param worstMs the slowest of all
     */
    record Result(double perSecond, double p50Ms, double p99Ms, double worstMs) {

        /** The same, each counted as so many. */
        Result times(int many) {
            return new Result(perSecond * many, p50Ms, p99Ms, worstMs);
        }
    }

    /** The median of some rounds after a warm-up, and the slowest one of all rounds. */
    static Result measure(int threads, Duration warmUp, Duration round, int rounds, Work work) throws Exception {
        run(threads, warmUp, work);
        var results = new ArrayList<Result>();
        for (int i = 0; i < rounds; i++) {
            results.add(run(threads, round, work));
        }
        return median(results);
    }

    /** The same for each of some works that take turns, round by round. */
    static List<Result> inTurns(int threads, Duration round, int rounds, Work... works) throws Exception {
        var results = new ArrayList<List<Result>>();
        for (int i = 0; i < works.length; i++) {
            results.add(new ArrayList<>());
        }
        for (int i = 0; i < rounds; i++) {
            for (int at = 0; at < works.length; at++) {
                results.get(at).add(run(threads, round, works[at]));
            }
        }
        return results.stream().map(Load::median).toList();
    }

    private static Result median(List<Result> results) {
        results.sort((one, other) -> Double.compare(one.perSecond, other.perSecond));
        var median = results.get(results.size() / 2);
        double worst = results.stream().mapToDouble(Result::worstMs).max().orElse(0);
        return new Result(median.perSecond, median.p50Ms, median.p99Ms, worst);
    }

    private static Result run(int threads, Duration time, Work work) throws Exception {
        var workers = Executors.newFixedThreadPool(threads);
        try {
            long begin = System.nanoTime();
            long end = begin + time.toNanos();
            List<Future<long[]>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int thread = i;
                running.add(workers.submit((Callable<long[]>) () -> repeat(thread, end, work)));
            }
            var all = new ArrayList<long[]>();
            for (var one : running) {
                all.add(one.get());
            }
            return result(all, (System.nanoTime() - begin) / 1e9);
        } finally {
            workers.shutdownNow();
        }
    }

    /** Of what each thread took, in nanoseconds. */
    static Result result(List<long[]> all, double seconds) {
        var took = all.stream().flatMapToLong(Arrays::stream).sorted().toArray();
        return new Result(
                took.length / seconds,
                took[took.length / 2] / 1e6,
                took[took.length * 99 / 100] / 1e6,
                took[took.length - 1] / 1e6);
    }

    private static long[] repeat(int thread, long end, Work work) throws Exception {
        var took = new long[1024];
        int count = 0;
        for (long from = System.nanoTime(); from < end || count == 0; count++) {
            work.once(thread);
            long now = System.nanoTime();
            if (count == took.length) {
                took = Arrays.copyOf(took, count * 2);
            }
            took[count] = now - from;
            from = now;
        }
        return Arrays.copyOf(took, count);
    }
}
