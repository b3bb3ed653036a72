package io.tarsy.history.session;

import io.tarsy.history.http.Answer;
import io.tarsy.history.http.Gated;
import io.tarsy.history.http.Query;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;

/** Speaks HTTP about everything that was exchanged in a session. */
@Gated
@ApplicationScoped
@Path("history/sessions/{session_id}/interactions")
@Produces(MediaType.APPLICATION_JSON)
public class InteractionsResource {
    @Inject
    TimelineService timeline;

    @Inject
    SessionDetailService details;

    /** One page of the timeline, without bodies; or of those in which some words stand. */
    @GET
    public Response page(@Context UriInfo uri, @Context Request request, @PathParam("session_id") String sessionId) {
        var query = Query.of(uri.getQueryParameters(), "type", "stage", "after", "limit", "search");
        var type = query.word("type", "", List.of("llm", "mcp"));
        var stage = query.text("stage");
        var after = query.text("after");
        int limit = query.number("limit", 100, 1, 500);
        var search = query.text("search");
        query.check();
        if (search != null && !search.isBlank()) {
            return Answer.whole(
                    request, timeline.hits(sessionId, type.isEmpty() ? null : type, stage, after, limit, search));
        }
        return Answer.whole(request, timeline.page(sessionId, type.isEmpty() ? null : type, stage, after, limit));
    }

    /** One interaction, whole; or of its conversation only what is new. */
    @GET
    @Path("{interaction_id}")
    public Response one(
            @Context UriInfo uri,
            @Context Request request,
            @PathParam("session_id") String sessionId,
            @PathParam("interaction_id") String id) {
        var query = Query.of(uri.getQueryParameters(), "messages");
        boolean onlyNew = query.word("messages", "", List.of("new")).equals("new");
        query.check();
        return Answer.whole(request, details.interaction(sessionId, id, onlyNew));
    }
}
