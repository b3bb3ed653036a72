/**
 * Every setting of the product, each said once, and the one reader that checks them all.
 *
 * <p>{@link io.tarsy.history.config.ConfigKey} is the list from which the documentation is made as well;
 * {@link io.tarsy.history.config.Settings} reads and checks it whole, so that a wrong installation learns all its
 * faults at one start instead of one at each. Reading is a plain function from names to texts: the same code serves the
 * application (through MicroProfile Config), the server's connection pool and the start script, which know neither CDI
 * nor MicroProfile. Only {@link io.tarsy.history.config.MicroProfileSource} knows them; everything else here is plain
 * Java. A fault never repeats the value of a secret, and never the path in a {@code _FILE} variable either, because the
 * commonest mistake there is to write the secret itself.
 */
@NullMarked
package io.tarsy.history.config;

import org.jspecify.annotations.NullMarked;
