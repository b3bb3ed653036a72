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

/**
 * One dashboard that is connected by WebSocket, and what it has subscribed to.
 *
 * <p>Payara calls a message sent once it has put it into a queue of its own that has no end. So the dashboard itself says
 * how far it has come: a ping follows some messages, and without its pong only so many more are sent.
 */
final class DashboardClient implements Client {
    private static final Logger LOG = System.getLogger(DashboardClient.class.getName());
    private static final int MOST_WAITING = 256;
    private static final int MOST_ON_THE_WAY = 128;
    private static final int MESSAGES_A_PING = 32;
    private static final int MOST_CHANNELS = 1_000;
    private static final String ALL = "dashboard_updates";
    private static final Pattern ONE = Pattern.compile("session_[A-Za-z0-9._:-]{1,64}");

    private final Audience audience;
    private final Session session;
    private final Set<String> channels = ConcurrentHashMap.newKeySet();
    private final Deque<String> waiting = new ArrayDeque<>();
    private boolean sending;
    private boolean stuck;
    private boolean ended;
    private long sent;
    private long asked;
    private long arrived;

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

    /** One that has taken nothing since the last beat, although something waits for it, is dropped. */
    @Override
    public void beat() {
        boolean late;
        boolean idle;
        synchronized (this) {
            boolean waits = sending || !waiting.isEmpty();
            late = waits && stuck;
            stuck = waits;
            idle = !waits && !ended;
            sending |= idle;
        }
        if (late) {
            drop();
        } else if (idle) {
            audience.later(this::ping);
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
            drop();
            return false;
        }
        sendNext(false);
        return true;
    }

    private void drop() {
        audience.dropped();
        LOG.log(Level.DEBUG, "A dashboard is too slow and is dropped");
        end();
    }

    private void sendNext(boolean lastIsSent) {
        String next;
        synchronized (this) {
            if (lastIsSent) {
                sending = false;
                stuck = false;
            }
            boolean due = sent - asked >= MESSAGES_A_PING;
            if (sending || ended || (!due && (waiting.isEmpty() || sent - arrived >= MOST_ON_THE_WAY))) {
                return;
            }
            sending = true;
            next = due ? null : waiting.poll();
            sent += due ? 0 : 1;
        }
        if (next == null) {
            audience.later(this::ping); // a ping may wait for the client
            return;
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

    private void ping() {
        var number = ByteBuffer.allocate(Long.BYTES);
        synchronized (this) {
            asked = sent;
            number.putLong(sent).flip();
        }
        try {
            session.getAsyncRemote().sendPing(number);
        } catch (IOException | IllegalStateException gone) {
            LOG.log(Level.DEBUG, "A dashboard is gone", gone);
            end();
            return;
        }
        sendNext(true);
    }

    /** All that was sent before this ping has arrived. */
    void pong(ByteBuffer answer) {
        if (answer.remaining() != Long.BYTES) {
            return; // not asked for
        }
        long number = answer.getLong();
        synchronized (this) {
            if (number <= sent) {
                arrived = Math.max(arrived, number);
            }
            stuck = false;
        }
        sendNext(false);
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
        audience.later(this::close); // to close means to write, which may wait for a client that takes nothing
    }

    private void close() {
        try {
            session.close(new CloseReason(CloseCodes.TRY_AGAIN_LATER, "Connect again and load what was missed."));
        } catch (IOException | IllegalStateException gone) {
            LOG.log(Level.DEBUG, "A dashboard was gone", gone);
        }
    }
}
