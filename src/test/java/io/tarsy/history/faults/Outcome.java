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
        expect(ms >= 0 && ms <= mostMs, what + " took " + (ms < 0 ? "for ever" : seconds(ms)));
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
        return broken.isEmpty();
    }

    List<String> broken() {
        return List.copyOf(broken);
    }

    String seen() {
        return String.join("; ", seen);
    }

    /** One line for the screen. */
    String line() {
        return (holds() ? "HOLDS  " : "BROKEN ") + server + " " + database + ": " + done + " | promised: " + promised
                + " | seen: " + seen() + (acknowledged < 0 ? "" : " | acknowledged " + acknowledged + ", lost " + lost)
                + (holds() ? "" : " | BROKEN: " + String.join("; ", broken));
    }
}
