package io.tarsy.history.database;

import io.tarsy.history.database.Database.State;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Work that is done again and again while the database can be used. A task that fails is told of in the log and done
 * again at its next turn.
 */
@ApplicationScoped
public class Recurring {
    private static final Logger LOG = System.getLogger(Recurring.class.getName());

    @Inject
    Database database;

    @Resource
    @SuppressWarnings("NullAway.Init")
    ManagedScheduledExecutorService clock;

    @Resource
    @SuppressWarnings("NullAway.Init")
    ManagedExecutorService executor;

    private final List<Future<?>> tasks = new CopyOnWriteArrayList<>();
    private volatile boolean stopping;

    /**
     * Does this from now on, one turn after the other.
     *
     * @param pause between the beginnings of two turns; one that is not over yet is not begun again
     * @param name what it is, for the log
     */
    public void every(Duration pause, String name, Runnable task) {
        long millis = pause.toMillis();
        var running = new AtomicBoolean();
        // the clock has few threads and only calls: a long task must not hold up the others
        Runnable call = () -> {
            if (running.compareAndSet(false, true)) {
                call(name, task, running);
            }
        };
        tasks.add(clock.scheduleWithFixedDelay(call, millis, millis, TimeUnit.MILLISECONDS));
    }

    private void call(String name, Runnable task, AtomicBoolean running) {
        try {
            executor.execute(() -> {
                try {
                    turn(name, task);
                } finally {
                    running.set(false);
                }
            });
        } catch (RejectedExecutionException busy) {
            running.set(false);
            LOG.log(Level.DEBUG, "No thread is free for the " + name, busy);
        }
    }

    private void turn(String name, Runnable task) {
        if (stopping || database.state() != State.READY) {
            return;
        }
        try {
            task.run();
        } catch (RuntimeException failed) {
            LOG.log(Level.WARNING, "The " + name + " failed; it is tried again", failed);
        }
    }

    @PreDestroy
    void stop() {
        stopping = true;
        tasks.forEach(task -> task.cancel(true));
    }
}
