package io.tarsy.history.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;

/** Writes the figures as the page that users read. */
final class Report {
    private Report() {}

    static String page(String server, boolean quick, Map<String, Bench.Figures> figures) throws IOException {
        var page = new StringBuilder();
        page.append("""
                # Speed and memory

                Written by `make bench`%s on %s, with %s on Java %s, %d cores (%s), %s of memory. The server, the database
                and the client that loads it share these cores, so read the figures as parts of their floor and not as what
                a server of its own would do. `make bench SERVER=liberty` measures the other server, `make bench QUICK=true`
                gives a rough answer in some minutes and writes nothing, `make bench PART=finding` measures search and
                statistics alone, `PART=added` what they add to a write.

                The floor is plain JDBC in the same run, on a database of the same kind and with the same tables: for each
                interaction the same four statements in one transaction (is the id known, is the stage known, the totals of
                the session, the row), each caller with a connection of its own and waiting for its own durable commit; for
                a batch the same in transactions of %d rows by one connection; for a list the bare query of the page and the
                count up to 10,000; for a detail the bare rows. No HTTP, no JSON and no checks are in the floor. An
                interaction has a body of about 2 KB.
                """.formatted(
                        quick ? " (quick)" : "",
                        LocalDate.now(ZoneOffset.UTC),
                        server.equals("payara") ? "Payara Micro" : "Open Liberty",
                        Runtime.version().feature(),
                        Runtime.getRuntime().availableProcessors(),
                        processor(),
                        memory(),
                        200));
        for (var one : figures.entrySet()) {
            table(page, one.getKey(), one.getValue());
        }
        page.append(Files.readString(Path.of("src/test/resources/bench/limits.md")));
        return page.toString();
    }

    private static void table(StringBuilder page, String kind, Bench.Figures figures) {
        page.append("\n## ")
                .append(kind.equals("sqlite") ? "SQLite" : "PostgreSQL")
                .append("\n\n");
        page.append("| What | Measured | Floor | Of the floor | Aim | Met |\n|---|---|---|---|---|---|\n");
        rate(page, "POST of one interaction, 1 client", figures.of("post-1"), figures.of("floor-1"), 0);
        rate(page, "POST of one interaction, 16 clients", figures.of("post-16"), figures.of("floor-16"), 40);
        rate(page, "Batch of 1,000 lines, 1 client", figures.of("batch"), figures.of("floor-batch"), 60);
        time(page, "List page of 50 at 100,000 sessions, first", figures.of("list-first"), figures.of("floor-list"), 3);
        time(page, "The same behind the deepest cursor", figures.of("list-deepest"), figures.of("floor-list"), 3);
        time(page, "Detail of 100 interactions", figures.of("detail"), figures.of("floor-detail"), 0);
        double depth =
                figures.of("list-deepest").p50Ms() / figures.of("list-first").p50Ms();
        page.append(text("\nThe deepest page takes %.2f times the first one's time (aim: at most 1.5).", depth));
        page.append(text(
                " A request that is refused before the database is asked: %,.0f/s by 16 clients.",
                figures.of("http-16").perSecond()));
        page.append(text(
                " Most heap in use: %d MB of the 512 MB allowed; most memory of the process: %d MB.\n",
                figures.heapMib(), figures.residentMib()));
        if (kind.equals("sqlite")) {
            var full = figures.of("post-16-full");
            var normal = figures.of("post-16-normal");
            page.append(text(
                    "\n16 clients with `HISTORY_SQLITE_SYNCHRONOUS=full`, the default, in turns with a second server with"
                            + " `normal`: %.0f %% of its %,.0f/s (aim: at least 90 %%); the slowest of all writes took"
                            + " %.0f ms (aim: at most 100).\n",
                    100 * full.perSecond() / normal.perSecond(),
                    normal.perSecond(),
                    Math.max(full.worstMs(), figures.of("post-16").worstMs())));
        }
        upkeep(page, figures.upkeep());
        finding(page, figures.added(), figures.finding());
    }

