package io.tarsy.history.database;

import java.sql.SQLException;

/** A statement failed; {@link FailureDiagnosis} says what that means to a client. */
public final class DatabaseFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DatabaseFailure(SQLException cause) {
        super(cause.getMessage(), cause);
    }
}
