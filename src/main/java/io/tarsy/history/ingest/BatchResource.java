package io.tarsy.history.ingest;

import io.tarsy.history.config.ConfigKey;
import io.tarsy.history.config.Settings;
import io.tarsy.history.database.FailureDiagnosis;
import io.tarsy.history.http.Answer;
import io.tarsy.history.http.Bodies;
import io.tarsy.history.http.Deferrable;
import io.tarsy.history.http.Gate;
import io.tarsy.history.http.Gated;
import io.tarsy.history.http.Problem;
import io.tarsy.history.http.Query;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Speaks HTTP about many records in one request. */
@Gated
@ApplicationScoped
@Path("history/batch")
public class BatchResource {
    @Inject
    BatchService service;

    @Inject
    FailureDiagnosis failures;

    @Inject
    Spool spool;

    @Inject
    Gate gate;

    @Inject
    Bodies bodies;

    @Inject
    Settings settings;

    @Resource
    @SuppressWarnings("NullAway.Init")
    ManagedExecutorService executor;

    /** Stores records, one on a line, and tells of each line what became of it. */
    @POST
    @Deferrable
    @Consumes({Answer.NDJSON, "application/ndjson"})
    @Produces(Answer.NDJSON)
    public Response store(
            @Context UriInfo uri, @HeaderParam(HttpHeaders.CONTENT_LENGTH) @Nullable Long length, InputStream body)
            throws IOException {
        Query.none(uri.getQueryParameters());
        if (!spool.isOpen()) {
            gate.require();
        }
        long max = settings.number(ConfigKey.HISTORY_MAX_BATCH_BYTES);
        if (length != null && length > max) {
            throw Problem.BODY_TOO_LARGE.with("The batch is larger than " + max + " bytes.");
        }
        var results = new Results();
        try {
            new Batch(service, failures, executor, spool, settings.number(ConfigKey.HISTORY_MAX_MESSAGES))
                    .store(new Lines(body, bodies, max), results);
        } catch (IOException broken) {
            results.close();
            throw Problem.MALFORMED_BODY.with("The batch ended before it was complete.", broken);
        } catch (RuntimeException failed) {
            results.close();
            throw failed;
        }
        return Answer.streamed(Answer.NDJSON, out -> {
            try (results) {
                results.writeTo(out);
            }
        });
    }
}
