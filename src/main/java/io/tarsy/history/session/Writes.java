package io.tarsy.history.session;

import io.tarsy.history.database.FailureDiagnosis;
import io.tarsy.history.http.Bodies;
import io.tarsy.history.http.Gate;
import io.tarsy.history.http.JsonObject;
import io.tarsy.history.http.Shape;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.io.InputStream;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The one way in for every record: read, then stored by the service it belongs to, or kept until it can be. */
@ApplicationScoped
public class Writes {
    @Inject
    Gate gate;

    @Inject
    Bodies bodies;

    @Inject
    SessionService sessions;

    @Inject
    StageService stages;

    @Inject
    InteractionService interactions;

    @Inject
    FailureDiagnosis failures;

    @Inject
    Instance<Inbox> inboxes;

    /** Takes in what belongs to no session yet. */
    Recorded take(RecordKind kind, InputStream body) {
        return take(kind, null, null, body);
    }

    /** Takes in what belongs to a session. */
    Recorded take(RecordKind kind, String sessionId, InputStream body) {
        return take(kind, sessionId, null, body);
    }

    /**
     * Takes in one record.
     *
     * @param sessionId the session of the address, if it has one
     * @param executionId the stage execution of the address, if it has one
     * @throws io.tarsy.history.http.ProblemException what is wrong with it, or 503
     */
    Recorded take(RecordKind kind, @Nullable String sessionId, @Nullable String executionId, InputStream in) {
        var inbox = inboxes.isResolvable() ? inboxes.get() : null;
        boolean open = inbox != null && inbox.isOpen();
        if (!open) {
            gate.require();
        }
        var text = bodies.text(in);
        var body = within(sessionId, bodies.object(text, kind.body()));
        var write = new Write(kind, sessionId, executionId, body, text);
        Supplier<Recorded> directly = () -> failures.twice(() -> store(write));
        return inbox == null || !open ? directly.get() : inbox.take(write, directly);
    }

    private static JsonObject within(@Nullable String sessionId, JsonObject body) {
        var named = sessionId == null ? null : body.text("session_id");
        if (named != null && !named.equals(sessionId)) {
            throw Shape.invalid("session_id", "is not the session of this address");
        }
        return body;
    }

    /**
     * Stores one record, in the transaction of the caller or in one of its own.
     *
     * @throws io.tarsy.history.http.ProblemException 404, 409, 422
     */
    public Recorded store(Write write) {
        var body = write.body();
        var sessionId = write.sessionId() == null ? "" : write.sessionId();
        return switch (write.kind()) {
            case SESSION -> sessions.create(body);
            case SESSION_PATCH -> sessions.patch(sessionId, body);
            case STAGE -> stages.add(sessionId, body);
            case STAGE_PATCH -> stages.patch(sessionId, write.id(), body);
            case LLM_INTERACTION -> interactions.recordLlm(sessionId, body);
            case MCP_COMMUNICATION -> interactions.recordMcp(sessionId, body);
        };
    }
}
