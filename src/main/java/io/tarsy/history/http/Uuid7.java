package io.tarsy.history.http;

import java.security.SecureRandom;
import java.util.UUID;

/** Ids of the server's own making: UUIDs of version 7 (RFC 9562), which sort by the time they were made. */
public final class Uuid7 {
    private static final SecureRandom RANDOM = new SecureRandom();

    private Uuid7() {}

    /** A new one, made at this time. */
    public static String at(long nowUs) {
        var random = new byte[10];
        RANDOM.nextBytes(random);
        long high = (nowUs / 1_000) << 16 | 0x7000 | (random[0] & 0x0fL) << 8 | (random[1] & 0xffL);
        long low = 0;
        for (int at = 2; at < 10; at++) {
            low = low << 8 | (random[at] & 0xffL);
        }
        return new UUID(high, (low & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L).toString();
    }
}
