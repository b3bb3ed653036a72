package io.tarsy.history.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What one case did, promised and saw: one line on the screen, one row of the page. */
final class Outcome {
    final String server;
    final String database;
    final String done;
    final String promised;
    private final List<String> seen = new ArrayList<>();
    private final List<String> broken = new ArrayList<>();
    private final List<String> late = new ArrayList<>();
    long lost = -1;
    long acknowledged = -1;

    Outcome(String server, String database, String done, String promised) {
        this.server = server;
        this.database = database;
        this.done = done;
        this.promised = promised;
    }

    /** Something worth telling. */
    void saw(String what) {
        seen.add(what);
    }

    /** Something that must hold. */
    void expect(boolean holds, String what) {
        if (!holds) {
            broken.add(what);
        }
    }

    /** A figure with an upper bound. */
    void bounded(String what, long ms, long mostMs) {
        seen.add(ms < 0 ? what + " never" : what + " " + seconds(ms));
        expect(ms >= 0, what + " never came");
        if (ms > mostMs) {
            late.add(what + " took " + seconds(ms));
        }
    }

    static String seconds(long ms) {
        return String.format(Locale.ROOT, "%.1f s", ms / 1000.0);
    }

    void compared(Agents.Verdict verdict) {
        acknowledged = verdict.acknowledged();
        lost = verdict.lost();
        expect(verdict.lost() == 0, verdict.lost() + " acknowledged writes are lost");
        expect(verdict.twice() == 0, verdict.twice() + " sessions count a write twice");
    }

    boolean holds() {
        return broken().isEmpty();
    }

    /** What was promised and did not hold. */
    List<String> broken() {
        var all = new ArrayList<>(broken);
        all.addAll(late);
        return all;
    }

    /** The same without what only came too late: on a busy machine that says nothing. */
    List<String> wrong() {
        return List.copyOf(broken);
    }

    String seen() {
        return String.join("; ", seen);
    }

    /** One line for the screen. */
    String line() {
        return (holds() ? "HOLDS  " : "BROKEN ") + server + " " + database + ": " + done + " | promised: " + promised
                + " | seen: " + seen() + (acknowledged < 0 ? "" : " | acknowledged " + acknowledged + ", lost " + lost)
                + (holds() ? "" : " | BROKEN: " + String.join("; ", broken()));
    }
}
