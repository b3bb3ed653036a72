package io.tarsy.history.ops;

import io.tarsy.history.database.Check;
import io.tarsy.history.database.Check.Finding;
import io.tarsy.history.database.DatabaseChecks;
import io.tarsy.history.database.DatabaseFailure;
import io.tarsy.history.database.Inspector;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One round of checks; what was found can be read while it still runs. */
final class Examination implements Runnable {
    private static final String LOOK_AT_DATABASE =
            "Look at the log and at the database; it is asked again at the next call.";

    private final List<Check> checks;
    private final Supplier<Inspector> connect;
    private final Map<String, Finding> findings = new ConcurrentHashMap<>();

    Examination(List<Check> checks, Supplier<Inspector> connect) {
        this.checks = checks;
        this.connect = connect;
    }

    @Override
    public void run() {
        for (var check : checks) {
            if (check.question() instanceof Check.OfMachine machine) {
                note(check, machine::look);
            }
        }
        if (checks.stream().anyMatch(check -> check.question() instanceof Check.OfDatabase)) {
            askDatabase();
        }
    }

    private void askDatabase() {
        try (var inspector = connect.get()) {
            for (var check : checks) {
                if (check.question() instanceof Check.OfDatabase database) {
                    note(check, () -> database.look(inspector));
                }
            }
        } catch (DatabaseFailure away) {
            System.getLogger(Examination.class.getName())
                    .log(Level.DEBUG, "The database cannot be asked how it is", away);
            away(firstLine(away));
        }
    }

    private void away(String why) {
        for (var check : checks) {
            if (check.question() instanceof Check.OfDatabase) {
                findings.putIfAbsent(
                        check.name(),
                        check.name().equals(DatabaseChecks.ANSWERS)
                                ? Finding.fail("No connection: " + why, LOOK_AT_DATABASE)
                                : Finding.skipped("The database does not answer."));
            }
        }
    }

    private void note(Check check, Supplier<Finding> question) {
        try {
            findings.put(check.name(), question.get());
        } catch (RuntimeException failed) {
            System.getLogger(Examination.class.getName())
                    .log(Level.WARNING, "The check " + check.name() + " could not be made", failed);
            findings.put(
                    check.name(),
                    Finding.warn(
                            "It could not be asked: " + firstLine(failed), "Look at the log for the failure in full."));
        }
    }

    private static String firstLine(Throwable failed) {
        var message = failed.getMessage();
        return message == null
                ? failed.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }

    /** What was found, or null as long as it was not asked. */
    @Nullable
    Finding of(Check check) {
        return findings.get(check.name());
    }
}
