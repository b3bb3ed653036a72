package io.tarsy.history.http;

import org.jspecify.annotations.Nullable;

/** Knows what a failure from below means to a client; the room that causes the failure implements it. */
public interface Diagnosis {
    /** The problem behind the failure, or null where it is none of ours. */
    @Nullable
    ProblemException of(Throwable failure);
}
