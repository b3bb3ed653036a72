package io.tarsy.history.retention;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tarsy.history.database.FailureDiagnosis;
import io.tarsy.history.http.JsonText;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** Holds many sessions, a few in each transaction, so that agents who write to them wait only for those. */
@ApplicationScoped
public class Holds {
    private static final int AT_ONCE = 20;

    @Inject
    HoldService service;

    @Inject
    FailureDiagnosis failures;

    /**
     * What became of them.
     *
     * @param changed sessions that were not so before
     * @param unchanged sessions that were
     * @param unknown ids of no session, in the order in which they were given
     */
    public record Held(long changed, long unchanged, List<String> unknown) {
        void write(JsonGenerator json) throws IOException {
            json.writeStartObject();
            json.writeNumberField("changed", changed);
            json.writeNumberField("unchanged", unchanged);
            JsonText.write(json, "unknown", unknown);
            json.writeEndObject();
        }
    }

    /** Holds these sessions, or lets them go. Those of one transaction are locked in the order of their ids. */
    Held hold(List<String> ids, boolean hold) {
        long changed = 0;
        long unchanged = 0;
        var unknown = new HashSet<String>();
        var sorted = ids.stream().sorted().toList();
        for (int from = 0; from < sorted.size(); from += AT_ONCE) {
            var some = new ArrayList<>(sorted.subList(from, Math.min(from + AT_ONCE, sorted.size())));
            var held = failures.twice(() -> service.hold(some, hold));
            changed += held.changed;
            unchanged += held.unchanged;
            unknown.addAll(held.unknown);
        }
        return new Held(
                changed, unchanged, ids.stream().filter(unknown::contains).toList());
    }
}
