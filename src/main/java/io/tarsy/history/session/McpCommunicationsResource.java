package io.tarsy.history.session;

import io.tarsy.history.http.Answer;
import io.tarsy.history.http.Deferrable;
import io.tarsy.history.http.Gated;
import io.tarsy.history.http.Query;
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
    Writes writes;

    /** Records one exchange; the same again is the stored one. */
    @POST
    @Deferrable
    @Consumes(MediaType.APPLICATION_JSON)
    public Response record(@Context UriInfo uri, @PathParam("session_id") String sessionId, InputStream body) {
        Query.none(uri.getQueryParameters());
        var recorded = writes.take(RecordKind.MCP_COMMUNICATION, sessionId, body);
        return Answer.written(
                recorded.outcome().status(),
                uri.getAbsolutePathBuilder()
                        .path("../interactions")
                        .path(recorded.id())
                        .build()
                        .normalize(),
                recorded.view());
    }
}
