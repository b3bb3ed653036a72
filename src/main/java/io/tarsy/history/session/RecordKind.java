package io.tarsy.history.session;

import com.fasterxml.jackson.core.JsonToken;
import io.tarsy.history.config.Nearest;
import io.tarsy.history.http.Field;
import io.tarsy.history.http.JsonText;
import io.tarsy.history.http.Problem;
import io.tarsy.history.http.Shape;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What can be written, by a call of its own or by a line of a batch. */
public enum RecordKind {
    SESSION(Shapes.SESSION, "session_id"),
    SESSION_PATCH(Shapes.SESSION_PATCH, "session_id", ofSession()),
    STAGE(Shapes.STAGE, "execution_id", ofSession()),
    STAGE_PATCH(
            Shapes.STAGE_PATCH,
            "execution_id",
            ofSession(),
            Field.id("execution_id").apart().needed()),
    LLM_INTERACTION(Shapes.LLM_INTERACTION, "interaction_id", ofSession()),
    MCP_COMMUNICATION(Shapes.MCP_COMMUNICATION, "communication_id", ofSession());

    private static final List<String> WORDS =
            Arrays.stream(values()).map(RecordKind::word).toList();

    @SuppressWarnings("ImmutableEnumChecker") // nothing can change a shape
    private final Shape body;

    @SuppressWarnings("ImmutableEnumChecker")
    private final Shape line;

    private final String id;

    RecordKind(Shape body, String id, Field... ofLines) {
        this.body = body;
        this.line = body.with(ofLines).with(Field.name("kind").apart());
        this.id = id;
    }

    private static Field ofSession() {
        return Field.id("session_id").apart().needed();
    }

    /** The fields of its body in a call of its own. */
    Shape body() {
        return body;
    }

    /** The fields of its line in a batch: those of the body and what the address says otherwise. */
    public Shape shape() {
        return line;
    }

    /** The name of the field that says which record it is. */
    public String id() {
        return id;
    }

    /** Its word in a line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The kind that a line gives.
     *
     * @throws io.tarsy.history.http.ProblemException 400 where it is no JSON, 422 where it gives no known kind
     */
    static RecordKind of(String line) {
        var word = wordIn(line);
        if (word == null) {
            throw Shape.invalid("kind", "is required; it is one of " + String.join(", ", WORDS));
        }
        if (!WORDS.contains(word)) {
            var near = Nearest.to(word, WORDS);
            throw Shape.invalid(
                    "kind",
                    near == null
                            ? "must be one of " + String.join(", ", WORDS)
                            : "is unknown; did you mean " + near + "?");
        }
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    private static @Nullable String wordIn(String line) {
        try (var parser = JsonText.parser(line)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw Problem.INVALID_REQUEST.with("A line must be a JSON object.");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean found = parser.currentName().equals("kind");
                var token = parser.nextToken();
                if (found) {
                    return token == JsonToken.VALUE_STRING ? parser.getText() : null;
                }
                parser.skipChildren();
            }
            return null;
        } catch (IOException broken) {
            throw Shape.malformed(broken);
        }
    }
}
