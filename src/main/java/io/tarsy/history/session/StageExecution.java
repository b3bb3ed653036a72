package io.tarsy.history.session;

import io.tarsy.history.database.PortableText;
import io.tarsy.history.http.JsonObject;
import io.tarsy.history.http.JsonText;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

/** One stage of a session, carried out by one agent. */
@Entity
@Table(name = "stage_executions")
class StageExecution {
    @Id
    @Column(name = "execution_id")
    String executionId = "";

    @Column(name = "session_id")
    String sessionId = "";

    @Convert(converter = PortableText.class)
    @Column(name = "stage_id")
    String stageId = "";

    @Column(name = "stage_index")
    long stageIndex;

    @Convert(converter = PortableText.class)
    @Column(name = "stage_name")
    String stageName = "";

    @Convert(converter = PortableText.class)
    @Column(name = "agent")
    String agent = "";

    @Column(name = "status")
    String status = "";

    @Column(name = "started_at_us")
    @Nullable
    Long startedAtUs;

    @Column(name = "completed_at_us")
    @Nullable
    Long completedAtUs;

    @Column(name = "duration_ms")
    @Nullable
    Long durationMs;

    @Column(name = "parent_stage_execution_id")
    @Nullable
    String parentStageExecutionId;

    @Column(name = "parallel_index")
    @Nullable
    Long parallelIndex;

    @Convert(converter = PortableText.class)
    @Column(name = "parallel_type")
    @Nullable
    String parallelType;

    @Column(name = "created_at_us")
    long createdAtUs;

    @Column(name = "content_digest")
    String contentDigest = "";

    @Convert(converter = PortableText.class)
    @Column(name = "error_message")
    @Nullable
    String errorMessage;

    @Column(name = "initial_state")
    @Nullable
    String initialState;

    @Column(name = "stage_output")
    @Nullable
    String stageOutput;

    /** The stage that a body speaks of; what it leaves out is filled in. */
    static StageExecution of(JsonObject body, String id, String sessionId, long nowUs) {
        var stage = new StageExecution();
        stage.executionId = id;
        stage.sessionId = sessionId;
        stage.stageId = body.needed("stage_id");
        stage.stageIndex = body.numberOr("stage_index", 0);
        stage.stageName = body.needed("stage_name");
        stage.agent = body.needed("agent");
        stage.status = body.textOr("status", Status.PENDING.word());
        stage.startedAtUs = body.number("started_at_us");
        stage.completedAtUs = body.number("completed_at_us");
        stage.durationMs = body.number("duration_ms");
        stage.parentStageExecutionId = body.text("parent_stage_execution_id");
        stage.parallelIndex = body.number("parallel_index");
        stage.parallelType = body.text("parallel_type");
        stage.createdAtUs = nowUs;
        stage.contentDigest = body.digest();
        stage.errorMessage = body.text("error_message");
        stage.stageOutput = body.text("stage_output");
        stage.settle(nowUs, stage.durationMs != null);
        return stage;
    }

    Status status() {
        return Status.of(status);
    }

    boolean isError() {
        return errorMessage != null || status() == Status.FAILED;
    }

    /** The bytes of its body. */
    long sizeBytes() {
        return JsonText.bytes(stageOutput);
    }

    /** A stage that works has begun; one that has ended has a time of completion and, if its begin is known, a duration. */
    void settle(long nowUs, boolean durationIsGiven) {
        if (status() == Status.ACTIVE && startedAtUs == null) {
            startedAtUs = nowUs;
        }
        if (!status().isTerminal()) {
            return;
        }
        long end = completedAtUs == null ? nowUs : completedAtUs;
        completedAtUs = end;
        if (!durationIsGiven && startedAtUs != null) {
            durationMs = Math.floorDiv(end - startedAtUs, 1_000);
        }
    }
}
