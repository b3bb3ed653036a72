/**
 * The other door in: many records in one request, one on a line.
 *
 * <p>Lines are stored some hundred at a time, each bundle in one transaction, through the services that also serve
 * single requests. A line that is refused leaves the others of its bundle alone; a bundle that the database refuses is
 * done again line by line. Results wait in a spool until the whole request is read, since a client that writes first
 * and reads later must not be waited for; so a line is reported as stored only after its transaction.
 */
@NullMarked
package io.tarsy.history.ingest;

import org.jspecify.annotations.NullMarked;
