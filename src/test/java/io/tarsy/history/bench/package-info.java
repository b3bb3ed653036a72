/**
 * How fast the product is, measured from outside against plain JDBC on the same database in the same run. It is started
 * by {@code make bench} and writes {@code docs/performance.md}; no test depends on a time.
 */
@NullMarked
package io.tarsy.history.bench;

import org.jspecify.annotations.NullMarked;
