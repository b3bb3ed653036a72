package io.tarsy.history.search;

import io.tarsy.history.http.Answer;
import io.tarsy.history.http.Gated;
import io.tarsy.history.http.JsonText;
import io.tarsy.history.http.Query;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;

/** Speaks HTTP about the index of words. */
@Gated
@ApplicationScoped
@Path("system/search")
@Produces(MediaType.APPLICATION_JSON)
public class SearchResource {
    @Inject
    Settling settling;

    @Inject
    IndexCheck check;

    @Inject
    Search search;

    /** How far the index is. */
    @GET
    public Response state(@Context UriInfo uri) {
        Query.none(uri.getQueryParameters());
        return Answer.fresh(progress());
    }

    private Answer.Writer progress() {
        var progress = settling.progress();
        int most = search.bodyLimit();
        return json -> {
            json.writeStartObject();
            json.writeBooleanField("complete", progress.wrong() == 0);
            json.writeNumberField("sessions_not_indexed_yet", progress.wrong());
            json.writeNumberField("sessions_to_make_anew", progress.renewals());
            json.writeNumberField("sessions_with_recent_records", progress.recentSessions());
            json.writeNumberField("recent_records", progress.recentRecords());
            json.writeNumberField("sessions_with_cut_bodies", progress.cut());
            json.writeNumberField("body_characters", most);
            json.writeNumberField("rules", Words.RULES);
            json.writeEndObject();
        };
    }

    /** Makes every entry anew from the texts; answers stay right meanwhile, and {@code GET} tells what is left. */
    @POST
    @Path("rebuild")
    public Response rebuild(@Context UriInfo uri) {
        Query.none(uri.getQueryParameters());
        settling.markAll(false);
        return Response.accepted(Answer.bytes(progress()))
                .type(MediaType.APPLICATION_JSON_TYPE)
                .build();
    }

    /** Compares entries with the texts they were made of, some sessions at a time. */
    @POST
    @Path("check")
    public Response check(@Context UriInfo uri) {
        var query = Query.of(uri.getQueryParameters(), "after", "limit");
        var after = query.text("after");
        int limit = query.number("limit", 500, 1, 5_000);
        query.check();
        var seen = check.look(after == null ? "" : after, limit);
        return Answer.fresh(json -> {
            json.writeStartObject();
            json.writeNumberField("sessions_checked", seen.checked());
            json.writeBooleanField("agrees", seen.different().isEmpty());
            JsonText.write(json, "different", seen.different());
            JsonText.write(json, "written_to_meanwhile", seen.busy());
            JsonText.write(json, "next_after", seen.next());
            json.writeEndObject();
        });
    }
}
