package io.tarsy.history.ops;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tarsy.history.config.ConfigKey;
import io.tarsy.history.config.Settings;
import io.tarsy.history.database.Backlog;
import io.tarsy.history.database.Database;
import io.tarsy.history.database.Database.State;
import io.tarsy.history.database.Inspection;
import io.tarsy.history.database.OneAtATime;
import io.tarsy.history.database.PoolFigures;
import io.tarsy.history.database.Pooled;
import io.tarsy.history.database.Servers;
import io.tarsy.history.database.Sizes;
import io.tarsy.history.http.Answer;
import io.tarsy.history.http.JsonText;
import io.tarsy.history.http.Query;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
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
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Speaks HTTP about the database; always 200, and soon, with what is known when it does not answer. */
@ApplicationScoped
@Path("system/database")
@Produces(MediaType.APPLICATION_JSON)
public class DatabaseResource {
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    private final OneAtATime<Question> questions = new OneAtATime<>();

    @Inject
    Database database;

    @Inject
    Inspection inspection;

    @Inject
    Settings settings;

    @Inject
    Servers servers;

    @Inject
    Instance<Backlog> backlogs;

    @Inject
    Instance<Pooled> pools;

    @Resource
    @SuppressWarnings("NullAway.Init")
    ManagedExecutorService executor;

    /** Asks the database, and keeps why it gave no answer. */
    private static final class Question implements Runnable {
        private final Inspection inspection;
        private volatile Inspection.@Nullable Facts facts;
        private volatile String problem = "The database did not answer in time.";

        Question(Inspection inspection) {
            this.inspection = inspection;
        }

        @Override
        public void run() {
            try {
                facts = inspection.facts();
            } catch (RuntimeException failed) {
                var message = failed.getMessage();
                problem = "The database cannot be asked: " + (message == null ? failed : message);
            }
        }
    }

    /** Which database it is, how it is reached, and how large it is. */
    @GET
    public Response database(@Context UriInfo uri) {
        Query.none(uri.getQueryParameters());
        var state = database.state();
        var asked = state == State.DISABLED ? null : questions.ask(executor, () -> new Question(inspection), PATIENCE);
        var facts = asked == null ? null : asked.facts;
        var problem = asked == null || facts != null ? null : asked.problem;
        return Answer.fresh(json -> {
            json.writeStartObject();
            json.writeStringField("state", state.name().toLowerCase(Locale.ROOT));
            json.writeStringField("reason", database.reason());
            json.writeBooleanField("answers", facts != null);
            JsonText.write(json, "problem", problem);
            json.writeStringField("type", database.name());
            json.writeStringField("location", location());
            JsonText.write(json, "server_version", facts == null ? null : facts.version());
            schema(json, facts);
            pool(json);
            writeQueue(json);
            size(json, facts == null ? null : facts.sizes());
            connections(json, facts);
            servers(json, facts);
            spool(json);
            json.writeEndObject();
        });
    }

    private String location() {
        var file = database.chosen().sqliteFile();
        return file == null ? database.location() : file.toString();
    }

    private void schema(JsonGenerator json, Inspection.@Nullable Facts facts) throws IOException {
        json.writeObjectFieldStart("schema");
        json.writeStringField("migration_mode", settings.required(ConfigKey.HISTORY_MIGRATION_MODE));
        if (facts != null) {
            json.writeStringField("version", facts.schema().version());
            JsonText.write(json, "pending", facts.schema().pending());
            JsonText.write(json, "failed", facts.schema().failed());
            JsonText.write(json, "unknown", facts.schema().newer());
        }
        json.writeEndObject();
    }

    private void pool(JsonGenerator json) throws IOException {
        PoolFigures figures = null;
        for (var watched : pools) {
            figures = watched.pool();
        }
        if (figures == null) {
            json.writeNullField("pool");
            return;
        }
        json.writeObjectFieldStart("pool");
        json.writeNumberField("in_use", figures.inUse());
        json.writeNumberField("idle", figures.idle());
        json.writeNumberField("waiting", figures.waiting());
        json.writeNumberField("limit", figures.limit());
        json.writeNumberField("timeouts", figures.timeouts());
        json.writeEndObject();
    }

    private void writeQueue(JsonGenerator json) throws IOException {
        var queue = inspection.writeQueue();
        if (queue == null) {
            json.writeNullField("write_queue");
            return;
        }
        json.writeObjectFieldStart("write_queue");
        json.writeNumberField("depth", queue.depth());
        json.writeNumberField("limit", queue.limit());
        json.writeNumberField("wait_limit_ms", queue.waitSeconds() * 1000L);
        json.writeEndObject();
    }

    private static void size(JsonGenerator json, @Nullable Sizes sizes) throws IOException {
        if (sizes == null) {
            json.writeNullField("size");
            return;
        }
        json.writeObjectFieldStart("size");
        json.writeNumberField("bytes", sizes.totalBytes());
        JsonText.write(json, "free_bytes", sizes.freeBytes());
        JsonText.write(json, "dead_rows", sizes.deadRows());
        var wal = sizes.wal();
        JsonText.write(json, "wal_bytes", wal == null ? null : (Long) wal.bytes());
        JsonText.write(json, "wal_limit_bytes", wal == null ? null : wal.limitBytes());
        json.writeArrayFieldStart("tables");
        for (var table : sizes.tables()) {
            json.writeStartObject();
            json.writeStringField("name", table.name());
            JsonText.write(json, "bytes", table.bytes());
            json.writeNumberField("rows_estimate", table.rows());
            JsonText.write(json, "dead_rows", table.deadRows());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void connections(JsonGenerator json, Inspection.@Nullable Facts facts) throws IOException {
        var connections = facts == null ? null : facts.connections();
        if (connections == null) {
            json.writeNullField("connections");
            return;
        }
        json.writeObjectFieldStart("connections");
        json.writeNumberField("max", connections.max());
        json.writeNumberField("reserved", connections.reserved());
        json.writeNumberField("used", connections.used());
        json.writeEndObject();
    }

    private void servers(JsonGenerator json, Inspection.@Nullable Facts facts) throws IOException {
        if (facts == null) {
            json.writeNullField("servers");
            return;
        }
        json.writeArrayFieldStart("servers");
        for (var server : facts.servers()) {
            json.writeStartObject();
            json.writeStringField("server_id", server.id());
            json.writeStringField("name", server.name());
            json.writeStringField("version", server.version());
            json.writeStringField("product", server.product());
            json.writeNumberField("pool_limit", server.poolLimit());
            json.writeNumberField("started_at_us", server.startedAtUs());
            json.writeNumberField("seen_at_us", server.seenAtUs());
            json.writeNumberField("clock_ahead_us", server.clockAheadUs());
            json.writeBooleanField("present", server.present());
            json.writeBooleanField("this", server.id().equals(servers.id()));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void spool(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("spool");
        boolean enabled = false;
        for (var backlog : backlogs) {
            enabled = backlog.enabled();
            json.writeNumberField("depth", backlog.depth());
            json.writeNumberField("bytes", backlog.bytes());
            json.writeNumberField("rejected", backlog.rejected());
        }
        json.writeBooleanField("enabled", enabled);
        json.writeEndObject();
    }
}
