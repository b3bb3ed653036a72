package io.tarsy.history.database;

/** What a pool of connections says of itself, at once and without asking the database. */
public interface PoolFigures {
    /** Connections that serve a request now. */
    int inUse();

    /** Connections that wait for work. */
    int idle();

    /** Requests that wait for a connection. */
    int waiting();

    /** Most connections. */
    int limit();

    /** Requests that got none because all were in use, since the start. */
    long timeouts();
}
