package io.tarsy.history.http;

import io.tarsy.history.metrics.Metrics;
import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Gives every request an id that stands in its answer and in every log line about it: the caller's, if it sent a sane
 * one, else the trace it belongs to. Adds the headers that every answer carries, and measures. It
 * stands in {@code web.xml}, before every other filter.
 */
public class Correlation extends HttpFilter {
    /** The header's name. */
    public static final String HEADER = "X-Correlation-Id";

    private static final long serialVersionUID = 1L;
    /** Nothing from elsewhere, and no script or style within a page. */
    private static final String POLICY =
            "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self';" + " frame-ancestors 'none'";

    private static final Pattern SANE = Pattern.compile("[A-Za-z0-9._:/@+=-]{1,128}");
    private static final String TRACE = "traceparent";
    private static final Pattern TRACE_CONTEXT =
            Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?");
    private static final int LONGEST_TRACE_CONTEXT = 512;
    private static final ThreadLocal<@Nullable String> CURRENT = new ThreadLocal<>();

    @Inject
    transient Metrics metrics;

    /** The id of the request that this thread serves, or "none" outside of one. */
    public static String id() {
        var id = CURRENT.get();
        return id == null ? "none" : id;
    }

    /** Servers differ in what they make of such an address, so none of them gets it. */
    private static boolean isBroken(@Nullable String address) {
        if (address == null || address.indexOf('%') < 0) {
            return false;
        }
        var bytes = new ByteArrayOutputStream();
        for (int at = 0; at < address.length(); at++) {
            char c = address.charAt(at);
            if (c != '%') {
                bytes.write(c < 0x80 ? c : '?');
                continue;
            }
            int high = at + 2 < address.length() ? Character.digit(address.charAt(at + 1), 16) : -1;
            int low = at + 2 < address.length() ? Character.digit(address.charAt(at + 2), 16) : -1;
            if (high < 0 || low < 0) {
                return true;
            }
            bytes.write(high << 4 | low);
            at += 2;
        }
        try {
            Bodies.utf8(bytes.toByteArray(), bytes.size());
            return false;
        } catch (ProblemException noUtf8) {
            return true;
        }
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        var id = id(request.getHeader(HEADER), request.getHeader(TRACE));
        var meter = new RequestMeter(metrics, request, response);
        boolean failed = true;
        CURRENT.set(id);
        response.setHeader(HEADER, id);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("X-Frame-Options", "DENY");
        response.setHeader("Content-Security-Policy", POLICY);
        try {
            if (isBroken(request.getRequestURI()) || isBroken(request.getQueryString())) {
                var broken = Problem.BAD_REQUEST.with("The address has a percent sign that is not followed by two"
                        + " hexadecimal digits of valid UTF-8.");
                ProblemPage.write(response, broken, request.getRequestURI());
            } else {
                chain.doFilter(request, response);
            }
            failed = false;
        } finally {
            meter.end(failed);
            CURRENT.remove();
        }
    }

    /** The caller's own id, or that of the trace it names (W3C Trace Context), or a new one. */
    static String id(@Nullable String sent, @Nullable String trace) {
        if (sent != null && SANE.matcher(sent).matches()) {
            return sent;
        }
        if (trace != null && trace.length() <= LONGEST_TRACE_CONTEXT) {
            var context = TRACE_CONTEXT.matcher(trace);
            if (context.matches()) {
                return context.group(1);
            }
        }
        return UUID.randomUUID().toString();
    }
}
