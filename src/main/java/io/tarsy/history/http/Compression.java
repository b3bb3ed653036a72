package io.tarsy.history.http;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.WriterInterceptor;
import jakarta.ws.rs.ext.WriterInterceptorContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** gzip both ways. Limits of bodies count what comes out of it, so a small bomb does not become a large body. */
@Provider
public class Compression implements ContainerRequestFilter, WriterInterceptor {
    private static final Pattern GZIP =
            Pattern.compile("(?:^|,)\\s*(?:x-)?(?:gzip|\\*)\\s*(?:;\\s*q\\s*=\\s*(?<q>[0-9.]+)\\s*)?(?=,|$)");
    private static final String WANTED = Compression.class.getName();
    private static final int SMALL = 1024;
    private static final byte[] MAGIC = {0x1f, (byte) 0x8b};

    @Context
    @SuppressWarnings("NullAway.Init")
    ResourceInfo called;

    @Override
    public void filter(ContainerRequestContext request) {
        if (request.getMediaType() == null && List.of("POST", "PATCH").contains(request.getMethod()) && takesBody()) {
            throw Problem.UNSUPPORTED_MEDIA_TYPE.with("The request must say its Content-Type."); // servers differ here
        }
        var encoding = request.getHeaderString(HttpHeaders.CONTENT_ENCODING);
        if (encoding != null && !encoding.isBlank() && !"identity".equalsIgnoreCase(encoding.trim())) {
            if (!"gzip".equalsIgnoreCase(encoding.trim())) {
                throw Problem.UNSUPPORTED_MEDIA_TYPE.with("Content-Encoding must be gzip or absent.");
            }
            try {
                request.setEntityStream(unzipped(request.getEntityStream()));
            } catch (IOException broken) {
                throw Problem.MALFORMED_BODY.with("The body is not valid gzip.", broken);
            }
        }
        request.setProperty(WANTED, accepts(request.getHeaders().getOrDefault(HttpHeaders.ACCEPT_ENCODING, List.of())));
    }

    /** What begins something needs no body. */
    private boolean takesBody() {
        var method = called.getResourceMethod();
        return method == null || method.isAnnotationPresent(Consumes.class);
    }

    /** A server may have unzipped the body already and left the header as it was. */
    private static InputStream unzipped(InputStream body) throws IOException {
        var peeking = new PushbackInputStream(body, MAGIC.length);
        var start = peeking.readNBytes(MAGIC.length);
        peeking.unread(start);
        return Arrays.equals(start, MAGIC) ? new GZIPInputStream(peeking, 16_384) : peeking;
    }

    @Override
    public void aroundWriteTo(WriterInterceptorContext context) throws IOException {
        boolean small = context.getEntity() instanceof byte[] bytes && bytes.length < SMALL;
        if (!small) {
            context.getHeaders().putSingle(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
        }
        if (small || !Boolean.TRUE.equals(context.getProperty(WANTED))) {
            context.proceed();
            return;
        }
        context.getHeaders().putSingle(HttpHeaders.CONTENT_ENCODING, "gzip");
        context.getHeaders().remove(HttpHeaders.CONTENT_LENGTH);
        var zipped = new GZIPOutputStream(context.getOutputStream(), 16_384);
        context.setOutputStream(zipped);
        context.proceed();
        zipped.finish();
    }

    /** Whether a caller takes gzip, by its headers {@code Accept-Encoding}. */
    static boolean accepts(List<String> sent) {
        var found = GZIP.matcher(String.join(",", sent).toLowerCase(Locale.ROOT));
        if (!found.find()) {
            return false;
        }
        var weight = found.group("q");
        return weight == null || !weight.matches("0(\\.0*)?");
    }
}
