package io.tarsy.history.session;

import io.tarsy.history.http.Answer;
import io.tarsy.history.http.Deferrable;
import io.tarsy.history.http.Gated;
import io.tarsy.history.http.Query;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;

/** Speaks HTTP about the stages of a session. */
@Gated
@ApplicationScoped
@Path("history/sessions/{session_id}/stages")
@Produces(MediaType.APPLICATION_JSON)
public class StagesResource {
    @Inject
    Writes writes;

    /** Adds a stage execution; the same again is the stored one. */
    @POST
    @Deferrable
    @Consumes(MediaType.APPLICATION_JSON)
    public Response add(@Context UriInfo uri, @PathParam("session_id") String sessionId, InputStream body) {
        Query.none(uri.getQueryParameters());
        var recorded = writes.take(RecordKind.STAGE, sessionId, body);
        return Answer.written(
                recorded.outcome().status(),
                uri.getAbsolutePathBuilder().path(recorded.id()).build(),
                recorded.view());
    }

    /** Changes a stage execution by a merge patch. */
    @PATCH
    @Deferrable
    @Path("{execution_id}")
    @Consumes({MediaType.APPLICATION_JSON, "application/merge-patch+json"})
    public Response change(
            @Context UriInfo uri,
            @PathParam("session_id") String sessionId,
            @PathParam("execution_id") String id,
            InputStream body) {
        Query.none(uri.getQueryParameters());
        var recorded = writes.take(RecordKind.STAGE_PATCH, sessionId, id, body);
        return Answer.written(recorded.outcome().status(), uri.getAbsolutePath(), recorded.view());
    }
}
