package io.tarsy.history.session;

import io.tarsy.history.database.Reader;
import io.tarsy.history.http.Answer;
import io.tarsy.history.http.JsonText;
import io.tarsy.history.http.ProblemException;
import io.tarsy.history.http.Shape;
import io.tarsy.history.session.Interactions.Exchange;
import io.tarsy.history.session.Interactions.Place;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The interactions of a session in pages, without their bodies. */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class TimelineService {
    private static final Comparator<Entry> IN_ORDER = Comparator.comparingLong(
                    (Entry entry) -> entry.place.timestampUs())
            .thenComparing(entry -> entry.place.type())
            .thenComparing(entry -> entry.place.id());

    @Inject
    Reader reader;

    @Inject
    SessionDetailService sessions;

    @Inject
    Instance<Finder> finders;

    /** One line of the timeline: where it stands, and how it is shown. */
    record Entry(Place place, String json) {}

    /**
     * One page of the timeline.
     *
     * @param sessionId whose
     * @param type llm, mcp, or null for both
     * @param stage only of this stage execution, or null
     * @param after what the last page gave as {@code next_after}, or null
     * @param limit how many at most
     * @throws ProblemException 404 for an unknown session or stage, 422 for an unknown {@code after}
     */
    public Answer.Writer page(
            String sessionId, @Nullable String type, @Nullable String stage, @Nullable String after, int limit) {
        require(sessionId, stage);
        var from = after == null ? null : place(sessionId, after);
        var entries = entries(type, sessionId, stage, from, limit + 1);
        boolean more = entries.size() > limit;
        var shown = more ? entries.subList(0, limit) : entries;
        return json -> {
            json.writeStartObject();
            json.writeStringField("session_id", sessionId);
            json.writeArrayFieldStart("interactions");
            for (var entry : shown) {
                JsonText.writeRaw(json, entry.json);
            }
            json.writeEndArray();
            json.writeObjectFieldStart("pagination");
            json.writeNumberField("limit", limit);
            JsonText.write(
                    json, "next_after", more ? shown.get(shown.size() - 1).place.name() : null);
            json.writeEndObject();
            json.writeEndObject();
        };
    }

    /**
     * One page of the interactions in which some words stand, with where they stand.
     *
     * @param sessionId whose
     * @param type llm, mcp, or null for both
     * @param stage only of this stage execution, or null
     * @param after what the last page gave as {@code next_after}, or null
     * @param limit how many at most
     * @param search the words, all of which must stand in one interaction
     * @throws ProblemException 404 for an unknown session or stage, 422
     */
    public Answer.Writer hits(
            String sessionId,
            @Nullable String type,
            @Nullable String stage,
            @Nullable String after,
            int limit,
            String search) {
        var question = finders.get().question("search", search);
        require(sessionId, stage);
        var from = after == null ? null : place(sessionId, after);
        return new TimelineSearch(reader, this, question).page(sessionId, type, stage, from, limit, search);
    }

    /**
     * Makes sure that there is such a session, and such a stage in it.
     *
     * @throws ProblemException 404
     */
    private void require(String sessionId, @Nullable String stage) {
        sessions.requireSession(sessionId);
        if (stage != null
                && reader.first(
                                "select 1 as n from stage_executions where execution_id = ? and session_id = ?",
                                row -> row.count("n"),
                                stage,
                                sessionId)
                        == null) {
            throw StageService.unknown(stage, sessionId);
        }
    }

    /** The entries that follow a place, of both types, in order; at most so many of each. */
    List<Entry> entries(
            @Nullable String type, String sessionId, @Nullable String stage, @Nullable Place from, int limit) {
        var entries = new ArrayList<Entry>();
        for (var kind : Exchange.values()) {
            if (type == null || type.equals(kind.word())) {
                entries.addAll(entries(kind, sessionId, stage, from, limit));
            }
        }
        entries.sort(IN_ORDER);
        return entries;
    }

    private List<Entry> entries(
            Exchange type, String sessionId, @Nullable String stage, @Nullable Place from, int limit) {
        var parameters = new ArrayList<Object>(List.of(sessionId));
        var sql = new StringBuilder(type.select(false)).append(" where session_id = ?");
        if (stage != null) {
            sql.append(" and stage_execution_id = ?");
            parameters.add(stage);
        }
        if (from != null && from.type() == type) {
            sql.append(" and (timestamp_us, ").append(type.id).append(") > (?, ?)");
            parameters.add(from.timestampUs());
            parameters.add(from.id());
        } else if (from != null) {
            // at equal times models stand before tool servers
            sql.append(" and timestamp_us ")
                    .append(type == Exchange.MCP ? ">=" : ">")
                    .append(" ?");
            parameters.add(from.timestampUs());
        }
        sql.append(" order by timestamp_us, ").append(type.id).append(" limit ").append(limit);
        return reader.list(
                sql.toString(),
                row -> new Entry(
                        new Place(type, row.needed(type.id), null, row.count("timestamp_us"), row.count("size_bytes")),
                        Answer.text(json -> Interactions.write(json, type, row, false))),
                parameters.toArray());
    }

    /** Where an interaction stands that is named by its id, with or without its type before it. */
    private Place place(String sessionId, String after) {
        for (var type : Exchange.values()) {
            if (after.startsWith(type.word() + ":")) {
                var typed = place(sessionId, type, after.substring(4));
                if (typed != null) {
                    return typed;
                }
            }
        }
        for (var type : Exchange.values()) {
            var plain = place(sessionId, type, after);
            if (plain != null) {
                return plain;
            }
        }
        throw Shape.invalid("after", "is no interaction of this session");
    }

    private @Nullable Place place(String sessionId, Exchange type, String id) {
        return reader.first(
                "select timestamp_us from " + type.table + " where " + type.id + " = ? and session_id = ?",
                row -> new Place(type, id, null, row.count("timestamp_us"), 0),
                id,
                sessionId);
    }
}
