package io.tarsy.history.database;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Makes sure that a failure of the driver cannot carry the password into a log. */
final class SecretFreeFailure {

    private SecretFreeFailure() {}

    /** The failure itself if the secret is nowhere in it, else one like it without the secret and without causes. */
    static SQLException of(SQLException failure, @Nullable String secret) {
        if (secret == null || secret.isEmpty() || !printed(failure).contains(secret)) {
            return failure;
        }
        var message = String.valueOf(failure.getMessage()).replace(secret, "***");
        var clean = new SQLException(message, failure.getSQLState(), failure.getErrorCode());
        clean.setStackTrace(failure.getStackTrace());
        return clean;
    }

    private static String printed(SQLException failure) {
        var text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
