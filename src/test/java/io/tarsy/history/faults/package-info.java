/**
 * The fault suite: breaks real databases and real servers under load, and compares what was acknowledged with what is
 * there afterwards. {@code make faults} runs all of it and writes {@code docs/reliability.md}; the tests run a short
 * set.
 */
@NullMarked
package io.tarsy.history.faults;

import org.jspecify.annotations.NullMarked;
