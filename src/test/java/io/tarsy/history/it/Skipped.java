package io.tarsy.history.it;

import static org.assertj.core.api.Assumptions.assumeThat;

/** A case that cannot or need not run here: the reason stands in the output of the build, which shows none by itself. */
public final class Skipped {
    private Skipped() {}

    /** Skips the case where it is not possible, and says why. */
    @SuppressWarnings("SystemOut")
    public static void unless(boolean possible, String what, String reason) {
        if (!possible) {
            System.out.println("Skipped: " + what + ": " + reason);
        }
        assumeThat(possible).as(reason).isTrue();
    }
}
