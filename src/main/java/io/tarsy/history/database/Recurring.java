package io.tarsy.history.database;

import io.tarsy.history.database.Database.State;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

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
    ManagedScheduledExecutorService executor;

    private final List<Future<?>> tasks = new CopyOnWriteArrayList<>();
    private volatile boolean stopping;

    /**
     * Does this from now on, one turn after the other.
     *
     * @param pause between the end of a turn and the next
     * @param name what it is, for the log
     */
    public void every(Duration pause, String name, Runnable task) {
        long millis = pause.toMillis();
        tasks.add(executor.scheduleWithFixedDelay(() -> turn(name, task), millis, millis, TimeUnit.MILLISECONDS));
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
