package io.tarsy.history.retention;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tarsy.history.config.ConfigKey;
import io.tarsy.history.config.Settings;
import io.tarsy.history.database.Servers;
import io.tarsy.history.http.Answer;
import io.tarsy.history.http.Gated;
import io.tarsy.history.http.JsonText;
import io.tarsy.history.http.Query;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.util.List;

/** Speaks HTTP about retention. */
@Gated
@ApplicationScoped
@Path("system/retention")
@Produces(MediaType.APPLICATION_JSON)
public class RetentionResource {
    private static final long MOST_COUNTED = 100_000;
    private static final long MOST_AT_A_GLANCE = 10_000;
    private static final List<ConfigKey> POLICY = List.of(
            ConfigKey.HISTORY_RETENTION_DAYS,
            ConfigKey.HISTORY_RETENTION_MAX_SESSIONS,
            ConfigKey.HISTORY_RETENTION_MAX_MEGABYTES,
            ConfigKey.HISTORY_RETENTION_INTERVAL_HOURS,
            ConfigKey.HISTORY_RETENTION_CHUNK_ROWS,
            ConfigKey.HISTORY_RETENTION_PAUSE_MS,
            ConfigKey.HISTORY_RETENTION_BUDGET_SECONDS,
            ConfigKey.HISTORY_RETENTION_ARCHIVE_DIRECTORY,
            ConfigKey.ORPHANED_SESSION_TIMEOUT_MINUTES);

    @Inject
    Settings settings;

    @Inject
    Servers servers;

    @Inject
    Retention retention;

    @Inject
    RetentionRuns runs;

    /** What may be kept, what ran last, and what a run would delete now. */
    @GET
    public Response overview(@Context UriInfo uri) {
        Query.none(uri.getQueryParameters());
        var last = runs.last();
        var due = retention.dueUs(last);
        var holder = servers.holderOf(Retention.LEASE);
        var preview = retention.preview(MOST_AT_A_GLANCE);
        return Answer.fresh(json -> {
            json.writeStartObject();
            json.writeObjectFieldStart("policy");
            for (var key : POLICY) {
                writeSetting(json, key);
            }
            json.writeEndObject();
            JsonText.write(json, "lease_holder", holder);
            json.writeFieldName("last_run");
            if (last == null) {
                json.writeNull();
            } else {
                last.write(json);
            }
            JsonText.write(json, "next_due_at_us", due);
            json.writeFieldName("preview");
            preview.write(json);
            json.writeEndObject();
        });
    }

    private void writeSetting(JsonGenerator json, ConfigKey key) throws IOException {
        json.writeObjectFieldStart(key.name());
        JsonText.write(json, "value", settings.text(key));
        json.writeStringField("source", settings.source(key));
        json.writeEndObject();
    }

    /** Begins a run, or only tells what it would delete. */
    @POST
    @Path("runs")
    public Response run(@Context UriInfo uri) {
        var query = Query.of(uri.getQueryParameters(), "dry_run");
        boolean dry = query.word("dry_run", "false", List.of("true", "false")).equals("true");
        query.check();
        if (dry) {
            return Answer.fresh(retention.preview(MOST_COUNTED)::write);
        }
        var id = retention.request();
        return Response.accepted(Answer.bytes(retention.needed(id)::write))
                .type(MediaType.APPLICATION_JSON_TYPE)
                .location(uri.getAbsolutePathBuilder().path(id).build())
                .build();
    }

    /** The newest runs. */
    @GET
    @Path("runs")
    public Response list(@Context UriInfo uri) {
        var query = Query.of(uri.getQueryParameters(), "limit", "before");
        int limit = query.number("limit", 20, 1, 200);
        var before = query.number("before", 0, Long.MAX_VALUE);
        query.check();
        var found = runs.before(before == null ? Long.MAX_VALUE : before, limit);
        return Answer.fresh(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("runs");
            for (var run : found) {
                run.write(json);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    /** One run. */
    @GET
    @Path("runs/{run_id}")
    public Response one(@Context UriInfo uri, @PathParam("run_id") String id) {
        Query.none(uri.getQueryParameters());
        return Answer.fresh(retention.needed(id)::write);
    }

    /** Pauses a run after the session that it is at; the next one goes on. */
    @DELETE
    @Path("runs/{run_id}")
    public Response pause(@Context UriInfo uri, @PathParam("run_id") String id) {
        Query.none(uri.getQueryParameters());
        retention.pause(id);
        return Response.accepted(Answer.bytes(retention.needed(id)::write))
                .type(MediaType.APPLICATION_JSON_TYPE)
                .build();
    }
}
