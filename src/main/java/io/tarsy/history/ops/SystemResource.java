package io.tarsy.history.ops;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tarsy.history.database.Database;
import io.tarsy.history.database.Database.State;
import io.tarsy.history.http.Answer;
import io.tarsy.history.http.Correlation;
import io.tarsy.history.http.JsonText;
import io.tarsy.history.http.Query;
import io.tarsy.history.http.Release;
import io.tarsy.history.session.SessionListService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.ServletContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;

/** Speaks HTTP about the installation. */
@ApplicationScoped
@Path("system")
@Produces(MediaType.APPLICATION_JSON)
public class SystemResource {
    private static final Logger LOG = System.getLogger(SystemResource.class.getName());

    @Inject
    Database database;

    @Inject
    SessionListService sessions;

    @Inject
    Release release;

    /** What runs here: version, build, server, uptime, database and how many sessions it holds. */
    @GET
    @Path("info")
    public Response info(@Context UriInfo uri, @Context ServletContext server) {
        Query.none(uri.getQueryParameters());
        return Answer.fresh(json -> {
            json.writeStartObject();
            json.writeStringField("version", release.version());
            json.writeStringField("build", release.build());
            json.writeStringField("server", server.getServerInfo());
            json.writeStringField("java", Runtime.version().toString());
            json.writeNumberField(
                    "uptime_ms", ManagementFactory.getRuntimeMXBean().getUptime());
            json.writeStringField("state", database.state().name().toLowerCase(java.util.Locale.ROOT));
            if (database.state() == State.DISABLED) {
                json.writeNullField("database");
            } else {
                json.writeObjectFieldStart("database");
                json.writeStringField("type", database.name());
                json.writeStringField("location", database.location());
                json.writeEndObject();
            }
            writeSessions(json);
            json.writeEndObject();
        });
    }

    /** The page that shows this is there for outages too, so a count that fails is none. */
    private void writeSessions(JsonGenerator json) throws IOException {
        Long counted = null;
        if (database.state() == State.READY) {
            try {
                counted = sessions.countAll();
            } catch (RuntimeException away) {
                LOG.log(Level.WARNING, "Request " + Correlation.id() + ": the sessions cannot be counted now", away);
            }
        }
        boolean estimate = counted != null && counted > SessionListService.COUNTED;
        JsonText.write(json, "sessions", estimate ? Long.valueOf(SessionListService.COUNTED) : counted);
        json.writeBooleanField("sessions_is_estimate", estimate);
    }
}