    private static void finding(StringBuilder page, Added.Figures added, Finding.Figures found) {
        page.append(text(
                "\nSearch and statistics: a POST by 16 clients reaches %,.0f/s (p50 %.1f ms, p99 %.1f ms) with them and"
                        + " %,.0f/s (p50 %.1f ms, p99 %.1f ms) without, in turns: %.0f %% dearer (aim: at most 40 %%).",
                added.with().perSecond(),
                added.with().p50Ms(),
                added.with().p99Ms(),
                added.without().perSecond(),
                added.without().p50Ms(),
                added.without().p99Ms(),
                added.percent()));
        page.append(text(
                " Over %,d sessions with ten interactions each, %,d MB of bodies of about 2 KB and some of 200 KB, the"
                        + " database has %,d MB: %,d MB of it for search and %,d MB for statistics. Making the whole"
                        + " index anew took %,.0f s, counting everything anew %,.0f s. Then, with %d clients:\n\n",
                found.sessions(),
                found.bodies() >> 20,
                found.all() >> 20,
                found.index() >> 20,
                found.counts() >> 20,
                found.indexSeconds(),
                found.countSeconds(),
                Finding.AT_ONCE));
        page.append("| What | Measured | Aim | Met |\n|---|---|---|---|\n");
        found.results().forEach((what, result) -> {
            boolean search = what.equals(Finding.TWO_WORDS);
            boolean statistics = what.equals(Finding.STATISTICS);
            boolean met = search ? result.p99Ms() < 60 : result.p50Ms() < 30;
            page.append(text(
                    "| %s | %,.0f/s (p50 %.1f ms, p99 %.1f ms) | %s | %s |\n",
                    what.substring(0, 1).toUpperCase(Locale.ROOT) + what.substring(1),
                    result.perSecond(),
                    result.p50Ms(),
                    result.p99Ms(),
                    search ? "p99 under 60 ms" : statistics ? "p50 under 30 ms" : "–",
                    search || statistics ? met ? "yes" : "no" : "–"));
        });
    }

    private static void upkeep(StringBuilder page, Upkeep.Figures figures) {
        page.append(text(
                "\nRetention while agents write 100 interactions a second, due to be deleted 30 %% of %,d sessions with ten"
                        + " interactions each: %,d sessions, %,d rows in %.0f s. A write, measured from when it was due,"
                        + " took p50 %.1f ms, p99 %.1f ms before and p50 %.1f ms, p99 %.1f ms (%.1f times; aim: under 3)"
                        + " meanwhile; %d failed.",
                figures.sessions(),
                figures.deleted(),
                figures.rows(),
                figures.seconds(),
                figures.before().p50Ms(),
                figures.before().p99Ms(),
                figures.during().p50Ms(),
                figures.during().p99Ms(),
                figures.during().p99Ms() / figures.before().p99Ms(),
                figures.failed()));
        page.append(text(
                " The database had %d MB before and %d MB after.",
                figures.bytesBefore() >> 20, figures.bytesAfter() >> 20));
        if (figures.refused() != null) {
            page.append(
                    text(" A second server tried to run it too and was refused each of %d times.", figures.refused()));
        }
        page.append('\n');
    }

    private static void rate(StringBuilder page, String what, Load.Result measured, Load.Result floor, int aim) {
        double percent = 100 * measured.perSecond() / floor.perSecond();
        page.append(text(
                "| %s | %,.0f/s (p50 %.1f ms, p99 %.1f ms) | %,.0f/s | %.0f %% | %s | %s |\n",
                what,
                measured.perSecond(),
                measured.p50Ms(),
                measured.p99Ms(),
                floor.perSecond(),
                percent,
                aim == 0 ? "–" : aim + " %",
                aim == 0 ? "–" : percent >= aim ? "yes" : "no"));
    }

    private static void time(StringBuilder page, String what, Load.Result measured, Load.Result floor, int aim) {
        double times = measured.p50Ms() / floor.p50Ms();
        page.append(text(
                "| %s | p50 %.1f ms, p99 %.1f ms | %.1f ms | %.1f times | %s | %s |\n",
                what,
                measured.p50Ms(),
                measured.p99Ms(),
                floor.p50Ms(),
                times,
                aim == 0 ? "–" : "under " + aim + " times",
                aim == 0 ? "–" : times < aim ? "yes" : "no"));
    }

    private static String processor() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).trim())
                    .findFirst()
                    .orElse("unknown");
        }
    }

    private static String memory() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/meminfo"))) {
            return lines.filter(line -> line.startsWith("MemTotal"))
                    .map(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1_048_576 + " GB")
                    .findFirst()
                    .orElse("unknown");
        }
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
