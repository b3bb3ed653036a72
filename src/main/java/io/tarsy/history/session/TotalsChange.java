package io.tarsy.history.session;

import jakarta.persistence.EntityManager;
import jakarta.persistence.FlushModeType;
import org.jspecify.annotations.Nullable;

/**
 * What one write adds to its session's totals. It is applied by a relative update, which also locks the session's
 * totals until the transaction ends.
 *
 * @param llm LLM interactions
 * @param mcp MCP communications
 * @param input tokens, null where unknown
 * @param output tokens, null where unknown
 * @param total tokens, null where unknown
 * @param stages stage executions
 * @param completed stages
 * @param failed stages
 * @param errors of the session, its stages and its interactions
 * @param bytes of the bodies
 */
record TotalsChange(
        long llm,
        long mcp,
        @Nullable Long input,
        @Nullable Long output,
        @Nullable Long total,
        long stages,
        long completed,
        long failed,
        long errors,
        long bytes) {

    static TotalsChange llm(LlmInteraction one) {
        return new TotalsChange(
                1,
                0,
                one.inputTokens,
                one.outputTokens,
                one.totalTokens,
                0,
                0,
                0,
                one.isError() ? 1 : 0,
                one.sizeBytes);
    }

    static TotalsChange mcp(McpCommunication one) {
        return new TotalsChange(0, 1, null, null, null, 0, 0, 0, one.isError() ? 1 : 0, one.sizeBytes);
    }

    static TotalsChange stages(long stages, long completed, long failed, long errors, long bytes) {
        return new TotalsChange(0, 0, null, null, null, stages, completed, failed, errors, bytes);
    }

    static TotalsChange session(long errors, long bytes) {
        return stages(0, 0, 0, errors, bytes);
    }

    /** Makes the totals of a new session. */
    static void begin(EntityManager entities, AlertSession session, long nowUs) {
        entities.createNativeQuery("insert into session_totals (session_id, errors_count, updated_at_us, size_bytes)"
                        + " values (?1, ?2, ?3, ?4)")
                .setParameter(1, session.sessionId)
                .setParameter(2, session.isError() ? 1 : 0)
                .setParameter(3, nowUs)
                .setParameter(4, session.sizeBytes())
                .executeUpdate();
    }

    /** Waits until nobody else changes this session; false if there is no such session. */
    static boolean lock(EntityManager entities, String sessionId) {
        return entities.createNativeQuery("update session_totals set revision = revision where session_id = ?1")
                        .setParameter(1, sessionId)
                        .executeUpdate()
                > 0;
    }

    /** Adds to the totals; false if there is no such session. */
    boolean apply(EntityManager entities, String sessionId, long nowUs) {
        var sql = new StringBuilder("update session_totals set revision = revision + 1, updated_at_us = ?1"
                + ", llm_interaction_count = llm_interaction_count + ?3"
                + ", mcp_communication_count = mcp_communication_count + ?4"
                + ", total_stages = total_stages + ?5, completed_stages = completed_stages + ?6"
                + ", failed_stages = failed_stages + ?7, errors_count = errors_count + ?8"
                + ", size_bytes = size_bytes + ?9");
        add(sql, "session_input_tokens", input, 10);
        add(sql, "session_output_tokens", output, 11);
        add(sql, "session_total_tokens", total, 12);
        var update = entities.createNativeQuery(
                        sql.append(" where session_id = ?2").toString())
                .setParameter(1, nowUs)
                .setParameter(2, sessionId)
                .setParameter(3, llm)
                .setParameter(4, mcp)
                .setParameter(5, stages)
                .setParameter(6, completed)
                .setParameter(7, failed)
                .setParameter(8, errors)
                .setParameter(9, bytes);
        if (input != null) {
            update.setParameter(10, input);
        }
        if (output != null) {
            update.setParameter(11, output);
        }
        if (total != null) {
            update.setParameter(12, total);
        }
        // interactions stay unwritten until the end, so that a batch writes them together
        return update.setFlushMode(FlushModeType.COMMIT).executeUpdate() > 0;
    }

    private static void add(StringBuilder sql, String column, @Nullable Long known, int parameter) {
        if (known != null) {
            sql.append(", ")
                    .append(column)
                    .append(" = coalesce(")
                    .append(column)
                    .append(", 0) + ?")
                    .append(parameter);
        }
    }
}
