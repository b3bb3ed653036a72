/**
 * What can be measured, said once: {@link io.tarsy.history.metrics.Metric} is the list from which the documentation and
 * the checks of the dashboard are made, {@link io.tarsy.history.metrics.Metrics} the only way to the server's registry.
 * It belongs to the ground: every room may count, and it knows none of them.
 */
@NullMarked
package io.tarsy.history.metrics;

import org.jspecify.annotations.NullMarked;
