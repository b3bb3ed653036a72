package io.tarsy.history.search;

import java.util.List;

/** A piece of a text in which what was found is marked. */
final class Snippet {
    private static final char BEGIN = '\uE000';
    private static final char END = '\uE001';
    private static final int BEFORE = 60;
    /** Of a snippet, in characters; a place that is marked in it is not further away. */
    static final int LENGTH = 200;

    private Snippet() {}

    /** The piece around the first of these places, with every place in it marked. */
    static String of(String text, Scan.Hit first, List<Scan.Hit> hits) {
        int from = whole(text, Math.max(0, first.start() - BEFORE));
        int to = whole(text, Math.min(text.length(), Math.max(from + LENGTH, first.end())));
        var marked = new StringBuilder();
        if (from > 0) {
            marked.append('…');
        }
        int at = from;
        for (var hit : hits.stream()
                .sorted((one, other) -> Integer.compare(one.start(), other.start()))
                .toList()) {
            if (hit.start() >= at && hit.end() <= to) {
                plain(marked, text, at, hit.start());
                marked.append(BEGIN);
                plain(marked, text, hit.start(), hit.end());
                marked.append(END);
                at = hit.end();
            }
        }
        plain(marked, text, at, to);
        if (to < text.length()) {
            marked.append('…');
        }
        return marked.toString();
    }

    /** Whether a place would be marked in the piece around the first one. */
    static boolean shows(Scan.Hit first, Scan.Hit other) {
        int from = Math.max(0, first.start() - BEFORE);
        return other.start() >= from && other.end() <= Math.max(from + LENGTH, first.end()) - 1;
    }

    /** Not in the middle of a character. */
    private static int whole(String text, int at) {
        return at > 0 && at < text.length() && Character.isLowSurrogate(text.charAt(at)) ? at - 1 : at;
    }

    private static void plain(StringBuilder marked, String text, int from, int to) {
        for (int at = from; at < to; at++) {
            char one = text.charAt(at);
            marked.append(Character.isISOControl(one) || one == BEGIN || one == END ? ' ' : one);
        }
    }
}
