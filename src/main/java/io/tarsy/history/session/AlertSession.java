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

/** One alert on its way through a chain of agents. */
@Entity
@Table(name = "alert_sessions")
class AlertSession {
    @Id
    @Column(name = "session_id")
    String sessionId = "";

    @Column(name = "alert_id")
    @Nullable
    String alertId;

    @Convert(converter = PortableText.class)
    @Column(name = "agent_type")
    String agentType = "";

    @Convert(converter = PortableText.class)
    @Column(name = "alert_type")
    @Nullable
    String alertType;

    @Convert(converter = PortableText.class)
    @Column(name = "chain_id")
    String chainId = "";

    @Column(name = "status")
    String status = "";

    @Column(name = "started_at_us")
    long startedAtUs;

    @Column(name = "completed_at_us")
    @Nullable
    Long completedAtUs;

    @Column(name = "duration_ms")
    @Nullable
    Long durationMs;

    @Column(name = "current_stage_index")
    @Nullable
    Long currentStageIndex;

    @Column(name = "current_stage_id")
    @Nullable
    String currentStageId;

    @Convert(converter = PortableText.class)
    @Column(name = "author")
    @Nullable
    String author;

    @Convert(converter = PortableText.class)
    @Column(name = "runbook_url")
    @Nullable
    String runbookUrl;

    /** Whether somebody holds it back from retention. */
    @Column(name = "retention_hold")
    boolean retentionHold;

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

    @Column(name = "session_metadata")
    @Nullable
    String sessionMetadata;

    @Column(name = "chain_definition")
    @Nullable
    String chainDefinition;

    @Column(name = "alert_data")
    String alertData = "";

    @Convert(converter = PortableText.class)
    @Column(name = "final_analysis")
    @Nullable
    String finalAnalysis;

    /** The session that a body speaks of; what it leaves out is filled in. */
    static AlertSession of(JsonObject body, String id, long nowUs) {
        var session = new AlertSession();
        session.sessionId = id;
        session.alertId = body.text("alert_id");
        session.agentType = body.needed("agent_type");
        session.alertType = body.text("alert_type");
        session.chainId = body.needed("chain_id");
        session.status = body.textOr("status", Status.PENDING.word());
        session.startedAtUs = body.numberOr("started_at_us", nowUs);
        session.completedAtUs = body.number("completed_at_us");
        session.currentStageIndex = body.number("current_stage_index");
        session.currentStageId = body.text("current_stage_id");
        session.author = body.text("author");
        session.runbookUrl = body.text("runbook_url");
        session.retentionHold = body.flagOr("retention_hold", false);
        session.createdAtUs = nowUs;
        session.contentDigest = body.digest();
        session.errorMessage = body.text("error_message");
        session.sessionMetadata = body.text("session_metadata");
        session.chainDefinition = body.text("chain_definition");
        session.alertData = body.needed("alert_data");
        session.finalAnalysis = body.text("final_analysis");
        session.settle(nowUs);
        return session;
    }

    Status status() {
        return Status.of(status);
    }

    boolean isError() {
        return errorMessage != null || status() == Status.FAILED;
    }

    /** The bytes of its bodies. */
    long sizeBytes() {
        return JsonText.bytes(alertData) + JsonText.bytes(chainDefinition) + patchedBytes();
    }

    /** The bytes of those bodies that a patch can change. */
    long patchedBytes() {
        return JsonText.bytes(sessionMetadata) + JsonText.bytes(finalAnalysis);
    }

    /** A session that has ended has a time of completion and a duration; one that runs has no duration. */
    void settle(long nowUs) {
        if (!status().isTerminal()) {
            durationMs = null;
            return;
        }
        long end = completedAtUs == null ? nowUs : completedAtUs;
        completedAtUs = end;
        durationMs = Math.floorDiv(end - startedAtUs, 1_000);
    }
}
