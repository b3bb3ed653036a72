package io.tarsy.history.statistics;

import io.tarsy.history.http.Answer;
import io.tarsy.history.http.Gated;
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

/** Speaks HTTP about what was done, in numbers. */
@Gated
@ApplicationScoped
@Path("history/statistics")
@Produces(MediaType.APPLICATION_JSON)
public class StatisticsResource {
    @Inject
    Statistics statistics;

    /** Sessions by status, durations, tokens by model, calls by tool, and the most frequent alert types. */
    @GET
    public Response statistics(@Context UriInfo uri, @Context Request request) {
        var numbers = statistics.of(Asked.of(uri.getQueryParameters()));
        return Answer.whole(request, numbers::write);
    }
}
