package io.tarsy.history.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Every way in which a request can fail, with the status and the words that RFC 9457 wants. */
public enum Problem {
    MALFORMED_BODY("malformed-body", 400, "The body cannot be read"),
    INVALID_RANGE("invalid-range", 400, "The range is empty"),
    BAD_REQUEST("bad-request", 400, "The request cannot be understood"),
    NOT_SIGNED_IN("not-signed-in", 401, "Nobody is signed in"),
    OTHER_SITE("other-site", 403, "The page belongs to another site"),
    NOT_FOUND("not-found", 404, "No such thing here"),
    METHOD_NOT_ALLOWED("method-not-allowed", 405, "This address does not take that method"),
    NOT_ACCEPTABLE("not-acceptable", 406, "This address does not answer in that format"),
    CONFLICT("conflict", 409, "It contradicts what is recorded"),
    BODY_TOO_LARGE("body-too-large", 413, "The body is over the limit"),
    UNSUPPORTED_MEDIA_TYPE("unsupported-media-type", 415, "This address does not take that format"),
    INVALID_REQUEST("invalid-request", 422, "The request is not valid"),
    TOO_BUSY("too-busy", 429, "Too many writes are waiting"),
    UNEXPECTED("unexpected", 500, "Something went wrong on our side"),
    HISTORY_DISABLED("history-disabled", 503, "History is disabled"),
    DATABASE_UNAVAILABLE("database-unavailable", 503, "The database does not answer"),
    SPOOL_FULL("spool-full", 503, "The spool takes no more");

    private final String slug;
    private final int status;
    private final String title;

    Problem(String slug, int status, String title) {
        this.slug = slug;
        this.status = status;
        this.title = title;
    }

    /** The last part of the problem's {@code type}. */
    public String slug() {
        return slug;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** A few words for the kind of problem, the same each time. */
    public String title() {
        return title;
    }

    /** The problem as an exception, explained by one plain sentence. */
    public ProblemException with(String detail) {
        return new ProblemException(this, detail, List.of(), null);
    }

    /** The problem as an exception that keeps what caused it for the log. */
    public ProblemException with(String detail, @Nullable Throwable cause) {
        return new ProblemException(this, detail, List.of(), cause);
    }

    /** The problem as an exception that names each wrong field. */
    public ProblemException with(String detail, List<FieldError> errors) {
        return new ProblemException(this, detail, errors, null);
    }

    /**
     * One wrong field or parameter.
     *
     * @param field its name, dotted where it is nested
     * @param message what is wrong with it
     * @param value what came, where showing it helps
     */
    public record FieldError(
            String field, String message, @Nullable String value) {
        /** A wrong field whose value need not be shown. */
        public FieldError(String field, String message) {
            this(field, message, null);
        }
    }
}
