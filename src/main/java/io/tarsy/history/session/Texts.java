package io.tarsy.history.session;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tarsy.history.http.JsonText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The texts by which a session is found, of each kind of record: it is the one place that says which. Of free JSON every
 * string counts, not the names of its members.
 */
final class Texts {
    /** Members of messages that say how a part is meant and not what is said. */
    private static final Set<String> FORM = Set.of("type", "id", "role", "tool_call_id", "tool_use_id");

    private Texts() {}

    static List<Passage> of(AlertSession session) {
        return ofSession(
                session.alertType,
                session.agentType,
                session.chainId,
                session.errorMessage,
                session.finalAnalysis,
                session.alertData,
                session.sessionMetadata);
    }

    static List<Passage> ofSession(
            @Nullable String alertType,
            String agentType,
            String chainId,
            @Nullable String errorMessage,
            @Nullable String finalAnalysis,
            String alertData,
            @Nullable String sessionMetadata) {
        var texts = new ArrayList<Passage>();
        add(texts, "alert_type", alertType);
        add(texts, "agent_type", agentType);
        add(texts, "chain_id", chainId);
        add(texts, "error_message", errorMessage);
        add(texts, "final_analysis", finalAnalysis);
        strings(texts, "alert_data", alertData);
        strings(texts, "session_metadata", sessionMetadata);
        return texts;
    }

    static List<Passage> of(StageExecution stage) {
        return ofStage(stage.stageName, stage.errorMessage);
    }

    static List<Passage> ofStage(String name, @Nullable String errorMessage) {
        var texts = new ArrayList<Passage>();
        add(texts, "stage_name", name);
        add(texts, "error_message", errorMessage);
        return texts;
    }

    /** What was said, by whomever. */
    static List<Passage> ofLlm(String conversation) {
        var texts = new ArrayList<Passage>();
        read(conversation, parser -> {
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                var name = parser.currentName();
                parser.nextToken();
                if (name.equals("messages")) {
                    spoken(parser, texts);
                } else {
                    parser.skipChildren();
                }
            }
        });
        return texts;
    }

    private static void spoken(JsonParser parser, List<Passage> texts) throws IOException {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                var name = parser.currentName();
                parser.nextToken();
                if (name.equals("content") || name.equals("tool_calls")) {
                    value(parser, "conversation", FORM, texts);
                } else {
                    parser.skipChildren();
                }
            }
        }
    }

    static List<Passage> ofMcp(String toolName, @Nullable String arguments, @Nullable String result) {
        var texts = new ArrayList<Passage>();
        add(texts, "tool_name", toolName);
        strings(texts, "tool_arguments", arguments);
        strings(texts, "tool_result", result);
        return texts;
    }

    private static void add(List<Passage> texts, String field, @Nullable String text) {
        if (text != null && !text.isEmpty()) {
            texts.add(new Passage(field, text));
        }
    }

    private static void strings(List<Passage> texts, String field, @Nullable String json) {
        if (json != null) {
            read(json, parser -> value(parser, field, Set.of(), texts));
        }
    }

    /** Every string of the value the parser is at, but for members that are left out. */
    private static void value(JsonParser parser, String field, Set<String> without, List<Passage> texts)
            throws IOException {
        int depth = 0;
        do {
            switch (parser.currentToken()) {
                case START_OBJECT, START_ARRAY -> depth++;
                case END_OBJECT, END_ARRAY -> depth--;
                case FIELD_NAME -> {
                    if (without.contains(parser.currentName())) {
                        parser.nextToken();
                        parser.skipChildren();
                    }
                }
                case VALUE_STRING -> add(texts, field, parser.getText());
                default -> {}
            }
        } while (depth > 0 && parser.nextToken() != null);
    }

    private interface Walk {
        void over(JsonParser parser) throws IOException;
    }

    private static void read(String json, Walk walk) {
        try (var parser = JsonText.parser(json)) {
            parser.nextToken();
            walk.over(parser);
        } catch (IOException broken) {
            throw new UncheckedIOException("JSON was checked before it was stored.", broken);
        }
    }
}
