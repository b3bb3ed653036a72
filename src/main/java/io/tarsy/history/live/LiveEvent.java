package io.tarsy.history.live;

import io.tarsy.history.database.Row;

/**
 * One event as it is kept.
 *
 * @param id grows with each event
 * @param type what happened, such as session_created
 * @param sessionId to which session
 * @param data one JSON object
 */
record LiveEvent(long id, String type, String sessionId, String data) {
    static final String COLUMNS = "event_id, type, session_id, data";

    static LiveEvent of(Row row) {
        return new LiveEvent(row.count("event_id"), row.needed("type"), row.needed("session_id"), row.needed("data"));
    }
}
