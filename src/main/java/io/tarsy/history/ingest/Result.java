package io.tarsy.history.ingest;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tarsy.history.http.JsonText;
import io.tarsy.history.http.ProblemException;
import io.tarsy.history.http.ProblemMapper;
import io.tarsy.history.session.Recorded;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What became of one line.
 *
 * @param line its number
 * @param status created, unchanged, updated, spooled or rejected
 * @param id of the record, where it is known
 * @param problem why it was rejected
 */
record Result(
        long line,
        String status,
        @Nullable String id,
        @Nullable ProblemException problem) {

    static Result of(Line line, Recorded recorded) {
        return new Result(line.number(), recorded.outcome().word(), recorded.id(), null);
    }

    static Result rejected(Line line, ProblemException problem) {
        return new Result(line.number(), "rejected", line.id(), problem);
    }

    /** It is kept and durable; it is stored when the database is back. */
    static Result spooled(Line line, String id) {
        return new Result(line.number(), Recorded.Outcome.SPOOLED.word(), id, null);
    }

    void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeNumberField("line", line);
        json.writeStringField("status", status);
        JsonText.write(json, "id", id);
        if (problem != null) {
            json.writeObjectFieldStart("error");
            ProblemMapper.writeBody(json, problem);
            json.writeEndObject();
        }
        json.writeEndObject();
    }
}
