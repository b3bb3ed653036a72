package io.tarsy.history.live;

import io.tarsy.history.database.Row;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** One event as it is kept. All clients share the bytes of it. */
final class LiveEvent {
    static final String COLUMNS = "event_id, at_us, type, session_id, data";

    /** As the first dashboard knows times: UTC, without saying so. */
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS");

    private final long id;
    private final long atUs;
    private final String type;
    private final String sessionId;
    private final String data;
    private byte @Nullable [] message;

    /**
     * Names its parts.
     *
     * @param id grows with each event
     * @param atUs when it was written
     * @param type what happened, such as session_created
     * @param sessionId to which session
     * @param data one JSON object
     */
    LiveEvent(long id, long atUs, String type, String sessionId, String data) {
        this.id = id;
        this.atUs = atUs;
        this.type = type;
        this.sessionId = sessionId;
        this.data = data;
    }

    static LiveEvent of(Row row) {
        return new LiveEvent(
                row.count("event_id"),
                row.count("at_us"),
                row.needed("type"),
                row.needed("session_id"),
                row.needed("data"));
    }

    long id() {
        return id;
    }

    String sessionId() {
        return sessionId;
    }

    /** Its message in the words of Server-Sent Events. */
    byte[] message() {
        var known = message;
        if (known == null) {
            known = ("event: " + type + "\nid: " + id + "\ndata: " + data + "\n\n").getBytes(StandardCharsets.UTF_8);
            message = known;
        }
        return known;
    }

    /** Its object with the time as a text, as the first dashboard wants it. */
    String dataWithTime() {
        var at = Instant.EPOCH.plus(atUs, ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
        return data.substring(0, data.lastIndexOf('}')) + ",\"timestamp\":\"" + TIME.format(at) + "\"}";
    }
}
