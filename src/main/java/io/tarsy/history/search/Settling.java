package io.tarsy.history.search;

import io.tarsy.history.config.ConfigKey;
import io.tarsy.history.config.Settings;
import io.tarsy.history.database.Database;
import io.tarsy.history.database.Lease;
import io.tarsy.history.database.LeaseService;
import io.tarsy.history.database.Reader;
import io.tarsy.history.database.Recurring;
import io.tarsy.history.database.Row;
import io.tarsy.history.database.Servers;
import io.tarsy.history.database.TextIndex;
import io.tarsy.history.http.Bodies;
import io.tarsy.history.session.Passages;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Brings sessions into the index once they have come to rest, and makes entries anew where that is due. One server does
 * it, in small steps; answers are right meanwhile.
 */
@ApplicationScoped
public class Settling {
    private static final System.Logger LOG = System.getLogger(Settling.class.getName());
    private static final Duration EVERY = Duration.ofMillis(500);

    /** An ended session has come to rest after this, another one after {@link #LONG_QUIET_US}. */
    private static final long QUIET_US = 2_000_000;

    private static final long LONG_QUIET_US = 300_000_000; // a model may think for a minute
    private static final int MANY_NOTES = 64;
    private static final int MOST_AT_ONCE = 32;

    /** A few large sessions fit into memory together. */
    private static final int READ_AT_ONCE = 8;

    /** Of texts brought in at once where every write waits meanwhile, for about ten milliseconds. */
    private static final long FEW_BYTES = 200_000;

    /** The same where nobody waits; a session that has more is brought in alone. */
    private static final long MOST_BYTES = 4_000_000;

    /** The index of SQLite bundles what comes in the order of its numbers, and merges the less. */
    private static final String BY_NUMBER = " order by x.session_no";

    private static final int OF_A_TURN = 400;

    /** Asked twice a second, so it begins with what was noted: how many sessions rest does not count. */
    static final String DUE = "select r.session_id, t.revision, r.bytes from"
            + " (select session_id, max(at_us) as at_us, count(*) as many, sum(octet_length(lexemes)) as bytes"
            + " from search_recent group by session_id having max(at_us) < ? or count(*) >= " + MANY_NOTES + ") r"
            + " join alert_sessions s on s.session_id = r.session_id"
            + " join session_totals t on t.session_id = r.session_id"
            + " join search_sessions x on x.session_id = r.session_id"
            + " where not exists (select 1 from search_renewals w where w.session_id = r.session_id)"
            + " and (r.at_us < ? or r.many >= " + MANY_NOTES
            + " or s.status in ('completed', 'failed', 'cancelled', 'timed_out'))"
            + BY_NUMBER + " limit " + OF_A_TURN;

    static final String RENEWALS = "select w.session_id, w.revision, 0 as bytes from (select w.session_id, t.revision"
            + " from search_renewals w join session_totals t on t.session_id = w.session_id"
            + " order by w.wrong desc, w.session_id limit " + OF_A_TURN + ") w"
            + " left join search_sessions x on x.session_id = w.session_id" + BY_NUMBER;

    private static final long PAUSE_MS = 5;
    private static final int MARKED_AT_ONCE = 2_000;

    @Inject
    Database database;

    @Inject
    Recurring recurring;

    @Inject
    LeaseService leases;

    @Inject
    Servers servers;

    @Inject
    IndexService service;

    @Inject
    Reader reader;

    @Inject
    TextIndex index;

    @Inject
    Passages passages;

    @Inject
    Settings settings;

    @Inject
    Bodies bodies;

    private @Nullable Lease lease;
    private boolean rulesAreKnown;

    void begin(@Observes @Initialized(ApplicationScoped.class) Object application) {
        recurring.every(EVERY, "search index", this::turn);
    }

    private void turn() {
        while (isOurs()) {
            if (!rulesAreKnown) {
                followRules();
            }
            int done = settle() + renew();
            if (done == 0) {
                return;
            }
        }
    }

