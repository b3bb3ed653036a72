package io.tarsy.history.ops;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tarsy.history.database.Check.Status;
import io.tarsy.history.http.Answer;
import io.tarsy.history.http.Bodies;
import io.tarsy.history.http.Query;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Speaks HTTP about how the installation is; always 200, what is wrong is said in the answer. */
@ApplicationScoped
@Path("system/checks")
@Produces(MediaType.APPLICATION_JSON)
public class ChecksResource {
    private static final List<Status> COUNTED = List.of(Status.OK, Status.WARN, Status.FAIL, Status.SKIPPED);

    @Inject
    Doctor doctor;

    @Inject
    Bodies bodies;

    /** Every check, made now. */
    @GET
    public Response checks(@Context UriInfo uri) {
        Query.none(uri.getQueryParameters());
        var report = doctor.examine();
        return Answer.fresh(json -> {
            json.writeStartObject();
            json.writeStringField("status", word(report.status()));
            json.writeNumberField("at_us", bodies.nowUs());
            json.writeNumberField("took_ms", report.tookMs());
            json.writeObjectFieldStart("counts");
            for (var status : COUNTED) {
                json.writeNumberField(word(status), report.count(status));
            }
            json.writeEndObject();
            json.writeArrayFieldStart("checks");
            for (var result : report.results()) {
                write(json, result);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static void write(JsonGenerator json, Doctor.Result result) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", result.check().name());
        json.writeStringField("status", word(result.finding().status()));
        json.writeStringField("title", result.check().title());
        json.writeStringField("detail", result.finding().detail());
        json.writeStringField("meaning", result.check().meaning());
        json.writeStringField("action", result.finding().action());
        json.writeEndObject();
    }

    private static String word(Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }
}
