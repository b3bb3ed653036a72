package io.tarsy.history.database;

import java.util.concurrent.TimeUnit;

/** What one server does at a time: asks for its lease, and holds it while it goes on asking. For one thread. */
public final class Lease {
    private static final int SECONDS = 30;

    private final LeaseService leases;
    private final Servers servers;
    private final String name;
    private long sureUntilNanos = System.nanoTime();

    /**
     * A lease.
     *
     * @param name what it is for
     */
    public Lease(LeaseService leases, Servers servers, String name) {
        this.leases = leases;
        this.servers = servers;
        this.name = name;
    }

    /** Whether this server may do it now; for ten seconds the database is not asked again. */
    public boolean isOurs() {
        long now = System.nanoTime();
        if (now - sureUntilNanos < 0) {
            return !Thread.currentThread().isInterrupted();
        }
        if (!leases.take(name, servers.id(), SECONDS)) {
            return false;
        }
        sureUntilNanos = now + TimeUnit.SECONDS.toNanos(SECONDS / 3);
        return true;
    }
}
