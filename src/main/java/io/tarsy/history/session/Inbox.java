package io.tarsy.history.session;

import java.util.function.Supplier;

/** Takes writes in while the database is away; whoever can keep them implements it. */
public interface Inbox {
    /** Whether writes are taken even while the database is away. */
    boolean isOpen();

    /**
     * Does the write or keeps it, which its outcome tells.
     *
     * @param directly does it
     * @throws io.tarsy.history.http.ProblemException what is wrong with it, or 503 where it can be neither done nor kept
     */
    Recorded take(Write write, Supplier<Recorded> directly);
}
