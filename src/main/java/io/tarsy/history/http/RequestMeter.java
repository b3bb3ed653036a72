package io.tarsy.history.http;

import io.tarsy.history.metrics.Metric;
import io.tarsy.history.metrics.Metrics;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Set;

/** Measures one request to the API, to the end of its answer. */
final class RequestMeter implements AsyncListener {
    private static final String API = "/api/v1";
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    private final Metrics metrics;
    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final long begunNanos = System.nanoTime();

    RequestMeter(Metrics metrics, HttpServletRequest request, HttpServletResponse response) {
        this.metrics = metrics;
        this.request = request;
        this.response = response;
    }

    /** The thread that began the request is done with it; its answer may still go on. */
    void end(boolean failed) {
        if (failed || !goesOn()) {
            note(failed ? HttpServletResponse.SC_INTERNAL_SERVER_ERROR : response.getStatus());
        }
    }

    private boolean goesOn() {
        if (!request.isAsyncStarted() || Route.of(request).endless()) {
            return false;
        }
        try {
            request.getAsyncContext().addListener(this);
            return true;
        } catch (IllegalStateException endedMeanwhile) {
            return false;
        }
    }

    private void note(int status) {
        var address = request.getRequestURI().substring(request.getContextPath().length());
        if (!address.startsWith(API)) {
            return; // pages, and what belongs to the server
        }
        var method = METHODS.contains(request.getMethod()) ? request.getMethod() : "other";
        metrics.time(
                Metric.REQUESTS,
                Duration.ofNanos(System.nanoTime() - begunNanos),
                Route.of(request).template(),
                method,
                Integer.toString(status));
    }

    @Override
    public void onComplete(AsyncEvent event) {
        note(response.getStatus());
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        // completion follows
    }

    @Override
    public void onError(AsyncEvent event) {
        // completion follows
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        event.getAsyncContext().addListener(this);
    }
}
