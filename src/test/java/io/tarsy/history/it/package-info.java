/**
 * The shipped WAR from outside, over real HTTP, on Payara Micro and on Open Liberty, on SQLite and on PostgreSQL.
 *
 * <p>The tests read the contract and nothing else: none of them uses a class of the product. Each makes ids and alert
 * types of its own, so that none depends on what another has written. The tag {@code smoke} names what also runs on the
 * second server, {@code across} what compares servers and databases, {@code arquillian} what runs inside a server.
 */
@NullMarked
package io.tarsy.history.it;

import org.jspecify.annotations.NullMarked;
