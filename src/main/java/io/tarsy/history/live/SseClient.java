package io.tarsy.history.live;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A client of Server-Sent Events: written to only when it can take more, so it costs no thread. */
final class SseClient implements Client, WriteListener, AsyncListener {
    private static final Logger LOG = System.getLogger(SseClient.class.getName());
    private static final int MOST_WAITING = 256;
    private static final int MOST_AT_ONCE = 8_000;
    private static final byte[] BEAT = ": still here\n\n".getBytes(StandardCharsets.UTF_8);

    private final Audience audience;
    private final Sender sender;
    private final AsyncContext context;
    private final ServletOutputStream out;
    private final @Nullable String sessionId;

    // guarded by this, which is never held while something is written
    private final Deque<byte[]> waiting = new ArrayDeque<>();
    private boolean begun;
    private boolean inLine;
    private boolean busy;
    private boolean possible;
    private boolean takes = true;
    private boolean ended;
    private boolean completed;

    /** Belongs to whoever is busy. At first there is the greeting: Open Liberty ignores the first flush of an answer. */
    private boolean flushed;

    SseClient(
            Audience audience,
            Sender sender,
            AsyncContext context,
            ServletOutputStream out,
            @Nullable String sessionId) {
        this.audience = audience;
        this.sender = sender;
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
        return take(event.message());
    }

    @Override
    public void reset(long newestId) {
        take(("event: reset\nid: " + newestId + "\ndata: {\"type\":\"reset\",\"newest_id\":" + newestId + "}\n\n")
                .getBytes(StandardCharsets.UTF_8));
    }

    /** Sends the head and a first comment at once, while the request is still the servlet's. */
    void greet() throws IOException {
        out.write(BEAT);
        out.flush();
    }

    /** One that has taken nothing since the last beat, although something waits for it, is dropped. */
    @Override
    public void beat() {
        boolean idle;
        boolean stuck;
        synchronized (this) {
            idle = waiting.isEmpty();
            stuck = !idle && !takes;
            takes = false;
        }
        if (stuck) {
            drop();
        } else if (idle) {
            take(BEAT);
        } else {
            sender.add(this);
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
            drop();
            return false;
        }
        sender.add(this);
        return true;
    }

    private void drop() {
        audience.dropped();
        LOG.log(Level.DEBUG, "A client of events is too slow and is dropped");
        end();
    }

    @Override
    public void onWritePossible() {
        synchronized (this) {
            begun = true;
            possible = true; // whoever is busy may have given up just now
        }
        sender.add(this);
    }

    /** Whether it is to stand in the line of those that are written to. */
    synchronized boolean joinsLine() {
        boolean joins = (begun || ended) && !inLine && !busy && !completed;
        inLine |= joins;
        return joins;
    }

    /** Writes for as long as nothing blocks; the container calls again when there is room. */
    void drain() {
        boolean over;
        synchronized (this) {
            inLine = false;
            if (busy || completed) {
                return;
            }
            busy = true;
            possible = false;
            over = ended;
        }
        boolean full = false;
        try {
            full = !over && write();
        } catch (IOException | IllegalStateException gone) {
            LOG.log(Level.DEBUG, "A client of events is gone", gone);
            end();
        }
        boolean more;
        synchronized (this) {
            busy = false;
            over = ended;
            more = full ? possible : !waiting.isEmpty();
        }
        if (over) {
            complete();
        } else if (more) {
            sender.add(this); // came while the last one was written
        }
    }

    /** Whether the client takes no more for now. */
    private boolean write() throws IOException {
        while (out.isReady()) {
            var next = next();
            if (next.length > 0) {
                out.write(next);
                flushed = false;
            } else if (!flushed) {
                flushed = true;
                out.flush();
            } else {
                return false;
            }
        }
        return true;
    }

    /** What waits, as far as it can go at once. */
    private synchronized byte[] next() {
        var next = new ByteArrayOutputStream();
        for (var message = waiting.peek(); message != null; message = waiting.peek()) {
            if (next.size() > 0 && next.size() + message.length > MOST_AT_ONCE) {
                break;
            }
            next.writeBytes(message);
            waiting.remove();
            takes = true;
        }
        return next.toByteArray();
    }

    /** The end; whoever writes completes it, since to complete may mean to write. */
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
        sender.add(this);
    }

    private void complete() {
        synchronized (this) {
            if (completed) {
                return;
            }
            completed = true;
        }
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
        synchronized (this) {
            completed = true;
        }
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
