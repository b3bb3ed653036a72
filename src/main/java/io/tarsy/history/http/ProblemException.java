package io.tarsy.history.http;

import io.tarsy.history.http.Problem.FieldError;
import jakarta.ejb.ApplicationException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Carries a {@link Problem} to the client.
 *
 * <p>It does not roll back: services find out what is wrong before their first write, and one bad line of a batch must
 * not undo the others. Without the annotation the EJB container would wrap it and hide its status.
 */
@ApplicationException(rollback = false)
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Problem problem;
    private final transient List<FieldError> errors;

    ProblemException(Problem problem, String detail, List<FieldError> errors, @Nullable Throwable cause) {
        super(detail, cause);
        this.problem = problem;
        this.errors = List.copyOf(errors);
    }

    /** What kind of problem it is. */
    public Problem problem() {
        return problem;
    }

    /** One plain sentence. */
    public String detail() {
        return String.valueOf(getMessage());
    }

    /** Each wrong field; empty where the detail says it all. */
    public List<FieldError> errors() {
        return errors == null ? List.of() : errors;
    }
}
