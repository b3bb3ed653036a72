package io.tarsy.history.http;

import io.tarsy.history.config.ConfigKey;
import io.tarsy.history.config.Settings;
import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Lets the application server say who is there, where {@link ConfigKey#HISTORY_SIGN_IN} wants to know: a page leads to
 * the server's own way of signing in, everything else needs the session of that or a token. Who is not known gets
 * nothing, also where the server has no way of signing in at all. It stands in {@code web.xml}, behind
 * {@link Correlation}; health checks and measurements stay open.
 */
public class SignIn extends HttpFilter {
    private static final long serialVersionUID = 1L;
    private static final System.Logger LOG = System.getLogger(SignIn.class.getName());

    private static final Pattern PROBE = Pattern.compile("/health(/[a-z]+)?|/metrics(/[a-z]+)?");

    @Inject
    transient Settings settings;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (settings.required(ConfigKey.HISTORY_SIGN_IN).equals("none") || isKnown(request) || isProbe(request)) {
            chain.doFilter(request, response);
            return;
        }
        boolean isPage = isPage(request);
        if (isPage || request.getHeader("Authorization") != null || request.getHeader("Cookie") != null) {
            ask(request, isPage ? response : new SilentResponse(response));
            if (isKnown(request)) {
                chain.doFilter(request, response);
                return;
            }
        }
        if (!isPage || response.getStatus() == HttpServletResponse.SC_OK) {
            refuse(request, response);
        } // else the server has led to where one signs in
    }

    private static boolean isKnown(HttpServletRequest request) {
        return request.getUserPrincipal() != null;
    }

    /** On Payara the health checks and measurements are part of the application that has the root. */
    private static boolean isProbe(HttpServletRequest request) {
        var rest = request.getPathInfo();
        var path = request.getServletPath() + (rest == null ? "" : rest);
        return PROBE.matcher(path).matches();
    }

    /** Whether someone looks at it, who can be led elsewhere and come back. */
    private static boolean isPage(HttpServletRequest request) {
        var accepted = request.getHeader("Accept");
        var path = request.getRequestURI().substring(request.getContextPath().length());
        return request.getMethod().equals("GET")
                && accepted != null
                && accepted.toLowerCase(Locale.ROOT).contains("text/html")
                && !path.startsWith("/api/");
    }

    private static void ask(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            request.authenticate(response);
        } catch (ServletException none) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Request " + Correlation.id() + ": the server could not ask who is there; "
                            + ConfigKey.HISTORY_SIGN_IN + " needs a server with a way of signing in",
                    none);
        }
    }

    private static void refuse(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("WWW-Authenticate", "Bearer");
        var refused = Problem.NOT_SIGNED_IN.with("Sign in, by loading the page again, or send a valid token.");
        ProblemPage.write(response, refused, request.getRequestURI());
    }
}
