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
import java.util.Objects;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the texts of sessions again, as they were told of when they were written. */
@ApplicationScoped
public class Passages {
    private static final int SESSIONS_AT_ONCE = 250;

    /** A session has few interactions if it has so many. */
    private static final int FEW = 32;

    /** A body of so many bytes is short. */
    private static final int SHORT = 4_096;

    /** Of so many sessions with few interactions the short bodies are in memory together: 2.5 MB at most. */
    private static final int SHORT_AT_ONCE = 20;

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
            var counts = own(some, visitor);
            counts.keySet().removeIf(session -> !visitor.wants(session));
            interactions(counts, visitor);
        }
    }

    private static List<String> wanted(List<String> sessionIds, Visitor visitor) {
        return sessionIds.stream().filter(visitor::wants).toList();
    }

    /** Hands on all but their interactions, and tells how many of these each has. */
    private Map<String, Long> own(List<String> ids, Visitor visitor) {
        var counts = new LinkedHashMap<String, Long>();
        var documents = new ArrayList<Document>();
        reader.each(
                "select s.session_id, s.alert_type, s.agent_type, s.chain_id, s.error_message, s.final_analysis,"
                        + " s.alert_data, s.session_metadata, t.llm_interaction_count + t.mcp_communication_count as n"
                        + " from alert_sessions s join session_totals t on t.session_id = s.session_id"
                        + " where s.session_id in (" + marks(ids) + ")",
                row -> {
                    counts.put(row.needed("session_id"), row.count("n"));
                    documents.add(new Document(
                            row.needed("session_id"),
                            "",
                            Texts.ofSession(
                                    row.text("alert_type"),
                                    row.needed("agent_type"),
                                    row.needed("chain_id"),
                                    row.text("error_message"),
                                    row.text("final_analysis"),
                                    String.valueOf(row.raw("alert_data")),
                                    row.raw("session_metadata"))));
                },
                ids.toArray());
        documents.forEach(visitor::visit);
        documents.clear();
        var left = wanted(ids, visitor);
        if (left.isEmpty()) {
            return counts;
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
        return counts;
    }

    /**
     * Of sessions with few interactions the short bodies are read at once, a bundle of sessions at a time; of the others
     * one by one, as long as more is wanted.
     */
    private void interactions(Map<String, Long> counts, Visitor visitor) {
        var few = new ArrayList<String>();
        var many = new ArrayList<String>();
        counts.forEach((session, count) -> (count <= FEW ? few : many).add(session));
        for (int from = 0; from < few.size(); from += SHORT_AT_ONCE) {
            turns(places(few.subList(from, Math.min(from + SHORT_AT_ONCE, few.size())), SHORT), visitor);
        }
        turns(places(many, -1), visitor);
    }

    /** First one of each session, then two of those that want more, then four, since most have enough soon. */
    private void turns(Map<String, List<Of>> waiting, Visitor visitor) {
        for (int each = 1; !waiting.isEmpty(); each *= 2) {
            var turn = new ArrayList<Of>();
            for (var session : List.copyOf(waiting.keySet())) {
                var places = waiting.get(session);
                if (!visitor.wants(session) || places == null || places.isEmpty()) {
                    waiting.remove(session);
                } else {
                    var some = places.subList(0, Math.min(each, places.size()));
                    turn.addAll(some);
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

    /**
     * An interaction to be visited.
     *
     * @param sessionId whose
     * @param place where it is found
     * @param stored its texts, if they were read with the place
     */
    private record Of(
            String sessionId, Place place, @Nullable Stored stored) {}

    /**
     * The texts of an interaction as they are stored.
     *
     * @param type with whom
     * @param toolName the tool, if it is one
     * @param body the conversation or the tool's result
     * @param arguments of the tool
     */
    private record Stored(
            Exchange type,
            @Nullable String toolName,
            @Nullable String body,
            @Nullable String arguments) {
        static Stored of(Exchange type, Row row) {
            return type == Exchange.LLM
                    ? new Stored(type, null, row.raw("conversation"), null)
                    : new Stored(type, row.needed("tool_name"), row.raw("tool_result"), row.raw("tool_arguments"));
        }

        /** What is said in it, or null if no part of it may be wanted. */
        @Nullable
        List<Passage> passages(Predicate<String> mayWant) {
            if (Stream.of(toolName, arguments, body).filter(Objects::nonNull).noneMatch(mayWant)) {
                return null;
            }
            return type == Exchange.LLM
                    ? Texts.ofLlm(String.valueOf(body))
                    : Texts.ofMcp(String.valueOf(toolName), arguments, body);
        }
    }

    /** The interactions of some sessions in their order, with the texts of those that are not longer than so much. */
    private Map<String, List<Of>> places(List<String> ids, int bytes) {
        var found = new LinkedHashMap<String, List<Of>>();
        if (ids.isEmpty()) {
            return found;
        }
        var both = new ArrayList<Object>(ids);
        both.addAll(ids);
        var shorter = "case when size_bytes <= " + bytes + " then ";
        reader.each(
                "select session_id, 'llm' as type, interaction_id as id, timestamp_us, size_bytes, null as tool_name, "
                        + shorter + "conversation end as body, null as arguments from llm_interactions"
                        + " where session_id in (" + marks(ids) + ") union all"
                        + " select session_id, 'mcp', communication_id, timestamp_us, size_bytes, tool_name, "
                        + shorter + "tool_result end, " + shorter + "tool_arguments end"
                        + " from mcp_communications where session_id in (" + marks(ids)
                        + ") order by session_id, timestamp_us, type, id",
                row -> {
                    var type = row.needed("type").equals("llm") ? Exchange.LLM : Exchange.MCP;
                    var place =
                            new Place(type, row.needed("id"), null, row.count("timestamp_us"), row.count("size_bytes"));
                    var stored = place.sizeBytes() > bytes
                            ? null
                            : new Stored(type, row.text("tool_name"), row.raw("body"), row.raw("arguments"));
                    var session = row.needed("session_id");
                    found.computeIfAbsent(session, absent -> new ArrayList<>()).add(new Of(session, place, stored));
                },
                both.toArray());
        return found;
    }

    private void deliver(List<Of> bundle, Visitor visitor) {
        var wanted = bundle.stream().filter(one -> visitor.wants(one.sessionId)).toList();
        var sessions = new HashMap<String, String>();
        var apart = wanted.stream().filter(one -> one.stored == null).toList();
        apart.forEach(one -> sessions.put(one.place.name(), one.sessionId));
        var read = of(
                reader,
                apart.stream().map(Of::place).toList(),
                (name, raw) -> visitor.mayWant(sessions.getOrDefault(name, ""), raw));
        for (var one : wanted) {
            if (visitor.wants(one.sessionId)) {
                var passages = one.stored == null
                        ? read.get(one.place.name())
                        : one.stored.passages(raw -> visitor.mayWant(one.sessionId, raw));
                if (passages != null) {
                    visitor.visit(new Document(one.sessionId, one.place.id(), passages));
                }
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
                var passages = Stored.of(type, row).passages(text -> isWorth.test(name, text));
                if (passages != null) {
                    texts.put(name, passages);
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

    private static String marks(List<String> ids) {
        return "?, ".repeat(ids.size() - 1) + "?";
    }
}
