package io.tarsy.history.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Gives every request an id that stands in its answer and in every log line about it: the caller's, if it sent a sane
 * one. Adds the headers that every answer carries.
 */
@WebFilter(filterName = "correlation", urlPatterns = "/*", asyncSupported = true)
public class Correlation extends HttpFilter {
    /** The header's name. */
    public static final String HEADER = "X-Correlation-Id";

    private static final long serialVersionUID = 1L;
    private static final Pattern SANE = Pattern.compile("[A-Za-z0-9._:/@+=-]{1,128}");
    private static final ThreadLocal<@Nullable String> CURRENT = new ThreadLocal<>();

    /** The id of the request that this thread serves, or "none" outside of one. */
    public static String id() {
        var id = CURRENT.get();
        return id == null ? "none" : id;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        var sent = request.getHeader(HEADER);
        var id = sent != null && SANE.matcher(sent).matches()
                ? sent
                : UUID.randomUUID().toString();
        CURRENT.set(id);
        response.setHeader(HEADER, id);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("X-Frame-Options", "DENY");
        response.setHeader("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'; base-uri 'none'");
        try {
            chain.doFilter(request, response);
        } finally {
            CURRENT.remove();
        }
    }
}
