package io.tarsy.history.database;

import jakarta.ejb.ApplicationException;
import java.sql.SQLException;

/**
 * A statement failed; {@link FailureDiagnosis} says what that means to a client. It passes through an EJB container
 * as it is, so that an outage fills no log with stack traces.
 */
@ApplicationException(rollback = true)
public final class DatabaseFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DatabaseFailure(SQLException cause) {
        super(cause.getMessage(), cause);
    }
}
