package io.tarsy.history.live;

import io.tarsy.history.http.Problem;
import io.tarsy.history.http.ProblemPage;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Refuses WebSockets that a page of another site opens: a browser lets every page of the world try. In front of the
 * endpoint, since an endpoint is only asked when the connection is open already.
 */
@WebFilter(filterName = "same-origin", urlPatterns = "/ws/*", asyncSupported = true)
public class SameOrigin extends HttpFilter {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        boolean same =
                isSame(request.getHeader("Origin"), request.getHeader("Host"), request.getHeader("X-Forwarded-Host"));
        if (same) {
            chain.doFilter(request, response);
        } else {
            var problem = Problem.OTHER_SITE.with("Only pages of this site may open a WebSocket here.");
            ProblemPage.write(response, problem, request.getRequestURI());
        }
    }

    /** A page cannot choose the last two; without the first it is no browser. */
    static boolean isSame(@Nullable String origin, @Nullable String host, @Nullable String forwardedHost) {
        if (origin == null) {
            return true;
        }
        try {
            var authority = URI.create(origin).getRawAuthority();
            return authority != null && (authority.equalsIgnoreCase(host) || authority.equalsIgnoreCase(forwardedHost));
        } catch (IllegalArgumentException noAddress) {
            return false;
        }
    }
}
