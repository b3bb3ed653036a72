package io.tarsy.history.faults;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** A server that is killed or stopped again and again while it writes. */
final class KilledServer {
    private static final long STOP_MS = 30_000;

    /** How a server is brought to its end, and back. */
    interface Ending {
        void of(Server server) throws Exception;
    }

    private KilledServer() {}

    static void again(Server server, int times) throws IOException, InterruptedException {
        for (int i = 0; i < times; i++) {
            TimeUnit.MILLISECONDS.sleep(2_500 + 300L * i);
            server.kill();
            server.start();
        }
        TimeUnit.SECONDS.sleep(2);
    }

    /** Asked to end, as an engine or an operator does it, and started again. */
    static void politely(Outcome outcome, Server server, int times) throws IOException, InterruptedException {
        long longest = 0;
        for (int i = 0; i < times; i++) {
            TimeUnit.MILLISECONDS.sleep(2_500 + 300L * i);
            longest = Math.max(longest, server.stop());
            server.start();
        }
        TimeUnit.SECONDS.sleep(2);
        outcome.bounded("longest stop", longest, STOP_MS);
    }

    /** Every count must be what the rows say, also where a kill came in between. */
    static void statisticsAgree(Outcome outcome, Server server) throws IOException, InterruptedException {
        var seen = server.send("POST", "api/v1/system/statistics/check", "");
        outcome.expect(
                seen.statusCode() == 200 && seen.body().contains("\"agrees\":true"),
                "the statistics do not agree with the rows: " + seen.body());
    }

    /** What search knows must be what was written, also where a kill came in between. */
    static void searchAgrees(Outcome outcome, Server server) throws IOException, InterruptedException {
        var seen = server.send("POST", "api/v1/system/search/check?limit=5000", "");
        outcome.expect(
                seen.statusCode() == 200 && seen.body().contains("\"agrees\":true"),
                "search does not agree with the texts: " + seen.body());
    }
}
