package io.tarsy.history.http;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What the server itself refuses, outside of the API, in the words of every other problem; {@code web.xml} leads here. */
@WebServlet(name = "problem", urlPatterns = ProblemPage.PATH, asyncSupported = true)
public class ProblemPage extends HttpServlet {
    static final String PATH = "/problem";

    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        int status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code ? code : 404;
        var cause = (Throwable) request.getAttribute(RequestDispatcher.ERROR_EXCEPTION);
        var address = (String) request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
        write(response, ProblemMapper.ofStatus(status, cause), address == null ? request.getRequestURI() : address);
    }

    /** Answers with a problem, unless an answer is on its way already. */
    public static void write(HttpServletResponse response, ProblemException problem, @Nullable String address)
            throws IOException {
        if (response.isCommitted()) {
            return;
        }
        var body = ProblemMapper.json(problem, address);
        response.resetBuffer();
        int status = problem.problem().status();
        response.setStatus(status);
        if (status == 503 || status == 429) {
            response.setHeader("Retry-After", ProblemMapper.RETRY_AFTER_SECONDS);
        }
        response.setContentType(ProblemMapper.PROBLEM_JSON);
        response.setHeader("Cache-Control", "no-store");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