    private boolean isOurs() {
        var known = lease;
        if (known == null) {
            known = new Lease(leases, servers, "search index");
            lease = known;
        }
        return known.isOurs();
    }

    /** An index made by other rules is made anew by these. */
    private void followRules() {
        var known = reader.first("select rules from search_rules", row -> row.count("rules"));
        if (known != null && known != Words.RULES) {
            LOG.log(System.Logger.Level.INFO, "The search index was made by other rules and is made anew");
            markAll(true);
        }
        if (known == null || known != Words.RULES) {
            service.follow(Words.RULES);
        }
        rulesAreKnown = true;
    }

    /** Marks every session to be made anew. */
    void markAll(boolean wrong) {
        for (@Nullable String last = ""; last != null; ) {
            last = service.mark(last, MARKED_AT_ONCE, wrong);
        }
    }

    private int settle() {
        long now = bodies.nowUs();
        var due = reader.list(DUE, Due::of, now - QUIET_US, now - LONG_QUIET_US);
        for (int from = 0; from < due.size() && isOurs(); ) {
            var some = bundle(due, from);
            service.settle(Reading.ofNotes(reader, index, revisions(some)));
            service.sortIn();
            from += some.size();
            pause();
        }
        return due.size() < OF_A_TURN ? 0 : due.size();
    }

    private List<Due> bundle(List<Due> due, int from) {
        int to = from + 1;
        long bytes = due.get(from).bytes;
        while (to < Math.min(due.size(), from + MOST_AT_ONCE) && bytes + due.get(to).bytes <= mostBytes()) {
            bytes += due.get(to++).bytes;
        }
        return due.subList(from, to);
    }

    private int renew() {
        var due = reader.list(RENEWALS, Due::of);
        int most = settings.number(ConfigKey.HISTORY_SEARCH_BODY_CHARACTERS);
        var ready = new ArrayList<Reading>();
        long bytes = 0;
        int done = 0;
        for (int from = 0; from < due.size() && isOurs(); from += READ_AT_ONCE) {
            var some = due.subList(from, Math.min(from + READ_AT_ONCE, due.size()));
            for (var reading : Reading.ofTexts(passages, revisions(some), most)) {
                ready.add(reading);
                bytes += reading.lexemes().length();
                if (bytes >= mostBytes() || ready.size() == MOST_AT_ONCE) {
                    done += renew(ready);
                    bytes = 0;
                }
            }
        }
        return done + renew(ready);
    }

    private int renew(List<Reading> ready) {
        if (ready.isEmpty()) {
            return 0;
        }
        int done = service.renew(ready);
        service.sortIn();
        ready.clear();
        pause();
        return done;
    }

    private static Map<String, Long> revisions(List<Due> some) {
        var revisions = new LinkedHashMap<String, Long>();
        some.forEach(one -> revisions.put(one.sessionId, one.revision));
        return revisions;
    }

    private long mostBytes() {
        return database.writesOneByOne() ? FEW_BYTES : MOST_BYTES;
    }

    private record Due(String sessionId, long revision, long bytes) {
        static Due of(Row row) {
            return new Due(row.needed("session_id"), row.count("revision"), row.count("bytes"));
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    /** How far the index is. */
    record Progress(long renewals, long wrong, long recentSessions, long recentRecords, long cut) {}

    Progress progress() {
        var found = reader.first(
                "select (select count(*) from (select 1 from search_renewals limit 1000001) a) as renewals,"
                        + " (select count(*) from (select 1 from search_renewals where wrong limit 1000001) b) as wrong,"
                        + " (select count(distinct session_id) from search_recent) as sessions,"
                        + " (select count(*) from search_recent) as records,"
                        + " (select count(*) from (select 1 from search_sessions where cut_bodies > 0 limit 1000001) c)"
                        + " as cut",
                row -> new Progress(
                        row.count("renewals"),
                        row.count("wrong"),
                        row.count("sessions"),
                        row.count("records"),
                        row.count("cut")));
        return found == null ? new Progress(0, 0, 0, 0, 0) : found;
    }
}
