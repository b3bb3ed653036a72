package io.tarsy.history.ops;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tarsy.history.database.Backlog;
import io.tarsy.history.database.Database;
import io.tarsy.history.database.Database.State;
import io.tarsy.history.database.Probe;
import io.tarsy.history.http.Answer;
import io.tarsy.history.http.Bodies;
import io.tarsy.history.http.Query;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;

/** Speaks HTTP about the health of the history; always 200, for dashboards that show the answer. */
@ApplicationScoped
@Path("history/health")
@Produces(MediaType.APPLICATION_JSON)
public class HistoryHealthResource {
    @Inject
    Database database;

    @Inject
    Probe probe;

    @Inject
    Bodies bodies;

    @Inject
    Instance<Backlog> backlogs;

    /** Whether the history is healthy, unhealthy or disabled. */
    @GET
    public Response health(@Context UriInfo uri) {
        Query.none(uri.getQueryParameters());
        return Answer.fresh(json -> {
            json.writeStartObject();
            json.writeStringField("service", "alert_processing_history");
            if (database.state() == State.DISABLED) {
                disabled(json);
            } else if (probe.answers()) {
                healthy(json);
            } else {
                unhealthy(json);
            }
            json.writeEndObject();
        });
    }

    private void begin(JsonGenerator json, String status) throws IOException {
        json.writeStringField("status", status);
        json.writeNumberField("timestamp_us", bodies.nowUs());
        json.writeObjectFieldStart("details");
    }

    private void disabled(JsonGenerator json) throws IOException {
        begin(json, "disabled");
        json.writeStringField("message", "History service is disabled via configuration");
        json.writeBooleanField("history_enabled", false);
        json.writeEndObject();
    }

    private void healthy(JsonGenerator json) throws IOException {
        begin(json, "healthy");
        json.writeStringField("database_connection", "ok");
        json.writeBooleanField("history_enabled", true);
        json.writeStringField("database_type", database.name());
        json.writeStringField("database_location", database.location());
        backlog(json);
        json.writeEndObject();
    }

    private void unhealthy(JsonGenerator json) throws IOException {
        begin(json, "unhealthy");
        json.writeStringField("database_connection", "failed");
        json.writeBooleanField("history_enabled", true);
        json.writeStringField("error", "Database connection test failed");
        backlog(json);
        json.writeEndObject();
    }

    /** What waits for the database, where anything may. */
    private void backlog(JsonGenerator json) throws IOException {
        for (var backlog : backlogs) {
            if (backlog.enabled()) {
                json.writeObjectFieldStart("spool");
                json.writeNumberField("depth", backlog.depth());
                json.writeNumberField("bytes", backlog.bytes());
                json.writeNumberField("rejected", backlog.rejected());
                json.writeEndObject();
            }
        }
    }
}
