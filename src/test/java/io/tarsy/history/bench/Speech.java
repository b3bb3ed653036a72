package io.tarsy.history.bench;

import java.util.Random;

/**
 * Text with words and pairs of words as unequal as in speech: each word has few that usually follow it, and now and then
 * there is a name or number that stands nowhere else.
 */
final class Speech {
    private static final int VOCABULARY = 30_000;
    private static final int FOLLOWERS = 60;
    private static final int OF_ITS_OWN = 40;
    private static final double UNEQUAL = 3;

    private final Random random;
    private int last;

    Speech(long seed) {
        random = new Random(seed);
    }

    /** A word: the greater the power, the more common. */
    String word(int power) {
        return spelled(rank(power, VOCABULARY));
    }

    private static String spelled(int rank) {
        return "w" + Integer.toString(rank + 1_000, 36);
    }

    private int rank(double power, int of) {
        return (int) (Math.pow(random.nextDouble(), power) * of);
    }

    /** Two words that often follow one another. */
    String pair(int power) {
        int first = rank(power, VOCABULARY);
        return spelled(first) + ' ' + spelled(follower(first, rank(UNEQUAL, FOLLOWERS)));
    }

    private static int follower(int word, int which) {
        int mixed = (word * 31 + which) * 0x9E3779B1;
        double even = (mixed >>> 8) / (double) (1 << 24);
        return (int) (Math.pow(even, UNEQUAL) * VOCABULARY);
    }

    /** Adds so many characters of what tools print: lines of a few kinds, in which a number or name differs. */
    void print(StringBuilder text, int characters) {
        int end = text.length() + characters;
        var kind = new StringBuilder();
        say(kind, 120);
        for (int line = 0; text.length() < end; line++) {
            if (line % 6 == 5) {
                kind.setLength(0);
                say(kind, 120);
            }
            text.append(" at ").append(10_000 + random.nextInt(50_000)).append(kind);
        }
    }

    /** Adds so many characters of text. */
    void say(StringBuilder text, int characters) {
        int end = text.length() + characters;
        while (text.length() < end) {
            if (random.nextInt(OF_ITS_OWN) == 0) {
                text.append(' ').append(Long.toString(random.nextLong() >>> 30, 36));
            }
            last = follower(last, rank(UNEQUAL, FOLLOWERS));
            text.append(' ').append(spelled(last));
        }
    }
}
