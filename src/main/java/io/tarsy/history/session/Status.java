package io.tarsy.history.session;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How far a session or a stage has come. A terminal status is final. */
public enum Status {
    PENDING(true, true, false),
    IN_PROGRESS(true, false, false),
    ACTIVE(false, true, false),
    PAUSED(true, true, false),
    CANCELING(true, false, false),
    COMPLETED(true, true, true),
    FAILED(true, true, true),
    CANCELLED(true, true, true),
    TIMED_OUT(true, true, true),
    PARTIAL(false, true, true);

    /** The words for sessions, in the order of their life. */
    public static final List<String> OF_SESSIONS = words(status -> status.ofSession);

    /** The words for stages, in the order of their life. */
    public static final List<String> OF_STAGES = words(status -> status.ofStage);

    /** The words for sessions that have not ended. */
    public static final List<String> ACTIVE_SESSIONS = words(status -> status.ofSession && !status.terminal);

    private final boolean ofSession;
    private final boolean ofStage;
    private final boolean terminal;

    Status(boolean ofSession, boolean ofStage, boolean terminal) {
        this.ofSession = ofSession;
        this.ofStage = ofStage;
        this.terminal = terminal;
    }

    /** The status of this word. */
    public static Status of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    /** Its word in answers and in the database. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether nothing follows it. */
    public boolean isTerminal() {
        return terminal;
    }

    /** Whether {@code next} may follow; the same again always may. */
    public boolean allows(Status next) {
        return this == next || !terminal;
    }

    private static List<String> words(java.util.function.Predicate<Status> which) {
        return Arrays.stream(values()).filter(which).map(Status::word).toList();
    }
}
