package io.tarsy.history.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * What is said in a session of ten interactions: a model and a tool take turns, and the model is told again what was said
 * before, as agents do. A body has about 2 KB, and one in two thousand has 200 KB.
 */
final class Investigation {
    static final int INTERACTIONS = 10;
    private static final int BODY = 2_000;
    private static final int LARGE_BODY = 200_000;
    private static final int LARGE_EVERY = 2_000;

    private Investigation() {}

    /** Whether the model speaks at this place, and not a tool. */
    static boolean isLlm(int at) {
        return at % 2 == 0;
    }

    /** The bodies of a session with this number, letters, digits and blanks alone. */
    static List<String> bodies(Speech speech, int number) {
        var prompt = new StringBuilder("pod-").append(number).append("-x");
        speech.say(prompt, BODY / 2);
        var bodies = new ArrayList<String>();
        for (int at = 0; at < INTERACTIONS; at++) {
            boolean large = (number * INTERACTIONS + at) % LARGE_EVERY == 1;
            var body = new StringBuilder(isLlm(at) ? prompt : "pod-" + number + "-x");
            int more = (large ? LARGE_BODY : BODY) - body.length();
            if (isLlm(at)) {
                speech.say(body, more);
            } else {
                speech.print(body, more);
            }
            bodies.add(body.toString());
        }
        return bodies;
    }
}
