/**
 * One processed alert and all that was said and done for it: the middle of the house.
 *
 * <p>Writes go through stateless services, one transaction each, and are idempotent on the sender's ids: what was first
 * sent is remembered as a digest, and where a digest differs only because defaults were filled in, the contents are
 * compared. Totals of a session stand beside it and change in the same transaction by relative updates, so no list
 * adds anything up and no two writers lose an increment. Reads build no entities: they are bounded queries whose rows
 * are written as JSON, and no connection is held while an answer travels.
 */
@NullMarked
package io.tarsy.history.session;

import org.jspecify.annotations.NullMarked;
