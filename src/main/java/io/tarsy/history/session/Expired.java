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
    private static final int SESSION_AND_TOTALS = 2;

    /** All its rows, those of the session and its totals too. */
    public long rows() {
        return llm + mcp + stages + SESSION_AND_TOTALS;
    }
}
