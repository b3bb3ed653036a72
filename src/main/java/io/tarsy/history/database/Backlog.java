package io.tarsy.history.database;

/** Writes that were accepted and wait for the database; the room that keeps them implements it. */
public interface Backlog {
    /** Whether writes are kept at all while the database is away. */
    boolean enabled();

    /** Accepted writes that are not in the database yet. */
    long depth();

    /** Size of the files that hold them, and of the file of those that were refused later. */
    long bytes();

    /** Accepted writes that the database or the rules of the history refused later; they lie beside. */
    long rejected();
}
