package io.tarsy.history.search;

import io.tarsy.history.database.Reader;
import io.tarsy.history.database.TextIndex;
import io.tarsy.history.session.Passages;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The lexemes of a session as its texts are now, or as they were noted.
 *
 * @param sessionId its id
 * @param revision of the session before it was read
 * @param lexemes all of them
 * @param cutBodies of how many records only the beginning was taken
 */
public record Reading(String sessionId, long revision, Lexemes lexemes, long cutBodies) {

    static Reading of(Passages passages, String sessionId, long revision, int most) {
        return ofTexts(passages, Map.of(sessionId, revision), most).get(0);
    }

    /**
     * Of the texts of some sessions, read together.
     *
     * @param revisions of the sessions, read before
     * @param most characters of each record
     */
    static List<Reading> ofTexts(Passages passages, Map<String, Long> revisions, int most) {
        var lexemes = new HashMap<String, Lexemes>();
        var cut = new HashMap<String, Long>();
        passages.each(List.copyOf(revisions.keySet()), new Passages.Visitor() {
            @Override
            public void visit(Passages.Document document) {
                boolean tooLong = lexemes.computeIfAbsent(document.sessionId(), absent -> new Lexemes())
                        .add(document.passages(), most);
                cut.merge(document.sessionId(), tooLong ? 1L : 0L, Long::sum);
            }

            @Override
            public boolean wants(String id) {
                return true;
            }
        });
        return all(revisions, lexemes, cut);
    }

    /**
     * Of what the index says of some sessions and what was noted since. No transaction needs to hold that still: the
     * revision tells whether it has changed.
     *
     * @param revisions of the sessions, read before
     */
    static List<Reading> ofNotes(Reader reader, TextIndex index, Map<String, Long> revisions) {
        var lexemes = new HashMap<String, Lexemes>();
        var cut = new HashMap<String, Long>();
        var among = " where session_id in (" + "?, ".repeat(revisions.size() - 1) + "?)";
        var ids = revisions.keySet().toArray();
        reader.each(
                "select session_id, cut_bodies, " + index.lexemesAsText() + " as lexemes from search_sessions" + among
                        + " and settled_at_us is not null",
                row -> {
                    var session = row.needed("session_id");
                    cut.put(session, row.count("cut_bodies"));
                    lexemes.computeIfAbsent(session, absent -> new Lexemes())
                            .addSettled(row.raw("lexemes"), index.keepsOrder());
                },
                ids);
        reader.each(
                "select session_id, cut, lexemes from search_recent" + among,
                row -> {
                    var session = row.needed("session_id");
                    cut.merge(session, row.count("cut"), Long::sum);
                    lexemes.computeIfAbsent(session, absent -> new Lexemes())
                            .addNoted(String.valueOf(row.raw("lexemes")));
                },
                ids);
        return all(revisions, lexemes, cut);
    }

    private static List<Reading> all(Map<String, Long> revisions, Map<String, Lexemes> lexemes, Map<String, Long> cut) {
        return revisions.entrySet().stream()
                .map(one -> of(
                        one.getKey(),
                        one.getValue(),
                        lexemes.getOrDefault(one.getKey(), new Lexemes()),
                        cut.getOrDefault(one.getKey(), 0L)))
                .toList();
    }

    /** What an entry can hold of it. */
    private static Reading of(String sessionId, long revision, Lexemes lexemes, long cutBodies) {
        lexemes.fit();
        return new Reading(sessionId, revision, lexemes, cutBodies);
    }
}
