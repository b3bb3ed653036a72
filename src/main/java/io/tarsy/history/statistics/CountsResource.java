package io.tarsy.history.statistics;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tarsy.history.database.OneAtATime;
import io.tarsy.history.http.Answer;
import io.tarsy.history.http.Gated;
import io.tarsy.history.http.JsonText;
import io.tarsy.history.http.Problem;
import io.tarsy.history.http.Query;
import io.tarsy.history.statistics.Recount.Difference;
import io.tarsy.history.statistics.Recount.Seen;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
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
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Speaks HTTP about the counts behind the statistics: how far they are, whether they are right, count them anew. */
@Gated
@ApplicationScoped
@Path("system/statistics")
@Produces(MediaType.APPLICATION_JSON)
public class CountsResource {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    @Inject
    Folding folding;

    @Inject
    Recount recount;

    @Inject
    StatisticsService service;

    @Resource
    @SuppressWarnings("NullAway.Init")
    ManagedExecutorService executor;

    private final OneAtATime<Comparison> comparisons = new OneAtATime<>();
    private volatile @Nullable Comparison last;

    /** One comparison of all counts with the rows. */
    private final class Comparison implements Runnable {
        private volatile @Nullable Seen seen;
        private volatile @Nullable RuntimeException failure;

        @Override
        public void run() {
            try {
                seen = recount.compare();
            } catch (RuntimeException failed) {
                failure = failed;
            }
        }

        void write(JsonGenerator json) throws IOException {
            var found = seen;
            json.writeStartObject();
            json.writeStringField("state", failure != null ? "failed" : found == null ? "running" : "finished");
            if (found != null) {
                json.writeNumberField("at_us", found.atUs());
                json.writeNumberField("sessions", found.sessions());
                json.writeBooleanField("agrees", found.agrees());
                json.writeArrayFieldStart("different");
                for (var one : found.different()) {
                    CountsResource.write(json, one);
                }
                json.writeEndArray();
            }
            json.writeEndObject();
        }
    }

    private static void write(JsonGenerator json, Difference one) throws IOException {
        json.writeStartObject();
        json.writeStringField("grain", one.cell().grain().word());
        json.writeNumberField("from_us", one.cell().fromUs());
        json.writeStringField("measure", one.cell().measure());
        JsonText.write(json, "name", one.cell().name());
        JsonText.write(json, "detail", one.cell().detail());
        json.writeNumberField("surplus", one.surplus().number());
        json.writeNumberField("surplus_errors", one.surplus().errors());
        json.writeNumberField("surplus_input_tokens", one.surplus().inputTokens());
        json.writeNumberField("surplus_output_tokens", one.surplus().outputTokens());
        json.writeNumberField("surplus_total_tokens", one.surplus().totalTokens());
        json.writeEndObject();
    }

    /** How far the counts are. */
    @GET
    public Response state(@Context UriInfo uri) {
        Query.none(uri.getQueryParameters());
        return Answer.fresh(writer());
    }

    private Answer.Writer writer() {
        var state = folding.state();
        var counted = folding.cellsCounted();
        var failure = folding.failure();
        var check = last;
        return json -> {
            json.writeStartObject();
            json.writeBooleanField("complete", state.isComplete());
            json.writeNumberField("changes_not_added_up", state.changes());
            json.writeBooleanField("rebuild_due", state.rebuildDue());
            JsonText.write(json, "rebuilt_at_us", state.rebuiltAtUs());
            JsonText.write(json, "rebuild_cells_counted", counted);
            JsonText.write(json, "rebuild_failure", state.rebuildDue() ? failure : null);
            json.writeFieldName("last_check");
            if (check == null) {
                json.writeNull();
            } else {
                check.write(json);
            }
            json.writeEndObject();
        };
    }

    /** Has everything counted anew; answers stay as they are until that is done, and {@code GET} tells. */
    @POST
    @Path("rebuild")
    public Response rebuild(@Context UriInfo uri) {
        Query.none(uri.getQueryParameters());
        service.order();
        return Response.accepted(Answer.bytes(writer()))
                .type(MediaType.APPLICATION_JSON_TYPE)
                .build();
    }

    /** Compares all counts with the rows; 202 if that takes longer than a request may, and {@code GET} tells. */
    @POST
    @Path("check")
    public Response check(@Context UriInfo uri) {
        Query.none(uri.getQueryParameters());
        var comparison = comparisons.ask(executor, Comparison::new, PATIENCE);
        last = comparison;
        var failure = comparison.failure;
        if (failure != null) {
            throw Problem.DATABASE_UNAVAILABLE.with("The statistics could not be compared with the rows.", failure);
        }
        return Response.status(comparison.seen == null ? 202 : 200)
                .entity(Answer.bytes(comparison::write))
                .type(MediaType.APPLICATION_JSON_TYPE)
                .build();
    }
}
