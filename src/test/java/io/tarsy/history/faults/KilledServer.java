package io.tarsy.history.faults;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** A server that is killed again and again while it writes. */
final class KilledServer {
    private KilledServer() {}

    static void again(Server server, int times) throws IOException, InterruptedException {
        for (int i = 0; i < times; i++) {
            TimeUnit.MILLISECONDS.sleep(2_500 + 300L * i);
            server.kill();
            server.start();
        }
        TimeUnit.SECONDS.sleep(2);
    }
}
