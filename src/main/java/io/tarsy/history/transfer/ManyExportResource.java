package io.tarsy.history.transfer;

import io.tarsy.history.http.Answer;
import io.tarsy.history.http.Gated;
import io.tarsy.history.http.Problem;
import io.tarsy.history.http.ProblemException;
import io.tarsy.history.http.Query;
import io.tarsy.history.session.SessionListService;
import io.tarsy.history.session.SessionQuery;
import io.tarsy.history.session.SessionRecords;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** Speaks HTTP about taking many sessions out of the history: those that are named, or all that a list would show. */
@Gated
@ApplicationScoped
@Path("history/export")
public class ManyExportResource {
    private static final String ID = "session_id";
    private static final int MOST_NAMED = 500;
    private static final DateTimeFormatter NOW =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    @Inject
    SessionListService lists;

    @Inject
    SessionRecords records;

    @Inject
    Clock clock;

    /** Sessions as records for a batch, newest first or in the order in which they are named. */
    @GET
    @Produces(Answer.NDJSON)
    public Response export(@Context UriInfo uri) {
        var sent = uri.getQueryParameters();
        var first = sent.containsKey(ID)
                ? new SessionListService.Ids(named(Query.of(sent, ID)), null)
                : lists.ids(SessionQuery.filters(sent));
        var answer = Answer.streamed(Answer.NDJSON, out -> {
            var writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
            for (var some = first; some != null; some = some.next() == null ? null : lists.ids(some.next())) {
                write(some.ids(), writer);
            }
            writer.flush();
        });
        answer.getHeaders()
                .putSingle(
                        HttpHeaders.CONTENT_DISPOSITION,
                        "attachment; filename=\"sessions-" + NOW.format(clock.instant()) + ".ndjson\"");
        return answer;
    }

    private List<String> named(Query query) {
        var ids = query.texts(ID);
        if (ids.size() > MOST_NAMED) {
            query.wrong(ID, "can be given at most " + MOST_NAMED + " times");
        }
        query.check();
        lists.requireAll(ids);
        return ids;
    }

    private void write(List<String> ids, Writer out) throws IOException {
        for (var id : ids) {
            try {
                records.each(id, line -> out.append(line).append('\n'));
            } catch (ProblemException gone) {
                if (gone.problem() != Problem.NOT_FOUND) {
                    throw gone;
                }
                // deleted after it was found, and nothing of it is written yet
            }
        }
    }
}
