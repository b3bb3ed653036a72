package io.tarsy.history.session;

import io.tarsy.history.http.Answer;
import java.util.Locale;

/**
 * What became of one record that was sent.
 *
 * @param outcome what became of it
 * @param id of the record
 * @param view writes the record as it now stands, without long bodies
 */
public record Recorded(Outcome outcome, String id, Answer.Writer view) {

    /** What can become of it. */
    public enum Outcome {
        CREATED,
        UNCHANGED,
        UPDATED,
        /** It is kept, and will be stored when the database is back. */
        SPOOLED;

        /** The HTTP status that says so. */
        public int status() {
            return switch (this) {
                case CREATED -> 201;
                case UNCHANGED, UPDATED -> 200;
                case SPOOLED -> 202;
            };
        }

        /** Its word in the results of a batch. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
