/**
 * TARSy History: the system of record for what AI agents did about production alerts.
 *
 * <p>Each package below is a room with one concern; {@code docs/architecture.md} shows which may use which.
 */
@NullMarked
package io.tarsy.history;

import org.jspecify.annotations.NullMarked;
