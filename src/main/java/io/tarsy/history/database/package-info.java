/**
 * Which database keeps the history, and how to reach it: connection strings, the settings around them, the data source
 * of the server's pool and what the server is told before it starts.
 *
 * <p>A connection string is read by a pure function that finds all its faults at once; nothing it says ever repeats a
 * piece of the text that could belong to a password, so faults name the place and the right shape instead of quoting.
 * Everything that decides about the database is settled in {@link io.tarsy.history.database.DatabaseSettings}, from
 * which the application, the pool and the start script take the same answer. {@link
 * io.tarsy.history.database.HistoryDataSource} is loaded by a server's pool outside of the application; it and all it
 * needs therefore use nothing but Java, the PostgreSQL driver and the settings.
 */
@NullMarked
package io.tarsy.history.database;

import org.jspecify.annotations.NullMarked;
