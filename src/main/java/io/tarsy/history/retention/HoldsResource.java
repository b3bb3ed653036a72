package io.tarsy.history.retention;

import com.fasterxml.jackson.core.JsonToken;
import io.tarsy.history.http.Answer;
import io.tarsy.history.http.Bodies;
import io.tarsy.history.http.Field;
import io.tarsy.history.http.Gated;
import io.tarsy.history.http.JsonText;
import io.tarsy.history.http.Query;
import io.tarsy.history.http.Shape;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/** Speaks HTTP about holding many sessions back from retention, or no longer. */
@Gated
@ApplicationScoped
@Path("history/holds")
@Produces(MediaType.APPLICATION_JSON)
public class HoldsResource {
    private static final String IDS = "session_ids";
    private static final String HOLD = "retention_hold";
    private static final int MOST = 500;
    private static final Shape BODY =
            Shape.of(Field.any(IDS).needed(), Field.flag(HOLD).needed());

    @Inject
    Bodies bodies;

    @Inject
    Holds holds;

    /** Holds sessions, or lets them go. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response hold(@Context UriInfo uri, InputStream sent) {
        Query.none(uri.getQueryParameters());
        var body = bodies.object(sent, BODY);
        var held = holds.hold(ids(body.needed(IDS)), body.flagOr(HOLD, false));
        return Answer.fresh(held::write);
    }

    private static List<String> ids(String json) {
        var ids = new LinkedHashSet<String>();
        try (var parser = JsonText.parser(json)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw Shape.invalid(IDS, "must be a list");
            }
            for (int at = 0; parser.nextToken() != JsonToken.END_ARRAY; at++) {
                if (parser.currentToken() != JsonToken.VALUE_STRING || !Shape.isId(parser.getText())) {
                    throw Shape.invalid(
                            IDS + "[" + at + "]", "must be 1 to 64 characters from A-Z, a-z, 0-9 and . _ : -");
                }
                ids.add(parser.getText());
            }
        } catch (IOException broken) {
            throw Shape.malformed(broken);
        }
        if (ids.isEmpty() || ids.size() > MOST) {
            throw Shape.invalid(IDS, "must have 1 to " + MOST + " ids");
        }
        return new ArrayList<>(ids);
    }
}
