package io.tarsy.history.database;

import io.tarsy.history.config.ConfigKey;
import io.tarsy.history.config.Settings;
import io.tarsy.history.metrics.Metric;
import io.tarsy.history.metrics.Metrics;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.function.ToIntFunction;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Measures the database and its pool. What only the database can tell is asked from time to time, so that whoever looks
 * at the measurements waits for nothing and takes no connection.
 */
@ApplicationScoped
public class DatabaseMeter implements Pooled {
    private static final Duration SAMPLES_EVERY = Duration.ofSeconds(15);

    @Inject
    Database database;

    @Inject
    Settings settings;

    @Inject
    Metrics metrics;

    @Inject
    Recurring recurring;

    @Inject
    Reader reader;

    private volatile @Nullable PoolFigures figures;
    private volatile @Nullable ObservedDataSource observed;
    private volatile long bytes;
    private volatile long freeBytes;

    void begin(@Observes @Initialized(ApplicationScoped.class) Object application) {
        metrics.gauge(Metric.POOL_IN_USE, () -> pool(PoolFigures::inUse));
        metrics.gauge(Metric.POOL_IDLE, () -> pool(PoolFigures::idle));
        metrics.gauge(Metric.POOL_WAITING, () -> pool(PoolFigures::waiting));
        metrics.gauge(Metric.POOL_LIMIT, () -> pool(PoolFigures::limit));
        metrics.gauge(Metric.DATABASE_BYTES, () -> bytes);
        metrics.gauge(Metric.DATABASE_FREE_BYTES, () -> freeBytes);
        recurring.every(SAMPLES_EVERY, "sampling of the database's size", this::sample);
    }

    /** The same pool, watched. */
    DataSource observe(DataSource pool) {
        var slow = SlowStatements.logged(settings.number(ConfigKey.HISTORY_SLOW_STATEMENT_MS), metrics);
        var dialect = database.dialect();
        var own = dialect.figures();
        var watched = new ObservedDataSource(pool, slow, database.chosen().poolLimit());
        watched.meter().begin(metrics);
        figures = own == null ? watched : own;
        observed = own == null ? watched : null;
        dialect.measure(metrics);
        metrics.gauge(Metric.WAL_BYTES, dialect::walBytes);
        return own == null || slow.wanted() ? watched : pool;
    }

    @Override
    public @Nullable PoolFigures pool() {
        return figures;
    }

    private int pool(ToIntFunction<PoolFigures> figure) {
        var known = figures;
        return known == null ? 0 : figure.applyAsInt(known);
    }

    /** Asks the database for what only it can tell. */
    void sample() {
        var dialect = database.dialect();
        bytes = Long.parseLong(reader.text(dialect.sizeQuery()));
        freeBytes = Long.parseLong(reader.text(dialect.freeQuery()));
        var watched = observed;
        if (watched != null) {
            watched.sampled(Integer.parseInt(reader.text(dialect.pooledQuery())));
        }
    }
}
