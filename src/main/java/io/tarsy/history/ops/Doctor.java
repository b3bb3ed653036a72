package io.tarsy.history.ops;

import io.tarsy.history.database.Check;
import io.tarsy.history.database.Check.Finding;
import io.tarsy.history.database.Check.Status;
import io.tarsy.history.database.Checks;
import io.tarsy.history.database.Database;
import io.tarsy.history.database.Database.State;
import io.tarsy.history.database.DatabaseChecks;
import io.tarsy.history.database.Inspection;
import io.tarsy.history.database.OneAtATime;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Asks every room how it is, and says what to do about it; within a few seconds, whatever is frozen. */
@ApplicationScoped
public class Doctor {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration PATIENCE_WITH_MACHINE = Duration.ofSeconds(2);
    private static final String IN_TIME = "It did not answer in time.";
    private static final String LATER = "Ask again; if it stays so, look at what holds it up.";

    private final OneAtATime<Examination> ofMachine = new OneAtATime<>();
    private final OneAtATime<Examination> ofDatabase = new OneAtATime<>();

    @Inject
    Instance<Checks> rooms;

    @Inject
    Database database;

    @Inject
    Inspection inspection;

    @Resource
    @SuppressWarnings("NullAway.Init")
    ManagedExecutorService executor;

    /**
     * What one check came to.
     *
     * @param check that was made
     * @param finding its answer
     */
    record Result(Check check, Finding finding) {}

    /**
     * What all came to.
     *
     * @param results each of them
     * @param tookMs how long it took
     */
    record Report(List<Result> results, long tookMs) {
        /** How bad it is on the whole. */
        Status status() {
            var worst = results.stream()
                    .map(result -> result.finding().status())
                    .max(Comparator.naturalOrder())
                    .orElse(Status.OK);
            return worst == Status.SKIPPED ? Status.OK : worst;
        }

        /** How many checks came to this. */
        long count(Status status) {
            return results.stream()
                    .filter(result -> result.finding().status() == status)
                    .count();
        }
    }

    /** Makes every check. */
    Report examine() {
        long begun = System.nanoTime();
        var checks = new ArrayList<Check>();
        rooms.stream().flatMap(room -> room.list().stream()).forEach(checks::add);
        checks.sort(Comparator.comparing(Check::name));
        var here = checks.stream()
                .filter(check -> check.question() instanceof Check.OfMachine)
                .toList();
        var there = checks.stream()
                .filter(check -> check.question() instanceof Check.OfDatabase)
                .toList();
        var machine = ofMachine.ask(executor, () -> new Examination(here, inspection::open), PATIENCE_WITH_MACHINE);
        var results = new ArrayList<Result>();
        here.forEach(check -> results.add(new Result(check, inTime(check, machine))));
        if (database.state() == State.DISABLED) {
            there.forEach(check -> results.add(new Result(check, Finding.skipped("History is disabled."))));
        } else {
            var left = PATIENCE.minusNanos(System.nanoTime() - begun);
            var asked = ofDatabase.ask(executor, () -> new Examination(there, inspection::open), left);
            there.forEach(check -> results.add(new Result(check, inTime(check, asked))));
        }
        return new Report(results, Duration.ofNanos(System.nanoTime() - begun).toMillis());
    }

    /** What was found so far; what was not is too late. */
    static Finding inTime(Check check, Examination examination) {
        var found = examination.of(check);
        if (found != null) {
            return found;
        }
        return check.name().equals(DatabaseChecks.ANSWERS)
                ? Finding.fail(IN_TIME, LATER)
                : Finding.warn(IN_TIME, LATER);
    }
}
