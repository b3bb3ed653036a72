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
        var changedStages = new ArrayList<String>();
        for (var id : stageIds(sessionId)) {
            var stage = stage(id);
            if (stage != null) {
                sink.accept(line("stage", stage.created));
                if (stage.change != null) {
                    changedStages.add(id);
                }
            }
        }
        Interactions.each(
                reader,
                Interactions.places(reader, sessionId),
                true,
                type -> select(shape(type), "") + " from " + type.table,
                (type, row) -> line(kind(type), Records.text(shape(type), Records.of(row))),
                sink::accept);
        for (var id : changedStages) {
            var stage = stage(id);
            if (stage != null && stage.change != null) {
                sink.accept(line(
                        "stage_patch",
                        Records.joined(
                                "{\"session_id\":\"" + sessionId + "\",\"execution_id\":\"" + id + "\"}",
                                stage.change)));
            }
        }
        if (session.change != null) {
            sink.accept(
                    line("session_patch", Records.joined("{\"session_id\":\"" + sessionId + "\"}", session.change)));
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

    private @Nullable Parts stage(String id) {
        return reader.first(
                select(Shapes.STAGE, ", initial_state") + " from stage_executions where execution_id = ?",
                row -> parts(Shapes.STAGE, Shapes.STAGE_PATCH, row),
                id);
    }

    /** The stages of a session, each after the one it belongs to. */
    private List<String> stageIds(String sessionId) {
        var children = new HashMap<String, List<String>>();
        reader.each(
                "select execution_id, parent_stage_execution_id from stage_executions where session_id = ?"
                        + " order by stage_index, execution_id",
                row -> {
                    var parent = row.text("parent_stage_execution_id");
                    children.computeIfAbsent(parent == null ? "" : parent, any -> new ArrayList<>())
                            .add(row.needed("execution_id"));
                },
                sessionId);
        var sorted = new ArrayList<>(children.getOrDefault("", List.of()));
        for (int at = 0; at < sorted.size(); at++) {
            sorted.addAll(children.getOrDefault(sorted.get(at), List.of()));
        }
        return sorted;
    }
}
