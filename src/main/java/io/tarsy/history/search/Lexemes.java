package io.tarsy.history.search;

import io.tarsy.history.session.Passage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What an index keeps of some texts: each word, each part of a word, and each two words that follow one another in one
 * text. By those pairs a phrase or an identifier of two words is found exactly, and a longer one nearly.
 */
public final class Lexemes {
    /** Stands before each word of a pair, and in no word: so the beginning of a word is not that of a pair. */
    private static final char PAIR = '·';

    /** What one session may have in the index: PostgreSQL takes no more than a megabyte. */
    private static final int MOST_BYTES = 900_000;

    private final Set<String> found = new HashSet<>();
    private boolean cut;

    /**
     * Adds the texts of one record.
     *
     * @param most characters of them together; the rest is left out
     * @return whether something was left out
     */
    boolean add(Collection<Passage> passages, int most) {
        int left = most;
        boolean tooLong = false;
        for (var passage : passages) {
            var text = passage.text();
            add(text, left);
            tooLong |= text.length() > left;
            left = Math.max(0, left - text.length());
        }
        cut |= tooLong;
        return tooLong;
    }

    private void add(String text, int limit) {
        Words.each(text, limit, new Words.Sink() {
            private @Nullable String before;

            @Override
            public void word(String word, List<String> parts, int start, int end) {
                found.add(word);
                found.addAll(parts);
                if (before != null) {
                    found.add(pair(before, word));
                }
                before = word;
            }
        });
    }

    /** Two words that follow one another. */
    static String pair(String first, String second) {
        return PAIR + first + PAIR + second;
    }

    /** Adds what {@link #text} gave. */
    void add(@Nullable String text) {
        if (text != null && !text.isBlank()) {
            found.addAll(Arrays.asList(text.strip().split(" ")));
        }
    }

    /** Whether something was left out. */
    boolean isCut() {
        return cut;
    }

    /** Whether these have everything that others have. */
    boolean hasAll(Lexemes others) {
        return found.containsAll(others.found);
    }

    /** All of them between blanks, so that a word is there if the word between blanks is. */
    String text() {
        return found.isEmpty() ? "" : found.stream().sorted().collect(Collectors.joining(" ", " ", " "));
    }

    /** Leaves out what is more than one session may have: pairs first, since they are the most and the rarest. */
    void fit() {
        if (found.stream().mapToLong(one -> 3L * one.length() + 4).sum() <= MOST_BYTES) {
            return; // whatever its characters are
        }
        long bytes = bytes(found);
        if (bytes <= MOST_BYTES) {
            return;
        }
        cut = true;
        var order = found.stream()
                .sorted(Comparator.comparing(Lexemes::isPair).thenComparing(Comparator.naturalOrder()))
                .toList();
        for (int last = order.size() - 1; bytes > MOST_BYTES; last--) {
            found.remove(order.get(last));
            bytes -= bytes(List.of(order.get(last)));
        }
    }

    private static boolean isPair(String lexeme) {
        return lexeme.charAt(0) == PAIR;
    }

    private static long bytes(Collection<String> lexemes) {
        return lexemes.stream()
                .mapToLong(one -> one.getBytes(StandardCharsets.UTF_8).length + 4L)
                .sum();
    }
}
