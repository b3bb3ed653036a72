package io.tarsy.history.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;

/** What is written and read by plain JDBC: the same statements in the same transactions as the product's. */
final class Rows {
    static final long START_US = 1_758_355_200_000_000L;
    static final String CONVERSATION =
            "{\"messages\":[{\"role\":\"user\",\"content\":\"" + "Why does it crash? ".repeat(45)
                    + "\"},{\"role\":\"assistant\",\"content\":\"" + "Because the quota is full. ".repeat(33) + "\"}]}";

    private static final String[] STATEMENTS = {
        "select 1 from llm_interactions where interaction_id = ?",
        "select session_id from stage_executions where execution_id = ?",
        "update session_totals set revision = revision + 1, updated_at_us = ?,"
                + " llm_interaction_count = llm_interaction_count + 1,"
                + " session_input_tokens = coalesce(session_input_tokens, 0) + 12,"
                + " session_output_tokens = coalesce(session_output_tokens, 0) + 34,"
                + " session_total_tokens = coalesce(session_total_tokens, 0) + 46 where session_id = ?",
        "insert into llm_interactions (interaction_id, session_id, stage_execution_id, timestamp_us, duration_ms,"
                + " success, model_name, input_tokens, output_tokens, total_tokens, size_bytes, created_at_us,"
                + " content_digest, conversation) values (?, ?, ?, ?, 5, ?, 'a-model', 12, 34, 46, 2048, ?,"
                + " 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', ?)",
    };

    private Rows() {}

    /** One connection's prepared statements. */
    static final class Writer implements AutoCloseable {
        private final Connection connection;
        private final PreparedStatement[] prepared = new PreparedStatement[STATEMENTS.length];
        private final String session;

        Writer(Place place, String session) throws SQLException {
            this.connection = place.connect();
            this.session = session;
            for (int i = 0; i < STATEMENTS.length; i++) {
                prepared[i] = connection.prepareStatement(STATEMENTS[i]);
            }
        }

        /** Begins a transaction; SQLite's takes the one writer at once, as the product's does. */
        void begin() throws SQLException {
            connection.setAutoCommit(false);
        }

        /** One interaction, not yet committed. */
        void write() throws SQLException {
            var id = UUID.randomUUID().toString();
            prepared[0].setString(1, id);
            prepared[0].executeQuery().close();
            prepared[1].setString(1, session + "-stage");
            prepared[1].executeQuery().close();
            prepared[2].setLong(1, START_US);
            prepared[2].setString(2, session);
            prepared[2].executeUpdate();
            var insert = prepared[3];
            insert.setString(1, id);
            insert.setString(2, session);
            insert.setString(3, session + "-stage");
            insert.setLong(4, START_US);
            insert.setBoolean(5, true);
            insert.setLong(6, START_US);
            insert.setString(7, CONVERSATION);
            insert.executeUpdate();
        }

        /** Commits; the SQLite driver's own commit would begin again at once and keep the others out. */
        void commit() throws SQLException {
            connection.setAutoCommit(true);
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }

    /** A session with one stage, by plain JDBC. */
    static void session(Connection connection, String id, long startedUs, String status) throws SQLException {
        try (var session = connection.prepareStatement("insert into alert_sessions (session_id, agent_type, alert_type,"
                        + " chain_id, status, started_at_us, completed_at_us, duration_ms, created_at_us, content_digest,"
                        + " alert_data) values (?, ?, ?, 'chain', ?, ?, ?, ?, ?, 'd', ?)");
                var headline = connection.prepareStatement(
                        "insert into session_headlines (session_id, headline) values (?, ?)");
                var totals = connection.prepareStatement(
                        "insert into session_totals (session_id, session_total_tokens, updated_at_us) values (?, ?, ?)");
                var stage =
                        connection.prepareStatement("insert into stage_executions (execution_id, session_id, stage_id,"
                                + " stage_index, stage_name, agent, status, created_at_us, content_digest)"
                                + " values (?, ?, 's', 0, 's', 'a', 'active', 1, 'd')")) {
            boolean ended = status.equals("completed");
            session.setString(1, id);
            session.setString(2, "agent-" + startedUs % 7);
            session.setString(3, "alert-" + startedUs % 23);
            session.setString(4, status);
            session.setLong(5, startedUs);
            session.setObject(6, ended ? (Object) (startedUs + 60_000_000) : null);
            session.setObject(7, ended ? (Object) 60_000L : null);
            session.setLong(8, startedUs);
            session.setString(9, "{\"pod\":\"" + id + "\",\"text\":\"" + "x".repeat(400) + "\"}");
            session.executeUpdate();
            headline.setString(1, id);
            headline.setString(2, "x".repeat(199) + "…");
            headline.executeUpdate();
            totals.setString(1, id);
            totals.setLong(2, startedUs % 5_000);
            totals.setLong(3, startedUs);
            totals.executeUpdate();
            stage.setString(1, id + "-stage");
            stage.setString(2, id);
            stage.executeUpdate();
        }
    }

    /** The body of a POST of one interaction. */
    static byte[] body(String session) {
        return record(session, "").getBytes(StandardCharsets.UTF_8);
    }

    /** One request of a batch. */
    static byte[] batch(String session, int lines) throws IOException {
        var text = new StringBuilder();
        for (int i = 0; i < lines; i++) {
            text.append(record(session, "\"kind\":\"llm_interaction\",\"session_id\":\"" + session + "\","))
                    .append('\n');
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String record(String session, String more) {
        return "{" + more + "\"interaction_id\":\"" + UUID.randomUUID() + "\",\"stage_execution_id\":\"" + session
                + "-stage\",\"timestamp_us\":" + START_US
                + ",\"duration_ms\":5,\"model_name\":\"a-model\",\"input_tokens\":12,\"output_tokens\":34,\"conversation\":"
                + CONVERSATION + "}";
    }
}
