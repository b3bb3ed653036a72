package io.tarsy.history.http;

/** Knows whether requests can be served now; the room that keeps what they need implements it. */
public interface Gate {
    /**
     * Refuses the request if it cannot be served now.
     *
     * @throws ProblemException 503
     */
    void require();
}
