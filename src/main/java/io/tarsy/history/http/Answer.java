package io.tarsy.history.http;

import com.fasterxml.jackson.core.JsonGenerator;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers: small ones built whole, large ones streamed, both with an ETag where they can repeat. */
public final class Answer {
    /** The media type of newline-delimited JSON. */
    public static final String NDJSON = "application/x-ndjson";

    private Answer() {}

    /** Writes an answer as JSON. */
    @FunctionalInterface
    public interface Writer {
        /** Writes one JSON value. */
        void write(JsonGenerator json) throws IOException;
    }

    /** JSON as bytes, for answers whose size is bounded. */
    public static byte[] bytes(Writer writer) {
        var bytes = new ByteArrayOutputStream(1024);
        try (var json = JsonText.generator(bytes)) {
            writer.write(json);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    /** JSON as text, for what will be part of an answer. */
    public static String text(Writer writer) {
        return new String(bytes(writer), StandardCharsets.UTF_8);
    }

    /** 200 with this JSON, or 304 if the caller has it: its ETag is a digest of its bytes. */
    public static Response whole(Request request, Writer writer) {
        var body = bytes(writer);
        var tag = new EntityTag(digest(body), true);
        return tagged(request, tag, () -> Response.ok(body, MediaType.APPLICATION_JSON_TYPE));
    }

    /** 200 with this text, or 304 if the caller has it. */
    public static Response whole(Request request, byte[] body, String mediaType) {
        return tagged(request, new EntityTag(digest(body), true), () -> Response.ok(body, mediaType));
    }

    /** 200 with JSON that changes by itself. */
    public static Response fresh(Writer writer) {
        return Response.ok(bytes(writer), MediaType.APPLICATION_JSON_TYPE)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }

    /** 200 with a streamed body, or 304 if the caller has this version. */
    public static Response streamed(Request request, String version, String mediaType, StreamingOutput body) {
        return tagged(request, new EntityTag(version, true), () -> Response.ok(body, mediaType));
    }

    /** 200 with a streamed body that changes by itself. */
    public static Response streamed(String mediaType, StreamingOutput body) {
        return Response.ok(body, mediaType)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }

    /** What became of a write, with the record's address: 201 where it is new, 202 where it will be, 200 where it was. */
    public static Response written(int status, URI location, Writer writer) {
        var answer = status == 200
                ? Response.ok().contentLocation(location)
                : Response.status(status).location(location);
        return answer.type(MediaType.APPLICATION_JSON_TYPE)
                .entity(bytes(writer))
                .build();
    }

    private static Response tagged(Request request, EntityTag tag, Supplier<Response.ResponseBuilder> body) {
        Response.@Nullable ResponseBuilder unchanged = request.evaluatePreconditions(tag);
        return (unchanged == null ? body.get() : unchanged)
                .tag(tag)
                .header(HttpHeaders.CACHE_CONTROL, "no-cache")
                .build();
    }

    /** What tells a body from another one. */
    static String digest(byte[] body) {
        try {
            var sha = MessageDigest.getInstance("SHA-256").digest(body);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(sha).substring(0, 22);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("Every Java has SHA-256.", missing);
        }
    }
}
