package io.tarsy.history.database;

import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A question about how the installation is, asked anew each time.
 *
 * @param name its name in answers, which does not change
 * @param title what is asked, for people
 * @param meaning why it matters
 * @param question the question itself
 */
public record Check(String name, String title, String meaning, Question question) {
    private static final String NOTHING_TO_DO = "Nothing to do.";

    /** A check of this machine and this process; it asks no database. */
    public static Check ofMachine(String name, String title, String meaning, Supplier<Finding> question) {
        return new Check(name, title, meaning, (OfMachine) question::get);
    }

    /** A check of the database. */
    public static Check ofDatabase(String name, String title, String meaning, Function<Inspector, Finding> question) {
        return new Check(name, title, meaning, (OfDatabase) question::apply);
    }

    /** Whom is asked. */
    public sealed interface Question permits OfMachine, OfDatabase {}

    /** Asks this machine and this process. */
    @FunctionalInterface
    public non-sealed interface OfMachine extends Question {
        /** Looks. */
        Finding look();
    }

    /** Asks the database. */
    @FunctionalInterface
    public non-sealed interface OfDatabase extends Question {
        /** Looks, through a connection that others of these questions use too. */
        Finding look(Inspector database);
    }

    /** How bad it is, from good to bad. */
    public enum Status {
        /** As it should be. */
        OK,
        /** It does not apply, or could not be asked. */
        SKIPPED,
        /** It works, and somebody should look at it. */
        WARN,
        /** It is broken, or soon will be. */
        FAIL
    }

    /**
     * What was found.
     *
     * @param status how bad it is
     * @param detail what was seen, with numbers
     * @param action what to do about it
     */
    public record Finding(Status status, String detail, String action) {
        /** As it should be. */
        public static Finding ok(String detail) {
            return new Finding(Status.OK, detail, NOTHING_TO_DO);
        }

        /** It does not apply, or could not be asked. */
        public static Finding skipped(String why) {
            return new Finding(Status.SKIPPED, why, NOTHING_TO_DO);
        }

        /** It works, and somebody should look at it. */
        public static Finding warn(String detail, String action) {
            return new Finding(Status.WARN, detail, action);
        }

        /** It is broken, or soon will be. */
        public static Finding fail(String detail, String action) {
            return new Finding(Status.FAIL, detail, action);
        }

        /** Good as long as the condition holds, else a warning. */
        public static Finding okIf(boolean good, String detail, String action) {
            return good ? ok(detail) : warn(detail, action);
        }
    }
}
