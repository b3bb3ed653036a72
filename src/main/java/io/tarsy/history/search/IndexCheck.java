package io.tarsy.history.search;

import io.tarsy.history.database.Reader;
import io.tarsy.history.database.TextIndex;
import io.tarsy.history.session.Passages;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Proves that the index says of a session what its texts say, no more and no less. */
@ApplicationScoped
public class IndexCheck {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    @Inject
    Reader reader;

    @Inject
    TextIndex index;

    @Inject
    Passages passages;

    @Inject
    Search search;

    /**
     * What was seen.
     *
     * @param checked sessions
     * @param different those of which the index says something else, and is not known to
     * @param busy those that were written to while they were looked at
     * @param next the session to go on behind, or null if that was the last
     */
    record Seen(
            long checked,
            List<String> different,
            List<String> busy,
            @Nullable String next) {}

    private record Session(String id, long revision) {}

    /** Looks at the sessions behind an id, in the order of ids, for as long as a request may take. */
    Seen look(String after, int limit) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        var sessions = reader.list(
                "select t.session_id, t.revision from session_totals t where t.session_id > ? order by t.session_id limit "
                        + (limit + 1),
                row -> new Session(row.needed("session_id"), row.count("revision")),
                after);
        var different = new ArrayList<String>();
        var busy = new ArrayList<String>();
        int checked = 0;
        while (checked < Math.min(limit, sessions.size()) && (checked == 0 || System.nanoTime() < end)) {
            var one = sessions.get(checked++);
            if (!agrees(one.id)) {
                (changed(one) ? busy : different).add(one.id);
            }
        }
        return new Seen(checked, different, busy, checked < sessions.size() ? sessions.get(checked - 1).id : null);
    }

    private boolean agrees(String sessionId) {
        var isWrong = reader.first(
                "select 1 as n from search_renewals where wrong and session_id = ?", row -> row.count("n"), sessionId);
        if (isWrong != null) {
            return true; // known, and told as not indexed yet
        }
        var stored = new Lexemes();
        reader.each(
                "select " + index.lexemesAsText() + " as lexemes from search_sessions where session_id = ?",
                row -> stored.addSettled(row.raw("lexemes"), index.keepsOrder()),
                sessionId);
        reader.each(
                "select lexemes from search_recent where session_id = ?",
                row -> stored.addNoted(String.valueOf(row.raw("lexemes"))),
                sessionId);
        var read = Reading.of(passages, sessionId, 0, search.bodyLimit()).lexemes();
        stored.fit();
        return stored.areThose(read) && isPlaced(sessionId);
    }

    private boolean isPlaced(String sessionId) {
        var places = reader.first(
                "select count(*) as n from alert_sessions s join search_sessions x on x.session_id = s.session_id"
                        + " join search_order o on o.session_no = x.session_no and o.session_id = s.session_id"
                        + " and o.started_at_us = s.started_at_us where s.session_id = ?",
                row -> row.count("n"),
                sessionId);
        return Long.valueOf(1).equals(places);
    }

    /** Whether it was written to, settled or deleted since its revision was read: what differs may be that. */
    private boolean changed(Session one) {
        var now = reader.first(
                "select revision from session_totals where session_id = ?", row -> row.count("revision"), one.id);
        return now == null || now != one.revision || agrees(one.id);
    }
}
