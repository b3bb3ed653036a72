package io.tarsy.history.session;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tarsy.history.http.JsonText;
import io.tarsy.history.http.Problem;
import io.tarsy.history.http.Shape;
import java.io.IOException;

/** Checks that a conversation with a model is one: messages, each with a role and content. */
final class Conversation {
    private final JsonParser parser;
    private final int maxMessages;

    private Conversation(JsonParser parser, int maxMessages) {
        this.parser = parser;
        this.maxMessages = maxMessages;
    }

    /**
     * Refuses what is no conversation.
     *
     * @param text a JSON object that was parsed before
     * @throws io.tarsy.history.http.ProblemException 422, naming the message
     */
    static void check(String text, int maxMessages) {
        try (var parser = JsonText.parser(text)) {
            new Conversation(parser, maxMessages).check();
        } catch (IOException broken) {
            throw Problem.MALFORMED_BODY.with("conversation is not valid JSON.", broken);
        }
    }

    private void check() throws IOException {
        boolean found = false;
        parser.nextToken();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            var name = parser.currentName();
            var token = parser.nextToken();
            if (name.equals("messages")) {
                if (token != JsonToken.START_ARRAY) {
                    throw Shape.invalid("conversation.messages", "must be a list");
                }
                found = messages() > 0;
            } else {
                parser.skipChildren();
            }
        }
        if (!found) {
            throw Shape.invalid("conversation.messages", "must have at least one message");
        }
    }

    private int messages() throws IOException {
        int count = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (count == maxMessages) {
                throw Shape.invalid("conversation.messages", "has more than " + maxMessages + " messages");
            }
            message("conversation.messages[" + count + "]");
            count++;
        }
        return count;
    }

    private void message(String place) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw Shape.invalid(place, "must be an object with role and content");
        }
        boolean hasRole = false;
        boolean hasContent = false;
        boolean isSilent = true;
        boolean callsTools = false;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            var name = parser.currentName();
            var token = parser.nextToken();
            switch (name) {
                case "role" ->
                    hasRole =
                            token == JsonToken.VALUE_STRING && !parser.getText().isBlank();
                case "content" -> {
                    hasContent = token == JsonToken.VALUE_STRING || token == JsonToken.START_ARRAY;
                    isSilent = token == JsonToken.VALUE_NULL;
                }
                case "tool_calls" -> callsTools = token == JsonToken.START_ARRAY;
                default -> {}
            }
            parser.skipChildren();
        }
        if (!hasRole) {
            throw Shape.invalid(place + ".role", "must be a string that is not empty");
        }
        // a model that only calls tools says nothing
        if (!hasContent && !(isSilent && callsTools)) {
            throw Shape.invalid(place + ".content", "must be a string or a list of parts");
        }
    }
}
