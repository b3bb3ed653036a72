/**
 * Out and in again: a whole history can leave an installation as NDJSON and come back without loss.
 *
 * <p>What is written out is what the batch call takes, so there is one format. {@link
 * io.tarsy.history.transfer.ImportCommand} is a client like any other: it only speaks HTTP, uses nothing but the JDK and
 * stays one file, so that it also runs from its source on a machine that has nothing but Java.
 */
@NullMarked
package io.tarsy.history.transfer;

import org.jspecify.annotations.NullMarked;
