package io.tarsy.history.database;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.jspecify.annotations.Nullable;

/** How the database is asked for words: the parts of SQL in which the two differ. */
@ApplicationScoped
public class TextIndex {
    @Inject
    Database database;

    /** What {@link #matches} and {@link #matchesRow} take for their first parameter. */
    public String question(TextQuery query) {
        return database.dialect().textQuestion(query);
    }

    /** A query for the numbers of sessions that match; its parameters are the question and how many at most. */
    public String matches() {
        return database.dialect().textMatches();
    }

    /**
     * A query for the numbers of sessions that match; its parameters are the first number, the last, and the question.
     * It costs what is in that range.
     */
    public String matchesBetween() {
        return database.dialect().textMatchesBetween();
    }

    /**
     * A query for the numbers of sessions that match among a few; its parameters are a JSON list of numbers and the
     * question. Null where {@link #matchesBetween} costs less.
     */
    public @Nullable String matchesAmong() {
        return database.dialect().textMatchesAmong();
    }

    /**
     * A query for the ids {@code x.session_id} of sessions that match; its parameters are the question and how many at
     * most. It ends in a condition, to which more may be added.
     */
    public String matchingSessions() {
        return database.dialect().textMatchingSessions();
    }

    /** A query for the ids {@code x.session_id} of sessions; its parameter is a JSON list of numbers. It ends as before. */
    public String numberedSessions() {
        return "select x.session_id from search_order x where " + isNumbered("x.session_no");
    }

    /** Whether a column is among what a query finds, where that is more than what other conditions leave. */
    public String isAmongMany(String column, String query) {
        return database.dialect().isAmongMany(column, query);
    }

    /**
     * A query for the lexemes that most sessions have, as {@code lexeme}, how many have each, as {@code entries}, and how
     * many there are, as {@code total}: about, and as of some minutes ago. Null where nobody counts them.
     */
    public @Nullable String frequencies() {
        return database.dialect().textFrequencies();
    }

    /**
     * A condition that is true where the row of {@code search_sessions} under this alias matches; its parameter is the
     * question. For many rows {@link #matches} costs less.
     */
    public String matchesRow(String alias) {
        return database.dialect().textMatchesRow(alias);
    }

    /** A condition that is true where a text holds another, the parameter. */
    public String holds(String column) {
        return database.dialect().holds(column);
    }

    /** A query for the strings of a JSON list, the parameter. */
    public String strings() {
        return database.dialect().strings();
    }

    /** Whether a number is one of a JSON list, the parameter. */
    public String isNumbered(String column) {
        return database.dialect().isNumbered(column);
    }

    /**
     * Whether an entry is made of words in their order, with a {@link TextQuery#PAIR} where they do not follow one
     * another; else of each word and each pair.
     */
    public boolean keepsOrder() {
        return database.dialect().keepsOrder();
    }

    /** An expression for what a settled row has, as text between blanks, or null. */
    public String lexemesAsText() {
        return database.dialect().lexemesAsText();
    }

    /** An expression that makes what is stored from such a text. */
    public String lexemesOf(String parameter) {
        return database.dialect().lexemesOf(parameter);
    }

    /**
     * A query that sorts into the index what was only put beside it, where every question reads it from end to end; null
     * where nothing is.
     */
    public @Nullable String sortsIn() {
        return database.dialect().textSortsIn();
    }
}
