package io.tarsy.history.session;

import org.jspecify.annotations.Nullable;

/**
 * A finished session that nobody holds, as it was when it was looked at.
 *
 * @param sessionId its id
 * @param completedAtUs when it ended
 * @param alertType what kind of alert it was
 * @param revision whoever deletes it makes sure that it is still this one
 * @param llm LLM interactions
 * @param mcp MCP communications
 * @param stages stage executions
 * @param bytes of its bodies as they came
 */
public record Expired(
        String sessionId,
        long completedAtUs,
        @Nullable String alertType,
        long revision,
        long llm,
        long mcp,
        long stages,
        long bytes) {
    /** Rows that every session has: its own, its totals, its headline, its words in the index, its place in the list. */
    public static final int OWN_ROWS = 5;

    /** All its rows. */
    public long rows() {
        return llm + mcp + stages + OWN_ROWS;
    }
}
