package io.tarsy.history.session;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds sessions by words; the room that keeps an index of them implements it. */
public interface Finder {
    /**
     * Takes a question apart.
     *
     * @param field the parameter it came in
     * @throws io.tarsy.history.http.ProblemException 422 if nothing can be looked for
     */
    Question question(String field, String search);

    /** What somebody looks for. */
    interface Question {
        /** Asks the index. */
        Finding ask();

        /** Where it stands in the texts of one record, named so; null if they are not what is looked for. */
        @Nullable
        List<Match> in(String where, List<Passage> passages);

        /** Whether the texts of one record are longer than what is looked at. */
        boolean cuts(List<Passage> passages);
    }

    /** How the database is to go about it. */
    enum Way {
        /** Rows are looked at one by one in the order of a list, until there are enough. */
        IN_ORDER,

        /** Each row that is found is looked up. */
        BY_FOUND,

        /** Each row that other conditions leave is looked for among those that are found, which are more. */
        BY_OTHERS
    }

    /** What the index says of a question, at one moment. */
    interface Finding {
        /** Which rows of {@code alert_sessions s} match. */
        Condition condition(Way way);

        /** Whether more match than are counted, for sure. */
        boolean isCommon();

        /** How many match of all sessions, where that is known already; counted as far as totals are. */
        @Nullable
        Long total();

        /** Whether so many match that it pays to go through a list in its order and ask which of its sessions do. */
        boolean isFrequent();

        /** Those of some sessions of a list that match by the index; null if it would have to be asked too often. */
        @Nullable
        Collection<String> among(List<String> sessionIds);

        /**
         * The first of those that match in the order of their start, by an index of that alone.
         *
         * @param stretch more conditions on {@code s.started_at_us} and {@code s.session_id}, each with an "and" before
         *     it, and the order
         * @param most so many
         * @return their ids, or null if that cannot be told so
         */
        @Nullable
        List<String> byStart(Condition stretch, int most);

        /** How many match of a stretch, or null if that cannot be told so. */
        @Nullable
        Long countByStart(Condition stretch);

        /** Whether the condition says all; otherwise its rows are candidates, to be {@link #proven}. */
        boolean isExact();

        /** Those of some candidates that match by their texts. */
        Collection<String> proven(List<String> sessionIds);

        /** Where it stands in each of these sessions that match. */
        Map<String, List<Match>> matches(List<String> sessionIds);

        /** What more there is to say of the answer. */
        Caveats caveats();
    }

    /**
     * A part of a query.
     *
     * @param sql a condition
     * @param parameters its parameters, in order
     */
    record Condition(String sql, List<Object> parameters) {}

    /**
     * One place where something stands.
     *
     * @param where the field of the session, or the id of the stage or interaction
     * @param field what it is of its record
     * @param snippet some text around it; what matches stands between U+E000 and U+E001
     */
    record Match(String where, String field, String snippet) {}

    /**
     * What an index may not know.
     *
     * @param cutSessions sessions of which only the beginning of some body is in the index
     * @param pendingSessions sessions that are not in the index yet and were not looked at
     */
    record Caveats(long cutSessions, long pendingSessions) {}
}
