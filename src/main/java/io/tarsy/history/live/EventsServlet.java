package io.tarsy.history.live;

import io.tarsy.history.http.ProblemException;
import io.tarsy.history.http.ProblemPage;
import io.tarsy.history.http.Query;
import io.tarsy.history.http.Route;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Server-Sent Events at {@code /api/v1/history/events}. A servlet and no resource, because only here the server tells
 * when a client can take more without a thread that waits for it.
 */
@WebServlet(urlPatterns = "/api/v1/history/events", asyncSupported = true)
public class EventsServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final String LAST_ID = "last_event_id";

    @Inject
    @SuppressWarnings("serial") // servlets are not serialized
    Audience audience;

    @Inject
    @SuppressWarnings("serial") // nor is this
    Sender sender;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Route.isEndless(request, "/history/events");
        try {
            var query = Query.of(parameters(request), "session_id", LAST_ID);
            var sessionId = query.text("session_id");
            var lastId = query.number(LAST_ID, 0, Long.MAX_VALUE);
            query.check();
            listen(request, response, sessionId, audience.startAfter(lastId));
        } catch (ProblemException refused) {
            ProblemPage.write(response, refused, request.getRequestURI());
        }
    }

    /** Only the head: the stream would never end. */
    @Override
    protected void doHead(HttpServletRequest request, HttpServletResponse response) {
        describe(response);
    }

    /** A browser sends the header when it connects again; the parameter is for the first time. */
    private static Map<String, List<String>> parameters(HttpServletRequest request) {
        var sent = new LinkedHashMap<String, List<String>>();
        request.getParameterMap().forEach((name, values) -> sent.put(name, List.of(values)));
        var header = request.getHeader("Last-Event-ID");
        if (header != null && !header.isBlank()) {
            sent.put(LAST_ID, List.of(header.trim()));
        }
        return sent;
    }

    private static void describe(HttpServletResponse response) {
        response.setContentType("text/event-stream");
        response.setCharacterEncoding("UTF-8");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Accel-Buffering", "no");
    }

    private void listen(
            HttpServletRequest request, HttpServletResponse response, @Nullable String sessionId, Audience.Start start)
            throws IOException {
        describe(response);
        var context = request.startAsync();
        context.setTimeout(0);
        var out = response.getOutputStream();
        var client = new SseClient(audience, sender, context, out, sessionId);
        context.addListener(client);
        client.greet(); // the first bytes, so that the client sees its connection open
        out.setWriteListener(client);
        if (!audience.join(client, start)) {
            client.end(); // others came first
        }
    }
}
