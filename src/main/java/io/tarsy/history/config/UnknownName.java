package io.tarsy.history.config;

import org.jspecify.annotations.Nullable;

/**
 * A name that looks like a setting of ours and is none, so nothing reads it.
 *
 * @param name as it is set
 * @param nearest the setting that was probably meant, or null if none is near
 */
public record UnknownName(String name, @Nullable String nearest) {
    /** The same as a sentence. */
    public String sentence() {
        return name + " is set and is not a setting." + (nearest == null ? "" : " Did you mean " + nearest + "?");
    }
}
