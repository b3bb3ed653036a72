/**
 * How the installation is: what runs here, and whether the history can be read and written.
 *
 * <p>Readiness and liveness live in the rooms they are about and are found by annotation; here are the answers for
 * people and dashboards, which always come with status 200 and say in words what is wrong.
 */
@NullMarked
package io.tarsy.history.ops;

import org.jspecify.annotations.NullMarked;
