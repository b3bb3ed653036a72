package io.tarsy.history.search;

import io.tarsy.history.session.Passages;
import java.util.List;

/**
 * The lexemes of a session as its texts are now.
 *
 * @param sessionId its id
 * @param revision of the session before it was read
 * @param lexemes all of them
 * @param cutBodies of how many records only the beginning was taken
 */
public record Reading(String sessionId, long revision, Lexemes lexemes, long cutBodies) {

    static Reading of(Passages passages, String sessionId, long revision, int most) {
        var lexemes = new Lexemes();
        var cut = new long[1];
        passages.each(List.of(sessionId), new Passages.Visitor() {
            @Override
            public void visit(Passages.Document document) {
                cut[0] += lexemes.add(document.passages(), most) ? 1 : 0;
            }

            @Override
            public boolean wants(String id) {
                return true;
            }
        });
        return new Reading(sessionId, revision, lexemes, cut[0]);
    }
}
