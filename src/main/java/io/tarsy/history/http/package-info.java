/**
 * How we speak HTTP: problems, JSON in, JSON out, correlation ids, ETags and compression; and the files of the WAR.
 *
 * <p>Bodies are read with a streaming parser against a {@link io.tarsy.history.http.Shape}, so that every wrong field
 * is named at once and free JSON is kept as the text that came: no object tree is built from it and no digit of a
 * number is lost. Every failure leaves through {@link io.tarsy.history.http.Problem}.
 */
@NullMarked
package io.tarsy.history.http;

import org.jspecify.annotations.NullMarked;
