/**
 * How the installation is: what runs here, which settings hold, what the database says of itself, and what the doctor
 * finds.
 *
 * <p>Readiness and liveness live in the rooms they are about and are found by annotation; here are the answers for
 * people and dashboards, which always come with status 200 and say in words what is wrong. They are asked for when
 * something is wrong, so nothing here may hang with it: the database is asked beside the pool, by one thread at a time,
 * and nobody waits for it longer than a few seconds.
 *
 * <p>A check is contributed by the room it is about, as a bean that implements {@link io.tarsy.history.database.Checks};
 * what is left for this room is the machine, the settings and what several rooms do from time to time.
 */
@NullMarked
package io.tarsy.history.ops;

import org.jspecify.annotations.NullMarked;
