package io.tarsy.history.session;

import io.tarsy.history.database.FailureDiagnosis;
import io.tarsy.history.http.Answer;
import io.tarsy.history.http.Bodies;
import io.tarsy.history.http.Gated;
import io.tarsy.history.http.Query;
import io.tarsy.history.session.Recorded.Outcome;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;

/** Speaks HTTP about exchanges with tool servers. */
@Gated
@ApplicationScoped
@Path("history/sessions/{session_id}/mcp-communications")
@Produces(MediaType.APPLICATION_JSON)
public class McpCommunicationsResource {
    @Inject
    InteractionService interactions;

    @Inject
    FailureDiagnosis failures;

    @Inject
    Bodies bodies;

    /** Records one exchange; the same again is the stored one. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response record(@Context UriInfo uri, @PathParam("session_id") String sessionId, InputStream body) {
        Query.none(uri.getQueryParameters());
        var one = bodies.within(sessionId, body, Shapes.MCP_COMMUNICATION);
        var recorded = failures.twice(() -> interactions.recordMcp(sessionId, one));
        return Answer.written(
                recorded.outcome() == Outcome.CREATED,
                uri.getAbsolutePathBuilder()
                        .path("../interactions")
                        .path(recorded.id())
                        .build()
                        .normalize(),
                recorded.view());
    }
}
