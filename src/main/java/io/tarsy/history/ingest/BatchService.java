package io.tarsy.history.ingest;

import io.tarsy.history.http.JsonObject;
import io.tarsy.history.http.ProblemException;
import io.tarsy.history.session.InteractionService;
import io.tarsy.history.session.Recorded;
import io.tarsy.history.session.SessionService;
import io.tarsy.history.session.StageService;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;

/** Stores some lines of a batch in one transaction. */
@Stateless
public class BatchService {
    @Inject
    SessionService sessions;

    @Inject
    StageService stages;

    @Inject
    InteractionService interactions;

    /** Stores these lines in their order; one that is refused leaves the others alone. */
    public List<Result> store(List<Line> lines) {
        var results = new ArrayList<Result>(lines.size());
        for (var line : lines) {
            try {
                results.add(Result.of(line, store(line.neededKind(), line.neededBody())));
            } catch (ProblemException refused) {
                results.add(Result.rejected(line, refused));
            }
        }
        return results;
    }

    private Recorded store(RecordKind kind, JsonObject body) {
        return switch (kind) {
            case SESSION -> sessions.create(body);
            case SESSION_PATCH -> sessions.patch(body.needed("session_id"), body);
            case STAGE -> stages.add(body.needed("session_id"), body);
            case STAGE_PATCH -> stages.patch(body.needed("session_id"), body.needed("execution_id"), body);
            case LLM_INTERACTION -> interactions.recordLlm(body.needed("session_id"), body);
            case MCP_COMMUNICATION -> interactions.recordMcp(body.needed("session_id"), body);
        };
    }
}
