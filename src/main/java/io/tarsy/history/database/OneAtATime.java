package io.tarsy.history.database;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Work that a frozen database or disk may hold up. It is done by one thread at a time, whoever asks meanwhile waits for
 * the same work, and nobody waits for long: so a hundred impatient callers hold one thread and one connection.
 *
 * @param <W> the work, which shows what it has found so far
 */
public final class OneAtATime<W extends Runnable> {
    private @Nullable W newest;
    private @Nullable Future<?> running;

    /** The work that runs, or a fresh one; finished, if that was possible within the patience. */
    public W ask(ExecutorService executor, Supplier<W> fresh, Duration patience) {
        W asked;
        Future<?> answer;
        synchronized (this) {
            asked = newest;
            answer = running;
            if (asked == null || answer == null || answer.isDone()) {
                asked = fresh.get();
                answer = executor.submit(asked);
                newest = asked;
                running = answer;
            }
        }
        try {
            answer.get(Math.max(1, patience.toMillis()), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException late) {
            log(Level.DEBUG, "An inspection takes long", late);
        } catch (ExecutionException failed) {
            log(Level.WARNING, "An inspection failed", failed);
        }
        return asked;
    }

    private static void log(Level level, String message, Exception reason) {
        System.getLogger(OneAtATime.class.getName()).log(level, message, reason);
    }
}
