package io.tarsy.history.session;

import io.tarsy.history.database.Reader;
import io.tarsy.history.database.Row;
import io.tarsy.history.http.Field;
import io.tarsy.history.http.Shape;
import io.tarsy.history.session.Interactions.Exchange;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A session as the records that would bring it about again: first everything as it was created, then one patch for
 * whatever patches have changed. Sent to an empty history they make the same records again.
 */
@ApplicationScoped
public class SessionRecords {
    @Inject
    Reader reader;

    /** Takes one record, which is one line of JSON. */
    @FunctionalInterface
    public interface Sink {
        /** Takes the next record. */
        void accept(String line) throws IOException;
    }

    /** What a record and the patch after it say. */
    private record Parts(String created, @Nullable String change) {}

    /**
     * Where a stage is found.
     *
     * @param id of the stage execution
     * @param sizeBytes of what can be long in it
     */
    private record StagePlace(String id, long sizeBytes) {}

    /**
     * Hands on every record of a session in the order in which they can be sent.
     *
     * @throws io.tarsy.history.http.ProblemException 404
     */
    public void each(String sessionId, Sink sink) throws IOException {
        var session = reader.first(
                select(Shapes.SESSION, ", initial_state") + " from alert_sessions where session_id = ?",
                row -> parts(Shapes.SESSION, Shapes.SESSION_PATCH, row),
                sessionId);
        if (session == null) {
            throw SessionService.unknown(sessionId);
        }
        sink.accept(line("session", session.created));
        var stages = Bundles.of(stages(sessionId), StagePlace::sizeBytes);
        var changed = new ArrayList<StagePlace>();
        for (var bundle : stages) {
            var parts = parts(bundle);
            for (var stage : bundle) {
                var one = parts.get(stage.id);
                if (one != null) {
                    sink.accept(line("stage", one.created));
                    if (one.change != null) {
                        changed.add(stage);
                    }
                }
            }
        }
        interactions(sessionId, sink);
        for (var bundle : Bundles.of(changed, StagePlace::sizeBytes)) {
            var parts = parts(bundle);
            for (var stage : bundle) {
                var one = parts.get(stage.id);
                if (one != null && one.change != null) {
                    var named = "{\"session_id\":\"" + sessionId + "\",\"execution_id\":\"" + stage.id + "\"}";
                    sink.accept(line("stage_patch", Records.joined(named, one.change)));
                }
            }
        }
        if (session.change != null) {
            sink.accept(
                    line("session_patch", Records.joined("{\"session_id\":\"" + sessionId + "\"}", session.change)));
        }
    }

    private void interactions(String sessionId, Sink sink) throws IOException {
        var places = Interactions.places(reader, sessionId);
        var feed = new InteractionFeed(
                reader,
                places,
                true,
                type -> select(shape(type), "") + " from " + type.table,
                (type, row) -> line(kind(type), Records.text(shape(type), Records.of(row))));
        for (int i = 0; i < places.size(); i++) {
            var one = feed.next();
            if (one != null) {
                sink.accept(one);
            }
        }
    }

    private static String line(String kind, String record) {
        return Records.joined("{\"kind\":\"" + kind + "\"}", record);
    }

    private static Shape shape(Exchange type) {
        return type == Exchange.LLM ? Shapes.LLM_INTERACTION : Shapes.MCP_COMMUNICATION;
    }

    private static String kind(Exchange type) {
        return type == Exchange.LLM ? "llm_interaction" : "mcp_communication";
    }

    private static String select(Shape shape, String more) {
        return "select " + shape.fields().stream().map(Field::name).collect(Collectors.joining(", ")) + more;
    }

    private static Parts parts(Shape whole, Shape patch, Row row) {
        var initial = row.raw("initial_state");
        return new Parts(
                Records.asCreated(whole, patch, Records.of(row), initial),
                Records.changed(patch, Records.of(row), initial));
    }

    private Map<String, Parts> parts(List<StagePlace> bundle) {
        var parts = new HashMap<String, Parts>();
        Bundles.read(
                reader,
                select(Shapes.STAGE, ", initial_state") + " from stage_executions",
                "execution_id",
                bundle.stream().map(StagePlace::id).toList(),
                row -> parts.put(row.needed("execution_id"), parts(Shapes.STAGE, Shapes.STAGE_PATCH, row)));
        return parts;
    }

    /** The stages of a session, each after the one it belongs to. */
    private List<StagePlace> stages(String sessionId) {
        var children = new HashMap<String, List<StagePlace>>();
        reader.each(
                "select execution_id, parent_stage_execution_id, coalesce(octet_length(stage_output), 0)"
                        + " + coalesce(octet_length(initial_state), 0) as size_bytes from stage_executions"
                        + " where session_id = ? order by stage_index, execution_id",
                row -> {
                    var parent = row.text("parent_stage_execution_id");
                    children.computeIfAbsent(parent == null ? "" : parent, any -> new ArrayList<>())
                            .add(new StagePlace(row.needed("execution_id"), row.count("size_bytes")));
                },
                sessionId);
        var sorted = new ArrayList<>(children.getOrDefault("", List.of()));
        for (int at = 0; at < sorted.size(); at++) {
            sorted.addAll(children.getOrDefault(sorted.get(at).id, List.of()));
        }
        return sorted;
    }
}
