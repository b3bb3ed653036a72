package io.tarsy.history.session;

import io.tarsy.history.database.Reader;
import io.tarsy.history.database.Row;
import io.tarsy.history.session.Interactions.Exchange;
import io.tarsy.history.session.Interactions.Place;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

/** Reads the texts of sessions again, as they were told of when they were written. */
@ApplicationScoped
public class Passages {
    private static final int SESSIONS_AT_ONCE = 250;

    @Inject
    Reader reader;

    /**
     * The texts of one record.
     *
     * @param sessionId whose
     * @param id of the stage or interaction; empty for the session itself
     * @param passages its texts
     */
    public record Document(String sessionId, String id, List<Passage> passages) {}

    /** Takes documents of some sessions, until it has enough of each. */
    public interface Visitor {
        /** Takes the next document: the session's own first, then stages, then interactions by time. */
        void visit(Document document);

        /** Whether more of this session is wanted. */
        boolean wants(String sessionId);

        /**
         * Whether a record may be worth taking apart.
         *
         * @param sessionId whose
         * @param raw a JSON text of it as it is stored
         */
        default boolean mayWant(String sessionId, String raw) {
            return true;
        }
    }

    /** Hands on the documents of these sessions, a bundle of them in memory at a time. */
    public void each(List<String> sessionIds, Visitor visitor) {
        for (int from = 0; from < sessionIds.size(); from += SESSIONS_AT_ONCE) {
            var some = sessionIds.subList(from, Math.min(from + SESSIONS_AT_ONCE, sessionIds.size()));
            own(some, visitor);
            interactions(wanted(some, visitor), visitor);
        }
    }

    private static List<String> wanted(List<String> sessionIds, Visitor visitor) {
        return sessionIds.stream().filter(visitor::wants).toList();
    }

    private void own(List<String> ids, Visitor visitor) {
        var documents = new ArrayList<Document>();
        reader.each(
                "select session_id, alert_type, agent_type, chain_id, error_message, final_analysis, alert_data,"
                        + " session_metadata from alert_sessions where session_id in (" + marks(ids) + ")",
                row -> documents.add(new Document(
                        row.needed("session_id"),
                        "",
                        Texts.ofSession(
                                row.text("alert_type"),
                                row.needed("agent_type"),
                                row.needed("chain_id"),
                                row.text("error_message"),
                                row.text("final_analysis"),
                                String.valueOf(row.raw("alert_data")),
                                row.raw("session_metadata")))),
                ids.toArray());
        documents.forEach(visitor::visit);
        documents.clear();
        var left = wanted(ids, visitor);
        if (left.isEmpty()) {
            return;
        }
        reader.each(
                "select session_id, execution_id, stage_name, error_message from stage_executions where session_id in ("
                        + marks(left) + ") order by session_id, stage_index, execution_id",
                row -> documents.add(new Document(
                        row.needed("session_id"),
                        row.needed("execution_id"),
                        Texts.ofStage(row.needed("stage_name"), row.text("error_message")))),
                left.toArray());
        documents.forEach(visitor::visit);
    }

    /** First one of each session, then two of those that want more, then four, since most have enough soon. */
    private void interactions(List<String> ids, Visitor visitor) {
        if (ids.isEmpty()) {
            return;
        }
        var waiting = places(ids);
        for (int each = 1; !waiting.isEmpty(); each *= 2) {
            var turn = new ArrayList<Of>();
            for (var session : List.copyOf(waiting.keySet())) {
                var places = waiting.get(session);
                if (!visitor.wants(session) || places == null || places.isEmpty()) {
                    waiting.remove(session);
                } else {
                    var some = places.subList(0, Math.min(each, places.size()));
                    some.forEach(place -> turn.add(new Of(session, place)));
                    some.clear();
                }
            }
            for (int at = 0; at < turn.size(); ) {
                int end = Bundles.end(turn, at, one -> one.place.sizeBytes());
                deliver(turn.subList(at, end), visitor);
                at = end;
            }
        }
    }

    private record Of(String sessionId, Place place) {}

    private Map<String, List<Place>> places(List<String> ids) {
        var found = new LinkedHashMap<String, List<Place>>();
        var both = new ArrayList<Object>(ids);
        both.addAll(ids);
        reader.each(
                "select session_id, 'llm' as type, interaction_id as id, timestamp_us, size_bytes from llm_interactions"
                        + " where session_id in (" + marks(ids) + ") union all"
                        + " select session_id, 'mcp', communication_id, timestamp_us, size_bytes"
                        + " from mcp_communications where session_id in (" + marks(ids)
                        + ") order by session_id, timestamp_us, type, id",
                row -> found.computeIfAbsent(row.needed("session_id"), absent -> new ArrayList<>())
                        .add(new Place(
                                row.needed("type").equals("llm") ? Exchange.LLM : Exchange.MCP,
                                row.needed("id"),
                                null,
                                row.count("timestamp_us"),
                                row.count("size_bytes"))),
                both.toArray());
        return found;
    }

    private void deliver(List<Of> bundle, Visitor visitor) {
        var wanted = bundle.stream().filter(one -> visitor.wants(one.sessionId)).toList();
        var sessions = new HashMap<String, String>();
        wanted.forEach(one -> sessions.put(one.place.name(), one.sessionId));
        var read = of(
                reader,
                wanted.stream().map(Of::place).toList(),
                (name, raw) -> visitor.mayWant(sessions.getOrDefault(name, ""), raw));
        for (var one : wanted) {
            var passages = read.get(one.place.name());
            if (passages != null && visitor.wants(one.sessionId)) {
                visitor.visit(new Document(one.sessionId, one.place.id(), passages));
            }
        }
    }

    /** The texts of the interactions of one bundle, by {@link Place#name}. */
    static Map<String, List<Passage>> of(Reader reader, List<Place> bundle) {
        return of(reader, bundle, (name, raw) -> true);
    }

    private static Map<String, List<Passage>> of(
            Reader reader, List<Place> bundle, BiPredicate<String, String> isWorth) {
        var texts = new HashMap<String, List<Passage>>();
        for (var type : Exchange.values()) {
            var ids = bundle.stream()
                    .filter(place -> place.type() == type)
                    .map(Place::id)
                    .toList();
            Bundles.read(reader, select(type), type.id, ids, row -> {
                var name = type.word() + ":" + row.needed(type.id);
                if (raw(type, row).anyMatch(text -> isWorth.test(name, text))) {
                    texts.put(name, of(type, row));
                }
            });
        }
        return texts;
    }

    private static String select(Exchange type) {
        return switch (type) {
            case LLM -> "select interaction_id, conversation from llm_interactions";
            case MCP -> "select communication_id, tool_name, tool_arguments, tool_result from mcp_communications";
        };
    }

    private static Stream<String> raw(Exchange type, Row row) {
        return switch (type) {
            case LLM -> Stream.of(String.valueOf(row.raw("conversation")));
            case MCP ->
                Stream.of(
                                Optional.of(row.needed("tool_name")),
                                Optional.ofNullable(row.raw("tool_arguments")),
                                Optional.ofNullable(row.raw("tool_result")))
                        .flatMap(Optional::stream)
                        .map(String::valueOf);
        };
    }

    private static List<Passage> of(Exchange type, Row row) {
        return switch (type) {
            case LLM -> Texts.ofLlm(String.valueOf(row.raw("conversation")));
            case MCP -> Texts.ofMcp(row.needed("tool_name"), row.raw("tool_arguments"), row.raw("tool_result"));
        };
    }

    private static String marks(List<String> ids) {
        return "?, ".repeat(ids.size() - 1) + "?";
    }
}
