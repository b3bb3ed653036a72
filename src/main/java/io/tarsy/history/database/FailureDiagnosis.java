package io.tarsy.history.database;

import io.tarsy.history.database.Dialect.Failure;
import io.tarsy.history.http.Diagnosis;
import io.tarsy.history.http.Problem;
import io.tarsy.history.http.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Says what a database failure means, whatever the layers between have wrapped round it. */
@ApplicationScoped
public class FailureDiagnosis implements Diagnosis {
    private static final int DEEPEST_CAUSE = 50;

    @Inject
    Database database;

    @Inject
    Probe probe;

    @Override
    public @Nullable ProblemException of(Throwable thrown) {
        return switch (failure(thrown)) {
            case UNAVAILABLE -> {
                lookCloser();
                yield Problem.DATABASE_UNAVAILABLE.with("The database cannot serve this now; try again.", thrown);
            }
            case RETRY -> Problem.DATABASE_UNAVAILABLE.with("The database cannot serve this now; try again.", thrown);
            case TOO_BUSY ->
                Problem.TOO_BUSY.with("Too many requests wait for the database; try again in a moment.", thrown);
            case DUPLICATE -> Problem.CONFLICT.with("Another request has just recorded the same id.", thrown);
            case MISSING_PARENT ->
                Problem.NOT_FOUND.with("The session or stage has been deleted in the meantime.", thrown);
            case OTHER -> null;
        };
    }

    private void lookCloser() {
        if (database.state() == Database.State.READY) {
            database.suspect();
            probe.hurry();
        }
    }

    /** Whether doing the same once more is likely to find another answer: somebody else was at the same row. */
    public boolean isWorthAnotherTry(Throwable thrown) {
        return switch (failure(thrown)) {
            case DUPLICATE, MISSING_PARENT, RETRY -> true;
            case TOO_BUSY, UNAVAILABLE, OTHER -> false;
        };
    }

    /** Does it, and once more if somebody else was at the same row. */
    public <T> T twice(Supplier<T> work) {
        try {
            return work.get();
        } catch (RuntimeException failed) {
            if (!isWorthAnotherTry(failed)) {
                throw failed;
            }
            return work.get();
        }
    }

    /** Whether the database cannot be used now, so that more work would fail the same way. */
    public boolean isOutage(Throwable thrown) {
        var failure = failure(thrown);
        if (failure == Failure.UNAVAILABLE) {
            lookCloser();
        }
        return failure == Failure.UNAVAILABLE || failure == Failure.TOO_BUSY;
    }

    /** Whether the database does not answer, so that nobody knows whether the work was done. */
    public boolean isAway(Throwable thrown) {
        return failure(thrown) == Failure.UNAVAILABLE || isRefusedForOutage(thrown);
    }

    private static boolean isRefusedForOutage(Throwable thrown) {
        Throwable at = thrown;
        for (int depth = 0; at != null && depth < DEEPEST_CAUSE; depth++) {
            if (at instanceof ProblemException refused) {
                return refused.problem() == Problem.DATABASE_UNAVAILABLE;
            }
            at = at.getCause();
        }
        return false;
    }

    private Failure failure(Throwable thrown) {
        Throwable at = thrown;
        for (int depth = 0; at != null && depth < DEEPEST_CAUSE; depth++) {
            if (at instanceof SQLException failed) {
                var found = classify(failed);
                if (found != Failure.OTHER) {
                    return found;
                }
            }
            at = at.getCause();
        }
        return Failure.OTHER;
    }

    /** A failed batch keeps the failed statement's error beside itself, not below. */
    private Failure classify(SQLException failed) {
        for (SQLException at = failed; at != null; at = at.getNextException()) {
            var found = database.dialect().classify(at);
            if (found != Failure.OTHER) {
                return found;
            }
        }
        return Failure.OTHER;
    }
}
