package io.tarsy.history.live;

import io.tarsy.history.http.Answer;
import io.tarsy.history.http.JsonText;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.Session;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One dashboard that is connected by WebSocket, and what it has subscribed to. */
final class DashboardClient implements Client {
    private static final Logger LOG = System.getLogger(DashboardClient.class.getName());
    private static final int MOST_WAITING = 256;
    private static final int MOST_CHANNELS = 1_000;
    private static final String ALL = "dashboard_updates";
    private static final Pattern ONE = Pattern.compile("session_[A-Za-z0-9._:-]{1,64}");

    private final Audience audience;
    private final Session session;
    private final Set<String> channels = ConcurrentHashMap.newKeySet();
    private final Deque<String> waiting = new ArrayDeque<>();
    private boolean sending;
    private boolean ended;

    DashboardClient(Audience audience, Session session) {
        this.audience = audience;
        this.session = session;
    }

    boolean subscribe(String channel) {
        boolean known = channel.equals(ALL) || ONE.matcher(channel).matches();
        if (!known || channels.size() >= MOST_CHANNELS) {
            return false;
        }
        channels.add(channel);
        return true;
    }

    boolean unsubscribe(String channel) {
        boolean known = channel.equals(ALL) || ONE.matcher(channel).matches();
        channels.remove(channel);
        return known;
    }

    @Override
    public String protocol() {
        return "websocket";
    }

    @Override
    public @Nullable String sessionId() {
        return null;
    }

    @Override
    public boolean wants(LiveEvent event) {
        return channels.contains(ALL) || channels.contains("session_" + event.sessionId());
    }

    @Override
    public boolean offer(LiveEvent event) {
        boolean alive = true;
        if (channels.contains(ALL)) {
            alive = say(envelope("dashboard_update", event, ALL));
        }
        if (alive && channels.contains("session_" + event.sessionId())) {
            alive = say(envelope("session_update", event, null));
        }
        return alive;
    }

    private static String envelope(String type, LiveEvent event, @Nullable String channel) {
        var now = Instant.now();
        return Answer.text(json -> {
            json.writeStartObject();
            json.writeStringField("type", type);
            json.writeNumberField("timestamp_us", ChronoUnit.MICROS.between(Instant.EPOCH, now));
            if (channel == null) {
                json.writeStringField("session_id", event.sessionId());
            }
            json.writeFieldName("data");
            JsonText.writeRaw(json, event.dataWithTime());
            JsonText.write(json, "channel", channel);
            json.writeEndObject();
        });
    }

    /** This protocol has no way to catch up, so nothing was promised that could be missed. */
    @Override
    public void reset(long newestId) {}

    @Override
    public void beat() {
        try {
            synchronized (this) {
                if (!ended && !sending) {
                    session.getAsyncRemote().sendPing(ByteBuffer.allocate(0));
                }
            }
        } catch (IOException | IllegalStateException gone) {
            LOG.log(Level.DEBUG, "A dashboard is gone", gone);
            end();
        }
    }

    @Override
    public synchronized boolean hasRoom() {
        return !ended && waiting.size() < MOST_WAITING / 4;
    }

    /** Sends a message after those that wait; false if the client is gone or had to be dropped. */
    boolean say(String message) {
        boolean full;
        synchronized (this) {
            if (ended) {
                return false;
            }
            full = waiting.size() >= MOST_WAITING;
            if (!full) {
                waiting.add(message);
            }
        }
        if (full) {
            audience.dropped();
            end();
            return false;
        }
        sendNext(false);
        return true;
    }

    private void sendNext(boolean lastIsSent) {
        String next;
        synchronized (this) {
            if (lastIsSent) {
                sending = false;
            }
            if (sending || ended) {
                return;
            }
            next = waiting.poll();
            if (next == null) {
                return;
            }
            sending = true;
        }
        try {
            session.getAsyncRemote().sendText(next, result -> {
                if (result.isOK()) {
                    sendNext(true);
                } else {
                    end();
                }
            });
        } catch (IllegalStateException gone) {
            LOG.log(Level.DEBUG, "A dashboard is gone", gone);
            end();
        }
    }

    @Override
    public void end() {
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            waiting.clear();
        }
        audience.leave(this);
        try {
            session.close(new CloseReason(CloseCodes.TRY_AGAIN_LATER, "Connect again and load what was missed."));
        } catch (IOException | IllegalStateException gone) {
            LOG.log(Level.DEBUG, "A dashboard was gone", gone);
        }
    }
}
