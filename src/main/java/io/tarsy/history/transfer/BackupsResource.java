package io.tarsy.history.transfer;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tarsy.history.http.Answer;
import io.tarsy.history.http.Gated;
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
import java.io.IOException;

/** Speaks HTTP about backups. */
@Gated
@ApplicationScoped
@Path("system/backups")
@Produces(MediaType.APPLICATION_JSON)
public class BackupsResource {
    @Inject
    Backups backups;

    /** Makes a backup; it is complete, proven and on disk when this answers. */
    @POST
    public Response make(@Context UriInfo uri) {
        Query.none(uri.getQueryParameters());
        var made = backups.make();
        return Response.status(Response.Status.CREATED)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .header("Cache-Control", "no-store")
                .entity(Answer.bytes(json -> write(json, made)))
                .build();
    }

    /** The backups that are there. */
    @GET
    public Response list(@Context UriInfo uri) {
        Query.none(uri.getQueryParameters());
        backups.requirePossible();
        var all = backups.list();
        return Answer.fresh(json -> {
            json.writeStartObject();
            json.writeStringField("directory", backups.folder().toString());
            json.writeArrayFieldStart("backups");
            for (var one : all) {
                write(json, one);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static void write(JsonGenerator json, Backups.Backup backup) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", backup.name());
        json.writeNumberField("bytes", backup.bytes());
        json.writeNumberField("created_at_us", backup.createdAtUs());
        json.writeEndObject();
    }
}
