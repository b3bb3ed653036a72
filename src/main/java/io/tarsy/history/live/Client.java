package io.tarsy.history.live;

import org.jspecify.annotations.Nullable;

/** Somebody who watches. Nothing here waits: what cannot be taken at once is queued, and a full queue is the end. */
interface Client {
    /** The word for how it is connected, in metrics. */
    String protocol();

    /** Only events of this session are wanted; null is all. */
    @Nullable
    String sessionId();

    /** Whether an event is for it. */
    default boolean wants(LiveEvent event) {
        var only = sessionId();
        return only == null || only.equals(event.sessionId());
    }

    /** Hands on an event; false if the client is gone or had to be dropped. */
    boolean offer(LiveEvent event);

    /** Tells it that it has missed events for good and must load everything anew. */
    void reset(long newestId);

    /** Keeps the connection from looking dead. */
    void beat();

    /** Whether it has taken nearly all that was handed on. */
    boolean hasRoom();

    /** Ends it because the server stops. */
    void end();
}
