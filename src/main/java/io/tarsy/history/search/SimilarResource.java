package io.tarsy.history.search;

import io.tarsy.history.http.Answer;
import io.tarsy.history.http.Gated;
import io.tarsy.history.http.JsonText;
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

/** Speaks HTTP about what happened before. */
@Gated
@ApplicationScoped
@Path("history/sessions/{session_id}/similar")
@Produces(MediaType.APPLICATION_JSON)
public class SimilarResource {
    @Inject
    Similarity similarity;

    /** Earlier sessions like this one, newest first. */
    @GET
    public Response similar(@Context UriInfo uri, @Context Request request, @PathParam("session_id") String id) {
        var query = Query.of(uri.getQueryParameters(), "limit");
        int limit = query.number("limit", 10, 1, 50);
        query.check();
        var found = similarity.of(id, limit);
        return Answer.whole(request, json -> {
            json.writeStartObject();
            json.writeStringField("session_id", id);
            json.writeArrayFieldStart("telling_words");
            for (var word : found.telling()) {
                json.writeStartObject();
                JsonText.write(json, "word", word.word());
                json.writeNumberField("sessions", word.sessions());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeArrayFieldStart("similar");
            for (var one : found.similar()) {
                one.write(json);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }
}
