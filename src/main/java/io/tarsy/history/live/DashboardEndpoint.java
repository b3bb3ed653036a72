package io.tarsy.history.live;

import com.fasterxml.jackson.core.JsonToken;
import io.tarsy.history.http.Answer;
import io.tarsy.history.http.Bodies;
import io.tarsy.history.http.JsonText;
import io.tarsy.history.http.Problem;
import io.tarsy.history.http.ProblemException;
import jakarta.enterprise.inject.spi.CDI;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.PongMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.PathParam;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The older WebSocket protocol of dashboards: subscriptions to all sessions or to single ones. */
@ServerEndpoint("/ws/dashboard/{user_id}")
public class DashboardEndpoint {
    private static final Logger LOG = System.getLogger(DashboardEndpoint.class.getName());
    private static final int LONGEST_MESSAGE = 8_192;
    private static final String KEY = DashboardClient.class.getName();

    // asked for and not injected: not every server injects into endpoints
    private final Audience audience = CDI.current().select(Audience.class).get();
    private final Bodies bodies = CDI.current().select(Bodies.class).get();

    /** Greets, unless nobody can listen now. */
    @OnOpen
    public void open(Session session, @PathParam("user_id") String userId) throws IOException {
        session.setMaxTextMessageBufferSize(LONGEST_MESSAGE);
        session.setMaxIdleTimeout(0);
        var client = new DashboardClient(audience, session);
        try {
            if (!audience.join(client, audience.startAfter(null))) {
                throw Problem.DATABASE_UNAVAILABLE.with("Too many clients listen to events.");
            }
        } catch (ProblemException refused) {
            session.close(new CloseReason(CloseCodes.TRY_AGAIN_LATER, shortened(refused.detail())));
            return;
        }
        session.getUserProperties().put(KEY, client);
        client.say(Answer.text(json -> {
            json.writeStartObject();
            json.writeStringField("type", "connection_established");
            json.writeNumberField("timestamp_us", bodies.nowUs());
            json.writeStringField("user_id", userId);
            json.writeEndObject();
        }));
    }

    private static String shortened(@Nullable String reason) {
        var text = reason == null ? "" : reason;
        return text.length() > 100 ? text.substring(0, 100) : text;
    }

    /** Subscribes and unsubscribes. */
    @OnMessage
    public void message(Session session, String text) {
        if (!(session.getUserProperties().get(KEY) instanceof DashboardClient client)) {
            return;
        }
        var message = read(text);
        if (message == null) {
            client.say(error("Invalid JSON message format"));
            return;
        }
        var type = message.getOrDefault("type", "");
        var channel = message.getOrDefault("channel", "");
        switch (type) {
            case "subscribe" -> client.say(response(type, channel, client.subscribe(channel)));
            case "unsubscribe" -> client.say(response(type, channel, client.unsubscribe(channel)));
            default -> client.say(error("Unknown message type: " + shortened(type)));
        }
    }

    /** Hears how far a client has come. */
    @OnMessage
    public void message(Session session, PongMessage answer) {
        if (session.getUserProperties().get(KEY) instanceof DashboardClient client) {
            client.pong(answer.getApplicationData());
        }
    }

    /** The texts of a flat object, or null where it is none. */
    private static @Nullable Map<String, String> read(String text) {
        var texts = new HashMap<String, String>();
        try (var parser = JsonText.parser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                var name = parser.currentName();
                if (parser.nextToken() == JsonToken.VALUE_STRING) {
                    texts.put(name, parser.getText());
                } else {
                    parser.skipChildren();
                }
            }
            return parser.nextToken() == null ? texts : null;
        } catch (IOException broken) {
            LOG.log(Level.DEBUG, "A client sent no JSON", broken);
            return null;
        }
    }

    private String response(String action, String channel, boolean success) {
        var done = action.equals("subscribe") ? "subscribed to " : "unsubscribed from ";
        return Answer.text(json -> {
            json.writeStartObject();
            json.writeStringField("type", "subscription_response");
            json.writeNumberField("timestamp_us", bodies.nowUs());
            json.writeStringField("action", action);
            json.writeStringField("channel", channel);
            json.writeBooleanField("success", success);
            json.writeStringField(
                    "message", success ? "Successfully " + done + channel : "Unknown channel: " + shortened(channel));
            json.writeEndObject();
        });
    }

    private String error(String message) {
        return Answer.text(json -> {
            json.writeStartObject();
            json.writeStringField("type", "error");
            json.writeNumberField("timestamp_us", bodies.nowUs());
            json.writeStringField("message", message);
            json.writeNullField("code");
            json.writeEndObject();
        });
    }

    /** It is gone. */
    @OnClose
    public void close(Session session) {
        if (session.getUserProperties().get(KEY) instanceof DashboardClient client) {
            audience.leave(client);
        }
    }

    /** It is as good as gone. */
    @OnError
    public void error(Session session, Throwable failed) {
        LOG.log(Level.WARNING, "A dashboard's connection failed", failed);
        close(session);
    }
}
