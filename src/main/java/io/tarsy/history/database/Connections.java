package io.tarsy.history.database;

import io.tarsy.history.database.Check.Finding;

/**
 * How many connections a database server takes.
 *
 * @param max its {@code max_connections}
 * @param reserved those of them that it keeps for its administrators
 * @param most that our user may open in our database: what is left, or a narrower limit of these
 * @param used open now, whoever opened them
 */
public record Connections(long max, long reserved, long most, long used) {
    /** Beside its pool a server has one for the probe, one that listens, and one that inspects. */
    static final int BESIDE_THE_POOL = 3;

    private static final int PERCENT = 100;
    private static final int WARN_PERCENT = 80;

    /**
     * R13: whether all servers together may open more connections than there are.
     *
     * @param pools the limits of all pools, added
     * @param servers how many servers there are
     */
    Finding suffice(long pools, int servers) {
        long wanted = pools + (long) servers * BESIDE_THE_POOL;
        var detail = ("R13: %d server(s) may open %d connections (pools %d, and %d beside each pool);"
                        + " PostgreSQL takes %d (max_connections %d, %d of them reserved), %d are open now.")
                .formatted(servers, wanted, pools, BESIDE_THE_POOL, most, max, reserved, used);
        var action = "Lower POSTGRES_POOL_SIZE and POSTGRES_MAX_OVERFLOW (or pool_size and max_overflow in the"
                + " connection string), or raise max_connections of PostgreSQL.";
        if (wanted > most) {
            return Finding.fail(detail, action);
        }
        return Finding.okIf(wanted * PERCENT <= most * WARN_PERCENT, detail, action);
    }
}
