package io.tarsy.history.session;

import io.tarsy.history.http.Answer;
import io.tarsy.history.http.Bodies;
import io.tarsy.history.http.Gated;
import io.tarsy.history.http.JsonText;
import io.tarsy.history.http.Query;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;

/** Speaks HTTP about what runs now and what can be filtered by. */
@Gated
@ApplicationScoped
@Path("history")
@Produces(MediaType.APPLICATION_JSON)
public class OverviewResource {
    @Inject
    SessionListService lists;

    @Inject
    Bodies bodies;

    /** Every session that has not ended, newest first. */
    @GET
    @Path("active-sessions")
    public Response active(@Context UriInfo uri) {
        Query.none(uri.getQueryParameters());
        long now = bodies.nowUs();
        var first = lists.active(null);
        return Answer.streamed(MediaType.APPLICATION_JSON, out -> {
            var json = JsonText.generator(out);
            json.writeStartArray();
            for (var part = first; !part.isEmpty(); part = lists.active(part.get(part.size() - 1))) {
                for (var session : part) {
                    session.write(json, now);
                }
            }
            json.writeEndArray();
            json.close();
        });
    }

    /** How many sessions have which of the values that a list can be filtered by. */
    @GET
    @Path("facets")
    public Response facets(@Context UriInfo uri, @Context Request request) {
        return Answer.whole(request, lists.facets(SessionQuery.filters(uri.getQueryParameters())));
    }

    /** The values a list can be filtered by. */
    @GET
    @Path("filter-options")
    public Response filterOptions(@Context UriInfo uri, @Context Request request) {
        Query.none(uri.getQueryParameters());
        return Answer.whole(request, lists.filterOptions());
    }
}
