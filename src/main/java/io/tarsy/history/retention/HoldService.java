package io.tarsy.history.retention;

import io.tarsy.history.http.Bodies;
import io.tarsy.history.http.JsonObject;
import io.tarsy.history.http.Problem;
import io.tarsy.history.http.ProblemException;
import io.tarsy.history.session.Recorded;
import io.tarsy.history.session.SessionService;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Holds a few sessions in one transaction, each the way a patch of its own would. */
@Stateless
public class HoldService {
    @Inject
    SessionService sessions;

    @Inject
    Bodies bodies;

    /** Holds these sessions, or lets them go. */
    public Holds.Held hold(List<String> ids, boolean hold) {
        long changed = 0;
        long unchanged = 0;
        var unknown = new ArrayList<String>();
        for (var id : ids) {
            try {
                var patch = JsonObject.change(Map.of("retention_hold", hold), bodies.nowUs());
                if (sessions.patch(id, patch).outcome() == Recorded.Outcome.UPDATED) {
                    changed++;
                } else {
                    unchanged++;
                }
            } catch (ProblemException refused) {
                if (refused.problem() != Problem.NOT_FOUND) {
                    throw refused;
                }
                unknown.add(id);
            }
        }
        return new Holds.Held(changed, unchanged, unknown);
    }
}
