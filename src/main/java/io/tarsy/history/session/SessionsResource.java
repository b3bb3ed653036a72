package io.tarsy.history.session;

import io.tarsy.history.database.FailureDiagnosis;
import io.tarsy.history.http.Answer;
import io.tarsy.history.http.Correlation;
import io.tarsy.history.http.Deferrable;
import io.tarsy.history.http.Gated;
import io.tarsy.history.http.Query;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Speaks HTTP about sessions. */
@Gated
@ApplicationScoped
@Path("history/sessions")
@Produces(MediaType.APPLICATION_JSON)
public class SessionsResource {
    private static final String MARKDOWN = "text/markdown; charset=utf-8";

    @Inject
    SessionService sessions;

    @Inject
    OrphanService orphans;

    @Inject
    SessionListService lists;

    @Inject
    SessionDetailService details;

    @Inject
    FailureDiagnosis failures;

    @Inject
    Writes writes;

    /** Creates a session; the same again is the stored one. */
    @POST
    @Deferrable
    @Consumes(MediaType.APPLICATION_JSON)
    public Response create(@Context UriInfo uri, InputStream body) {
        Query.none(uri.getQueryParameters());
        var recorded = writes.take(RecordKind.SESSION, body);
        return Answer.written(
                recorded.outcome().status(),
                uri.getAbsolutePathBuilder().path(recorded.id()).build(),
                recorded.view());
    }

    /** Changes a session by a merge patch. */
    @PATCH
    @Deferrable
    @Path("{session_id}")
    @Consumes({MediaType.APPLICATION_JSON, "application/merge-patch+json"})
    public Response change(@Context UriInfo uri, @PathParam("session_id") String id, InputStream body) {
        Query.none(uri.getQueryParameters());
        var recorded = writes.take(RecordKind.SESSION_PATCH, id, body);
        return Answer.written(recorded.outcome().status(), uri.getAbsolutePath(), recorded.view());
    }

    /** Says that an agent is still at work on a session. */
    @POST
    @Path("{session_id}/heartbeat")
    public Response heartbeat(@Context UriInfo uri, @PathParam("session_id") String id) {
        Query.none(uri.getQueryParameters());
        failures.twice(() -> {
            orphans.heartbeat(id);
            return id;
        });
        return Response.noContent().build();
    }

    /** Deletes a session and everything in it. */
    @DELETE
    @Path("{session_id}")
    public Response delete(@Context UriInfo uri, @PathParam("session_id") String id) {
        Query.none(uri.getQueryParameters());
        failures.twice(() -> {
            sessions.delete(id, Correlation.id());
            return id;
        });
        return Response.noContent().build();
    }

    /** One page of the sessions. */
    @GET
    public Response list(@Context UriInfo uri, @Context Request request) {
        return Answer.whole(request, lists.page(SessionQuery.of(uri.getQueryParameters())));
    }

    /** One session, whole or as a skeleton. */
    @GET
    @Path("{session_id}")
    public Response detail(@Context UriInfo uri, @Context Request request, @PathParam("session_id") String id) {
        var query = Query.of(uri.getQueryParameters(), "include");
        boolean skeleton = query.word("include", "", List.of("skeleton")).equals("skeleton");
        query.check();
        var detail = details.detail(id, skeleton);
        return Answer.streamed(
                request, detail.version(), MediaType.APPLICATION_JSON, out -> detail.write(out, skeleton));
    }

    /** One session in numbers. */
    @GET
    @Path("{session_id}/summary")
    public Response summary(@Context UriInfo uri, @Context Request request, @PathParam("session_id") String id) {
        Query.none(uri.getQueryParameters());
        return Answer.whole(request, details.summary(id));
    }

    /** What a session came to, as JSON or as the Markdown that its agents wrote. */
    @GET
    @Path("{session_id}/final-analysis")
    @Produces({MediaType.APPLICATION_JSON, "text/markdown"})
    public Response finalAnalysis(@Context UriInfo uri, @Context Request request, @PathParam("session_id") String id) {
        var query = Query.of(uri.getQueryParameters(), "format");
        var format = query.word("format", "json", List.of("json", "markdown"));
        query.check();
        var analysis = details.finalAnalysis(id);
        if (format.equals("json")) {
            return Answer.whole(request, analysis::write);
        }
        var markdown = analysis.markdown() == null ? "" : analysis.markdown();
        return Answer.whole(request, markdown.getBytes(StandardCharsets.UTF_8), MARKDOWN);
    }
}
