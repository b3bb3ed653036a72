package io.tarsy.history.database;

/**
 * The line of those who want to write where only one can.
 *
 * @param depth how many wait now
 * @param limit how many may
 * @param waitSeconds how long each may
 */
public record WriteQueue(int depth, int limit, int waitSeconds) {}
