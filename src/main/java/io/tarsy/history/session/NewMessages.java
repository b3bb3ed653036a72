package io.tarsy.history.session;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tarsy.history.http.JsonText;
import io.tarsy.history.http.MergePatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * A conversation without the messages with which the one before it began: an agent sends again what was said, each
 * time. Messages are the same if they say the same, however they are written.
 *
 * @param conversation what is left; its other members are as they were
 * @param messagesBefore how many messages were left out
 */
record NewMessages(String conversation, int messagesBefore) {

    /** What is new in a conversation; all of it where there was none before. */
    static NewMessages of(String conversation, @Nullable String before) {
        if (before == null) {
            return new NewMessages(conversation, 0);
        }
        try (var now = JsonText.parser(conversation);
                var then = JsonText.parser(before)) {
            if (!entersMessages(now) || !entersMessages(then)) {
                return new NewMessages(conversation, 0);
            }
            int begin = (int) now.currentLocation().getCharOffset();
            for (int same = 0; ; same++) {
                boolean ends = now.nextToken() == JsonToken.END_ARRAY;
                int from = (int) now.currentTokenLocation().getCharOffset();
                if (ends
                        || then.nextToken() == JsonToken.END_ARRAY
                        || !MergePatch.same(value(now, conversation), value(then, before))) {
                    return new NewMessages(conversation.substring(0, begin) + conversation.substring(from), same);
                }
            }
        } catch (IOException noLongerJson) {
            throw new UncheckedIOException(noLongerJson);
        }
    }

    /** Goes to the beginning of the list of messages, if there is one. */
    private static boolean entersMessages(JsonParser parser) throws IOException {
        parser.nextToken();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean messages = parser.currentName().equals("messages");
            if (parser.nextToken() == JsonToken.START_ARRAY && messages) {
                return true;
            }
            parser.skipChildren();
        }
        return false;
    }

    /** The text of the value that begins here; the parser ends behind it. */
    private static String value(JsonParser parser, String text) throws IOException {
        int from = (int) parser.currentTokenLocation().getCharOffset();
        parser.skipChildren();
        parser.finishToken();
        return text.substring(from, (int) parser.currentLocation().getCharOffset());
    }
}
