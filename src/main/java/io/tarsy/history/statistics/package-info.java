/**
 * What was done, in numbers: by hour and day in UTC. The transaction that writes or deletes a row adds what changes in
 * the counts as rows of their own, which no two writers share; one server adds these up, and a question asks for both
 * together in one statement, so an answer is right at any moment. See {@code docs/adr/0015-statistics-by-changes.md}.
 */
@NullMarked
package io.tarsy.history.statistics;

import org.jspecify.annotations.NullMarked;
