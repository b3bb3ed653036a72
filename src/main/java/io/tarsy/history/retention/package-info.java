/**
 * What may be deleted, what is held, what was deleted; and sessions whose agent went silent.
 *
 * <p>What goes is always the front of one line: the finished sessions that nobody holds, in the order in which they
 * ended. {@link io.tarsy.history.retention.RetentionPlan} says where the front stops, to a preview and to a run alike. A
 * run deletes in transactions of a few hundred rows with pauses between, under a lease that makes it the only one, and
 * leaves a record of itself. What is archived is on disk before it is deleted.
 */
@NullMarked
package io.tarsy.history.retention;

import org.jspecify.annotations.NullMarked;
