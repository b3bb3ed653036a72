package io.tarsy.history.transfer;

import io.tarsy.history.http.Answer;
import io.tarsy.history.http.Gated;
import io.tarsy.history.http.Query;
import io.tarsy.history.session.SessionDetailService;
import io.tarsy.history.session.SessionRecords;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.core.UriInfo;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Speaks HTTP about taking a session out of the history. */
@Gated
@ApplicationScoped
@Path("history/sessions/{session_id}/export")
public class ExportResource {
    private static final String MARKDOWN = "text/markdown; charset=utf-8";

    @Inject
    SessionRecords records;

    @Inject
    SessionDetailService details;

    /** A session as records for a batch, as one JSON document, or as a report. */
    @GET
    @Produces({Answer.NDJSON, MediaType.APPLICATION_JSON, "text/markdown"})
    public Response export(@Context UriInfo uri, @Context Request request, @PathParam("session_id") String id) {
        var query = Query.of(uri.getQueryParameters(), "format");
        var format = query.word("format", "ndjson", List.of("ndjson", "json", "markdown"));
        query.check();
        var detail = details.detail(id, false);
        var version = detail.version() + format.charAt(0);
        var answer = switch (format) {
            case "json" ->
                Answer.streamed(request, version, MediaType.APPLICATION_JSON, out -> detail.write(out, false));
            case "markdown" -> Answer.streamed(request, version, MARKDOWN, out -> markdown(id, out));
            default -> Answer.streamed(request, version, Answer.NDJSON, lines(id));
        };
        answer.getHeaders()
                .putSingle(
                        HttpHeaders.CONTENT_DISPOSITION,
                        "attachment; filename=\"session-" + id.replace(':', '_') + "."
                                + (format.equals("markdown") ? "md" : format) + "\"");
        return answer;
    }

    private StreamingOutput lines(String id) {
        return out -> {
            var writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
            records.each(id, line -> writer.append(line).append('\n'));
            writer.flush();
        };
    }

    private void markdown(String id, OutputStream out) throws IOException {
        var writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        var report = new MarkdownReport(writer);
        records.each(id, report::add);
        writer.flush();
    }
}
