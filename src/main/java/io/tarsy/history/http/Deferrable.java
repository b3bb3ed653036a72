package io.tarsy.history.http;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a write of a {@link Gated} resource that may be kept until the database is back. Whoever does such a write asks
 * the {@link Gate} itself where nobody keeps it.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Deferrable {}
