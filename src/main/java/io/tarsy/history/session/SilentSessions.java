package io.tarsy.history.session;

import io.tarsy.history.database.Reader;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the sessions that agents work on and that nothing was heard of. One that waits for a human is none. */
@ApplicationScoped
public class SilentSessions {
    @Inject
    Reader reader;

    /**
     * A session that agents work on.
     *
     * @param sessionId its id
     * @param startedAtUs when it began
     * @param heardUs when something was last written to it
     */
    public record Working(String sessionId, long startedAtUs, long heardUs) {}

    /** Some of the sessions at work, oldest first, silent or not. */
    public List<Working> after(@Nullable Working after, int most) {
        return reader.list(
                "select s.session_id, s.started_at_us, t.updated_at_us from alert_sessions s join session_totals t"
                        + " on t.session_id = s.session_id"
                        + " where s.status in ('pending', 'in_progress', 'paused', 'canceling')"
                        + " and s.status <> 'paused' and (s.started_at_us, s.session_id) > (?, ?)"
                        + " order by s.started_at_us, s.session_id limit " + most,
                row -> new Working(row.needed("session_id"), row.count("started_at_us"), row.count("updated_at_us")),
                after == null ? -1L : after.startedAtUs(),
                after == null ? "" : after.sessionId());
    }
}
