package io.tarsy.history.live;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A client of Server-Sent Events: written to only when that does not block, so it costs no thread. */
final class SseClient implements Client, WriteListener, AsyncListener {
    private static final Logger LOG = System.getLogger(SseClient.class.getName());
    private static final int MOST_WAITING = 256;
    private static final byte[] BEAT = ": still here\n\n".getBytes(StandardCharsets.UTF_8);

    private final Audience audience;
    private final AsyncContext context;
    private final ServletOutputStream out;
    private final @Nullable String sessionId;
    private final Deque<byte[]> waiting = new ArrayDeque<>();
    private boolean begun;
    private boolean flushed = true;
    private boolean ended;

    SseClient(Audience audience, AsyncContext context, ServletOutputStream out, @Nullable String sessionId) {
        this.audience = audience;
        this.context = context;
        this.out = out;
        this.sessionId = sessionId;
    }

    @Override
    public String protocol() {
        return "sse";
    }

    @Override
    public @Nullable String sessionId() {
        return sessionId;
    }

    @Override
    public boolean offer(LiveEvent event) {
        return take(("event: " + event.type() + "\nid: " + event.id() + "\ndata: " + event.data() + "\n\n")
                .getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void reset(long newestId) {
        take(("event: reset\nid: " + newestId + "\ndata: {\"type\":\"reset\",\"newest_id\":" + newestId + "}\n\n")
                .getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void beat() {
        boolean idle;
        synchronized (this) {
            idle = waiting.isEmpty();
        }
        if (idle) {
            take(BEAT);
        }
    }

    @Override
    public synchronized boolean hasRoom() {
        return !ended && waiting.size() < MOST_WAITING / 4;
    }

    private boolean take(byte[] message) {
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
            LOG.log(Level.DEBUG, "A client of events is too slow and is dropped");
            end();
            return false;
        }
        write();
        return !isEnded();
    }

    private synchronized boolean isEnded() {
        return ended;
    }

    @Override
    public void onWritePossible() {
        synchronized (this) {
            begun = true;
        }
        write();
    }

    /** Writes for as long as nothing blocks; the container calls again when there is room. */
    private void write() {
        try {
            synchronized (this) {
                while (begun && !ended && out.isReady()) {
                    var next = waiting.poll();
                    if (next != null) {
                        out.write(next);
                        flushed = false;
                    } else if (!flushed) {
                        flushed = true;
                        out.flush();
                    } else {
                        return;
                    }
                }
            }
        } catch (IOException | IllegalStateException gone) {
            LOG.log(Level.DEBUG, "A client of events is gone", gone);
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
            context.complete();
        } catch (IllegalStateException alreadyOver) {
            LOG.log(Level.DEBUG, "The connection was over", alreadyOver);
        }
    }

    @Override
    public void onError(Throwable gone) {
        LOG.log(Level.DEBUG, "A client of events is gone", gone);
        end();
    }

    @Override
    public void onComplete(AsyncEvent over) {
        end();
    }

    @Override
    public void onTimeout(AsyncEvent over) {
        end();
    }

    @Override
    public void onError(AsyncEvent over) {
        end();
    }

    @Override
    public void onStartAsync(AsyncEvent begins) {
        // it has begun already
    }
}
