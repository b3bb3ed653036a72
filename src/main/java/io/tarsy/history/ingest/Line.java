package io.tarsy.history.ingest;

import io.tarsy.history.http.Bodies;
import io.tarsy.history.http.Problem;
import io.tarsy.history.http.ProblemException;
import io.tarsy.history.session.Write;
import org.jspecify.annotations.Nullable;

/**
 * One line of a batch that holds something, or one record of the spool.
 *
 * @param number counted from 1 as the lines were sent, blank ones included; the position of a record in the spool
 * @param write what is to be written, if the line could be read
 * @param problem why the line could not be read
 */
record Line(long number, @Nullable Write write, @Nullable ProblemException problem) {

    /** Reads a line that came at this time; one that cannot be read is refused. */
    static Line read(long number, String text, Bodies bodies, long receivedUs) {
        try {
            return new Line(number, Write.ofLine(text, bodies, receivedUs), null);
        } catch (ProblemException wrong) {
            return refused(number, wrong);
        }
    }

    /** A line that could not be read. */
    static Line refused(long number, ProblemException problem) {
        return new Line(number, null, problem);
    }

    /** The same, whose record has been given a name before. */
    Line named(String spareId) {
        return write == null ? this : new Line(number, write.named(spareId), null);
    }

    /** The id the sender gave the record, or null. */
    @Nullable
    String id() {
        return write == null ? null : write.givenId();
    }

    /**
     * What is to be written.
     *
     * @throws ProblemException why the line could not be read
     */
    Write needed() {
        if (write == null) {
            throw problem == null ? Problem.INVALID_REQUEST.with("The line holds nothing.") : problem;
        }
        return write;
    }
}
