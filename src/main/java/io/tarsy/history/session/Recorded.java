package io.tarsy.history.session;

import io.tarsy.history.http.Answer;
import java.util.Locale;

/**
 * What became of one record that was sent.
 *
 * @param outcome whether anything changed
 * @param id of the record
 * @param view writes the record as it now stands, without long bodies
 */
public record Recorded(Outcome outcome, String id, Answer.Writer view) {

    /** Whether anything changed. */
    public enum Outcome {
        CREATED,
        UNCHANGED,
        UPDATED;

        /** Its word in the results of a batch. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
