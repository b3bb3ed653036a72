package io.tarsy.history.ingest;

import io.tarsy.history.http.JsonObject;
import io.tarsy.history.http.Problem;
import io.tarsy.history.http.ProblemException;
import org.jspecify.annotations.Nullable;

/**
 * One line of a batch that holds something.
 *
 * @param number counted from 1 as the lines were sent, blank ones included
 * @param kind of the record, if the line could be read
 * @param body the record, if the line could be read
 * @param problem why the line could not be read
 */
record Line(
        long number,
        @Nullable RecordKind kind,
        @Nullable JsonObject body,
        @Nullable ProblemException problem) {

    /** A line that was read. */
    static Line of(long number, RecordKind kind, JsonObject body) {
        return new Line(number, kind, body, null);
    }

    /** A line that could not be read. */
    static Line refused(long number, ProblemException problem) {
        return new Line(number, null, null, problem);
    }

    /** The id the sender gave the record, or null. */
    @Nullable
    String id() {
        return kind == null || body == null ? null : body.text(kind.id());
    }

    RecordKind neededKind() {
        if (kind == null) {
            throw problem == null ? Problem.INVALID_REQUEST.with("The line holds nothing.") : problem;
        }
        return kind;
    }

    JsonObject neededBody() {
        if (body == null) {
            throw problem == null ? Problem.INVALID_REQUEST.with("The line holds nothing.") : problem;
        }
        return body;
    }
}
