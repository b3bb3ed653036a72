package io.tarsy.history.session;

import io.tarsy.history.database.Reader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The conversation that another one goes on from, if there is one: that of the LLM interaction before it in the same
 * stage and for the same purpose, else for any.
 *
 * @param id of its interaction
 * @param conversation as it was sent
 */
record Earlier(@Nullable String id, @Nullable String conversation) {

    private record Place(@Nullable String stage, @Nullable String purpose, long timestampUs) {}

    /** What stands before an interaction; null if it is none with a model. */
    static @Nullable Earlier than(Reader reader, String sessionId, String id) {
        var place = reader.first(
                "select stage_execution_id, interaction_type, timestamp_us from llm_interactions"
                        + " where interaction_id = ? and session_id = ?",
                row -> new Place(
                        row.text("stage_execution_id"), row.text("interaction_type"), row.count("timestamp_us")),
                id,
                sessionId);
        if (place == null) {
            return null;
        }
        var before = before(reader, sessionId, id, place, true);
        if (before == null) {
            before = before(reader, sessionId, id, place, false);
        }
        var conversation = before == null
                ? null
                : reader.first(
                        "select conversation from llm_interactions where interaction_id = ?",
                        row -> String.valueOf(row.raw("conversation")),
                        before);
        return new Earlier(before, conversation);
    }

    /** By the index in the order of time, which ends at the first that fits. */
    private static @Nullable String before(
            Reader reader, String sessionId, String id, Place place, boolean samePurpose) {
        var parameters = new ArrayList<Object>(List.of(sessionId, place.timestampUs, id));
        var sql = "select interaction_id from llm_interactions where session_id = ?"
                + " and (timestamp_us, interaction_id) < (?, ?)"
                + is("stage_execution_id", place.stage, parameters)
                + (samePurpose ? is("interaction_type", place.purpose, parameters) : "")
                + " order by timestamp_us desc, interaction_id desc limit 1";
        return reader.first(sql, row -> row.needed("interaction_id"), parameters.toArray());
    }

    private static String is(String column, @Nullable String value, List<Object> parameters) {
        if (value == null) {
            return " and " + column + " is null";
        }
        parameters.add(value);
        return " and " + column + " = ?";
    }
}
