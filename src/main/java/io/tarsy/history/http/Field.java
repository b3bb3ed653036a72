package io.tarsy.history.http;

import java.util.List;

/**
 * One field that a body may have.
 *
 * @param name its name, snake_case
 * @param kind what it holds
 * @param required whether a body without it is refused
 * @param words the values of a {@link Kind#WORD}
 * @param min the least value of a number, or the least length of a text
 * @param max the greatest value of a number, or the greatest length of a text
 * @param identity whether it only names the record, so that it does not count as its content
 */
public record Field(
        String name, Kind kind, boolean required, List<String> words, long min, long max, boolean identity) {

    /** What a field can hold. */
    public enum Kind {
        /** Any text. */
        TEXT,
        /** An id: 1 to 64 characters of {@code [A-Za-z0-9._:-]}. */
        ID,
        /** One of a few words. */
        WORD,
        /** A whole number. */
        INTEGER,
        /** Microseconds since the epoch, UTC, at most a day ahead. */
        TIME,
        /** Any number. */
        NUMBER,
        /** true or false. */
        FLAG,
        /** A free JSON object. */
        OBJECT,
        /** Any free JSON. */
        ANY
    }

    /** The longest text that stands in an index: both databases have room for it in one entry. */
    private static final int NAME_LENGTH = 255;

    private static final long LARGEST_COUNT = 1_000_000_000_000L;

    /** Any text, of any length the body's limit allows. */
    public static Field text(String name) {
        return of(name, Kind.TEXT, 0, Long.MAX_VALUE);
    }

    /** A short text that is not empty. */
    public static Field name(String name) {
        return of(name, Kind.TEXT, 1, NAME_LENGTH);
    }

    /** An id of something else. */
    public static Field id(String name) {
        return of(name, Kind.ID, 1, 64);
    }

    /** The record's own name for itself, which is no part of its content. */
    public static Field identity(String name) {
        return new Field(name, Kind.ID, false, List.of(), 1, 64, true);
    }

    /** One of these words. */
    public static Field word(String name, List<String> words) {
        return new Field(name, Kind.WORD, false, List.copyOf(words), 0, 0, false);
    }

    /** A whole number that is not negative, and small enough for millions of them to be summed up. */
    public static Field count(String name) {
        return of(name, Kind.INTEGER, 0, LARGEST_COUNT);
    }

    /** A point in time in microseconds. */
    public static Field time(String name) {
        return of(name, Kind.TIME, 0, Long.MAX_VALUE);
    }

    /** Any number. */
    public static Field number(String name) {
        return of(name, Kind.NUMBER, 0, 0);
    }

    /** true or false. */
    public static Field flag(String name) {
        return of(name, Kind.FLAG, 0, 0);
    }

    /** A free JSON object. */
    public static Field object(String name) {
        return of(name, Kind.OBJECT, 0, 0);
    }

    /** Any free JSON. */
    public static Field any(String name) {
        return of(name, Kind.ANY, 0, 0);
    }

    /** The same field, but it only says which record is meant and does not count as its content. */
    public Field apart() {
        return new Field(name, kind, required, words, min, max, true);
    }

    /** The same field, but a body must have it. */
    public Field needed() {
        return new Field(name, kind, true, words, min, max, identity);
    }

    private static Field of(String name, Kind kind, long min, long max) {
        return new Field(name, kind, false, List.of(), min, max, false);
    }
}
