package io.tarsy.history.database;

import java.io.IOException;
import java.sql.SQLException;

/** What a failure says to people: the innermost cause says most, the outer ones repeat it. */
final class FailureText {
    private FailureText() {}

    /** The first line of what matters. */
    static String of(Throwable failed) {
        Throwable root = failed;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        var own = failed.getMessage();
        boolean ownIsClearer = own != null && failed instanceof SQLException && root instanceof IOException;
        var message = ownIsClearer ? own : root.getMessage();
        var text = message == null ? root.getClass().getSimpleName() : message;
        return text.lines().filter(line -> !line.isBlank()).findFirst().orElse(root.toString());
    }

    /** Whether the database said no, whatever has wrapped it; anything else is a fault of ours and wanted in full. */
    static boolean isOfDatabase(Throwable failed) {
        for (Throwable at = failed; at != null; at = at.getCause()) {
            if (at instanceof SQLException) {
                return true;
            }
        }
        return false;
    }
}
