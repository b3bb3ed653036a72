package io.tarsy.history.http;

import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** The only place where an exception becomes an HTTP answer. */
@Provider
public class ProblemMapper implements ExceptionMapper<Throwable> {
    /** The media type of every failure. */
    public static final String PROBLEM_JSON = "application/problem+json";

    private static final Logger LOG = System.getLogger(ProblemMapper.class.getName());
    static final String RETRY_AFTER_SECONDS = "2";

    @Inject
    Instance<Diagnosis> diagnoses;

    @Context
    @Nullable
    UriInfo uri;

    @Override
    public Response toResponse(Throwable thrown) {
        var problem = problemIn(thrown);
        if (problem != null) {
            return answer(problem);
        }
        if (thrown instanceof WebApplicationException refused) {
            return answer(ofStatus(refused.getResponse().getStatus(), refused), refused.getResponse());
        }
        if (thrown instanceof ProcessingException) {
            return answer(Problem.MALFORMED_BODY.with("The body is not what this address expects.", thrown));
        }
        for (var diagnosis : diagnoses) {
            var found = diagnosis.of(thrown);
            if (found != null) {
                return answer(found);
            }
        }
        LOG.log(Level.ERROR, "Request " + Correlation.id() + " failed", thrown);
        return answer(Problem.UNEXPECTED.with("The server's log tells more under the correlation id."));
    }

    private static @Nullable ProblemException problemIn(Throwable thrown) {
        for (Throwable at = thrown; at != null; at = at.getCause()) {
            if (at instanceof ProblemException problem) {
                return problem;
            }
        }
        return null;
    }

    /** The problem behind a status that the server gave. */
    static ProblemException ofStatus(int status, @Nullable Throwable cause) {
        return switch (status) {
            case 404 -> Problem.NOT_FOUND.with("There is nothing at this address.");
            case 405 -> Problem.METHOD_NOT_ALLOWED.with("This address does not take that method.");
            case 406 -> Problem.NOT_ACCEPTABLE.with("This address does not answer in the format asked for.");
            case 413 -> Problem.BODY_TOO_LARGE.with("The body is over the limit.");
            case 415 -> Problem.UNSUPPORTED_MEDIA_TYPE.with("This address does not take a body of that Content-Type.");
            case 503 -> Problem.DATABASE_UNAVAILABLE.with("The server is not ready.");
            default ->
                status < 500
                        ? Problem.BAD_REQUEST.with("The request cannot be understood.")
                        : Problem.UNEXPECTED.with("The server could not answer.", cause);
        };
    }

    private Response answer(ProblemException problem, Response original) {
        var answer = Response.fromResponse(answer(problem));
        var allowed = original.getHeaderString(HttpHeaders.ALLOW);
        if (allowed != null) {
            answer.header(HttpHeaders.ALLOW, allowed);
        }
        return answer.build();
    }

    private Response answer(ProblemException problem) {
        int status = problem.problem().status();
        if (status >= 500) {
            log(problem, status);
        }
        var answer = Response.status(status)
                .type(PROBLEM_JSON)
                .header("Cache-Control", "no-store")
                .entity(json(problem, instance()));
        if (status == 503 || status == 429) {
            answer.header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        return answer.build();
    }

    private static void log(ProblemException problem, int status) {
        var said = "Request " + Correlation.id() + ": " + problem.detail();
        var cause = problem.getCause();
        if (status != 503) {
            LOG.log(Level.ERROR, said, cause);
        } else if (cause == null) {
            // refused at the gate, for a reason that the log has already
            LOG.log(Level.DEBUG, said);
        } else {
            // an outage concerns every request: a line for each is enough, and the whole of it for who asks
            LOG.log(Level.WARNING, said + " " + root(cause));
            LOG.log(Level.DEBUG, said, cause);
        }
    }

    /** What it came from, in one line. */
    private static String root(Throwable cause) {
        var at = cause;
        while (at.getCause() != null && at.getCause() != at) {
            at = at.getCause();
        }
        return at.toString().lines().findFirst().orElse("");
    }

    /** The whole body of an answer that tells of a problem with the address {@code instance}. */
    static byte[] json(ProblemException problem, @Nullable String instance) {
        var bytes = new ByteArrayOutputStream();
        try (var json = JsonText.generator(bytes)) {
            json.writeStartObject();
            json.writeStringField(
                    "type", "urn:tarsy:problem:" + problem.problem().slug());
            writeBody(json, problem);
            JsonText.write(json, "instance", instance);
            json.writeStringField("correlation_id", Correlation.id());
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private @Nullable String instance() {
        try {
            return uri == null ? null : uri.getRequestUri().getRawPath();
        } catch (IllegalStateException outsideOfRequest) {
            return null;
        }
    }

    /** The members of a problem that also stand in a line of a batch: title, status, detail and errors. */
    public static void writeBody(com.fasterxml.jackson.core.JsonGenerator json, ProblemException problem)
            throws IOException {
        json.writeStringField("title", problem.problem().title());
        json.writeNumberField("status", problem.problem().status());
        JsonText.write(json, "detail", problem.detail());
        if (problem.errors().isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("errors");
        for (var error : problem.errors()) {
            json.writeStartObject();
            JsonText.write(json, "field", error.field());
            JsonText.write(json, "message", error.message());
            if (error.value() != null) {
                JsonText.write(json, "value", error.value());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
