package io.tarsy.history.session;

import io.tarsy.history.database.Reader;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds the finished sessions that nobody holds, those that ended first at first. */
@ApplicationScoped
public class ExpiredSessions {
    /** What a session must be to be deleted by age or number; asked again by whoever deletes it. */
    static final String MAY_GO =
            "s.completed_at_us is not null and not s.retention_hold and s.status in (" + terminal() + ")";

    @Inject
    Reader reader;

    /**
     * Some of them.
     *
     * @param after the one before, or null for the first
     * @param most of them
     */
    public List<Expired> after(@Nullable Expired after, int most) {
        return reader.list(
                "select s.session_id, s.completed_at_us, s.alert_type, t.revision, t.llm_interaction_count,"
                        + " t.mcp_communication_count, t.total_stages, t.size_bytes"
                        + " from alert_sessions s join session_totals t on t.session_id = s.session_id"
                        + " where (s.completed_at_us, s.session_id) > (?, ?) and " + MAY_GO
                        + " order by s.completed_at_us, s.session_id limit " + most,
                row -> new Expired(
                        row.needed("session_id"),
                        row.count("completed_at_us"),
                        row.text("alert_type"),
                        row.count("revision"),
                        row.count("llm_interaction_count"),
                        row.count("mcp_communication_count"),
                        row.count("total_stages"),
                        row.count("size_bytes")),
                after == null ? -1L : after.completedAtUs(),
                after == null ? "" : after.sessionId());
    }

    /** The bytes of all sessions of any kind; it reads the whole of a narrow table. */
    public long bytes() {
        return reader.list("select coalesce(sum(size_bytes), 0) as n from session_totals", row -> row.count("n"))
                .get(0);
    }

    /** How many sessions of any kind there are above a number, counted up to a limit. */
    public long above(long number, long limit) {
        var counted = reader.list(
                "select count(*) as n from (select 1 from alert_sessions limit " + (number + limit) + ") x",
                row -> row.count("n"));
        return Math.max(0, counted.get(0) - number);
    }

    private static String terminal() {
        return Status.OF_SESSIONS.stream()
                .filter(word -> Status.of(word).isTerminal())
                .collect(Collectors.joining("', '", "'", "'"));
    }
}
