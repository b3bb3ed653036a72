/**
 * Find sessions by words, and what is like a session. One class decides what a word is ({@code Words}); both databases
 * store and are asked for the same lexemes, so they cannot disagree. A session is one entry of the index, made when it
 * has come to rest; what was written since stands apart in rows of its own, is written by the transaction of the record
 * itself, and is asked besides. So an answer is right at any moment, and an index entry is not rewritten with each
 * write. See {@code docs/adr/0014-one-entry-a-session.md}.
 */
@NullMarked
package io.tarsy.history.search;

import org.jspecify.annotations.NullMarked;
