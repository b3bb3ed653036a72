package io.tarsy.history.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Answers with the files of the WAR, the same on every server: zipped once, tagged by their content, and asked for again
 * each time, so that a new version is seen at once and an unchanged one is not sent. Which files there are is known from
 * the start; anything else is left to the server. It stands in {@code web.xml}, behind {@link Correlation}.
 */
public class StaticFiles extends HttpFilter {
    private static final long serialVersionUID = 1L;
    private static final String START = "/index.html";

    /** By the end of a file's name; documents are shown as text, since no browser shows them otherwise. */
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("html", "text/html; charset=utf-8"),
            Map.entry("js", "text/javascript; charset=utf-8"),
            Map.entry("mjs", "text/javascript; charset=utf-8"),
            Map.entry("css", "text/css; charset=utf-8"),
            Map.entry("svg", "image/svg+xml; charset=utf-8"),
            Map.entry("json", "application/json"),
            Map.entry("webmanifest", "application/manifest+json"),
            Map.entry("md", "text/plain; charset=utf-8"),
            Map.entry("yaml", "text/plain; charset=utf-8"),
            Map.entry("txt", "text/plain; charset=utf-8"),
            Map.entry("ndjson", "application/x-ndjson"),
            Map.entry("png", "image/png"),
            Map.entry("ico", "image/x-icon"),
            Map.entry("woff2", "font/woff2"));

    /** Each file's type by its path. */
    private transient Map<String, String> types = Map.of();

    private final transient Map<String, StaticFile> read = new ConcurrentHashMap<>();

    @Override
    public void init(FilterConfig config) throws ServletException {
        super.init(config);
        var found = new HashMap<String, String>();
        collect(config.getServletContext(), "/", found);
        types = Map.copyOf(found);
    }

    private static void collect(ServletContext war, String folder, Map<String, String> found) {
        var paths = war.getResourcePaths(folder);
        for (var path : paths == null ? Collections.<String>emptySet() : paths) {
            if (isPrivate(path)) {
                continue;
            }
            if (path.endsWith("/")) {
                collect(war, path, found);
                continue;
            }
            var type = TYPES.get(path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
            if (type != null) {
                found.put(path, type);
            }
        }
    }

    private static boolean isPrivate(String path) {
        var upper = path.toUpperCase(Locale.ROOT);
        return upper.startsWith("/WEB-INF") || upper.startsWith("/META-INF");
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (request.getRequestURI().equals(request.getContextPath())) {
            redirect(request, response); // relative addresses of the start page need the slash
            return;
        }
        var path = path(request);
        var type = types.get(path);
        if (type == null) {
            chain.doFilter(request, response);
        } else if (request.getMethod().equals("GET") || request.getMethod().equals("HEAD")) {
            answer(request, response, read.computeIfAbsent(path, absent -> read(absent, type)));
        } else {
            response.setHeader("Allow", "GET, HEAD");
            ProblemPage.write(
                    response, Problem.METHOD_NOT_ALLOWED.with("A file can only be read."), request.getRequestURI());
        }
    }

    private static void redirect(HttpServletRequest request, HttpServletResponse response) {
        var query = request.getQueryString();
        response.setStatus(HttpServletResponse.SC_FOUND);
        response.setHeader("Location", request.getContextPath() + "/" + (query == null ? "" : "?" + query));
    }

    /** Servers differ in where they put a path that no servlet is mapped to. */
    private static String path(HttpServletRequest request) {
        var rest = request.getPathInfo();
        var path = request.getServletPath() + (rest == null ? "" : rest);
        return path.isEmpty() || path.equals("/") ? START : path;
    }

    private StaticFile read(String path, String type) {
        try (var in = getServletContext().getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException("The server has lost the file " + path + ".");
            }
            return StaticFile.of(in.readAllBytes(), type);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static void answer(HttpServletRequest request, HttpServletResponse response, StaticFile file)
            throws IOException {
        boolean zipped =
                file.zipped() != null && Compression.accepts(Collections.list(request.getHeaders("Accept-Encoding")));
        var tag = file.tag(zipped);
        response.setHeader("ETag", tag);
        response.setHeader("Cache-Control", "no-cache");
        if (file.zipped() != null) {
            response.setHeader("Vary", "Accept-Encoding");
        }
        if (StaticFile.isKnown(Collections.list(request.getHeaders("If-None-Match")), tag)) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        var body = file.body(zipped);
        response.setContentType(file.type());
        response.setContentLength(body.length);
        if (zipped) {
            response.setHeader("Content-Encoding", "gzip");
        }
        if (request.getMethod().equals("GET")) {
            response.getOutputStream().write(body);
        }
    }
}
