package io.tarsy.history.database;

import org.jspecify.annotations.Nullable;

/** Knows the pool that serves requests; the one bean that watches it implements it. */
public interface Pooled {
    /** The pool, as soon as there is one. */
    @Nullable
    PoolFigures pool();
}
