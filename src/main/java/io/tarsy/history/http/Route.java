package io.tarsy.history.http;

import jakarta.annotation.Priority;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.ext.Provider;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The address of a call as it was written down in its resource: however many sessions there are, it stays one.
 *
 * @param template the path, with names in braces where values would be
 * @param endless whether the answer is a stream that ends when the client goes
 */
public record Route(String template, boolean endless) {
    /** What was asked for is not there. */
    static final Route NONE = new Route("none", false);

    private static final String KEY = Route.class.getName();
    private static final Map<Method, Route> KNOWN = new ConcurrentHashMap<>();

    /** Notes the route of a request whose answer is a stream that ends when the client goes. */
    public static void isEndless(jakarta.servlet.ServletRequest request, String template) {
        request.setAttribute(KEY, new Route(template, true));
    }

    /** The route that was found for a request. */
    static Route of(jakarta.servlet.ServletRequest request) {
        return request.getAttribute(KEY) instanceof Route route ? route : NONE;
    }

    /** The route of a method of a resource. */
    static Route of(Class<?> resource, Method method) {
        var text = path(annotated(resource)) + path(method.getAnnotation(Path.class));
        var types = method.getAnnotation(Produces.class);
        return new Route(
                text.replaceAll("\\{\\s*([^:}\\s]+)[^}]*}", "{$1}"),
                types != null && Arrays.asList(types.value()).contains(MediaType.SERVER_SENT_EVENTS));
    }

    private static @Nullable Path annotated(Class<?> resource) {
        for (Class<?> at = resource; at != null; at = at.getSuperclass()) {
            var path = at.getAnnotation(Path.class);
            if (path != null) {
                return path; // a server may have made a subclass of it
            }
        }
        return null;
    }

    private static String path(@Nullable Path path) {
        if (path == null) {
            return "";
        }
        var text = path.value().replaceAll("^/+|/+$", "");
        return text.isEmpty() ? "" : "/" + text;
    }

    /** Notes the route before anything can refuse the request. */
    @Provider
    @Priority(0)
    public static class Finder implements ContainerRequestFilter {
        @Context
        @Nullable
        ResourceInfo matched;

        @Override
        public void filter(ContainerRequestContext request) {
            var method = matched == null ? null : matched.getResourceMethod();
            if (matched != null && method != null) {
                var resource = matched.getResourceClass();
                request.setProperty(KEY, KNOWN.computeIfAbsent(method, absent -> of(resource, absent)));
            }
        }
    }
}
