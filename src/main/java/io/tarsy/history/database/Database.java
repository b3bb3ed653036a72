package io.tarsy.history.database;

import io.tarsy.history.config.ConfigKey;
import io.tarsy.history.config.Settings;
import io.tarsy.history.http.Gate;
import io.tarsy.history.http.Problem;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The one database of this installation: which it is, whether it may be used, and its connections. */
@ApplicationScoped
public class Database implements Gate {
    private static final Logger LOG = System.getLogger(Database.class.getName());

    @Inject
    Settings settings;

    private @Nullable DatabaseSettings chosen;
    private @Nullable Dialect dialect;
    private volatile State state = State.STARTING;
    private volatile String reason = "The database is not open yet.";
    private volatile @Nullable DataSource pool;
    private volatile @Nullable String fault;
    private volatile boolean suspected;

    /** How far the database has come. */
    public enum State {
        /** It is waited for, or its schema is being brought up to date. */
        STARTING,
        /** It answers. */
        READY,
        /** It answered before and does not now; it is asked every second. */
        AWAY,
        /** It could not be opened within the tries of the settings; it is tried on. */
        FAILED,
        /** History is switched off; no database is touched. */
        DISABLED
    }

    /** Reads and checks the settings; nothing is opened yet. */
    synchronized void choose() {
        chosen = DatabaseSettings.from(settings);
        dialect = Dialect.of(chosen, SqliteOptions.of(settings));
        chosen.warnings().forEach(warning -> LOG.log(Level.WARNING, warning));
        if (!settings.flag(ConfigKey.HISTORY_ENABLED)) {
            moveTo(State.DISABLED, "History is disabled.");
        }
    }

    synchronized Dialect dialect() {
        if (dialect == null) {
            throw new IllegalStateException("The settings are not read yet.");
        }
        return dialect;
    }

    /** What the settings say about it. */
    public synchronized DatabaseSettings chosen() {
        if (chosen == null) {
            throw new IllegalStateException("The settings are not read yet.");
        }
        return chosen;
    }

    void opened(DataSource requests) {
        pool = requests;
    }

    /** Something failed as if the database could not be used: the probe looks closer. */
    void suspect() {
        suspected = true;
    }

    boolean takeSuspicion() {
        boolean was = suspected;
        suspected = false;
        return was;
    }

    /** It answers, but takes no writes. */
    void failed(String why) {
        fault = why;
    }

    /** It takes writes again. */
    void mended() {
        fault = null;
    }

    /** Why it takes no writes although it answers, or null while it does. */
    public @Nullable String fault() {
        return fault;
    }

    void moveTo(State next, String why) {
        reason = why;
        state = next;
    }

    /** How far it has come. */
    public State state() {
        return state;
    }

    /** One sentence on its state. */
    public String reason() {
        return reason;
    }

    /** sqlite or postgresql. */
    public String name() {
        return dialect().name();
    }

    /** Whether whoever writes keeps all others from it. */
    public boolean writesOneByOne() {
        return dialect().numbersInCommitOrder();
    }

    /** What ends a select that locks its rows and leaves out those that somebody else has locked. */
    public String lockingUnlessLocked() {
        return dialect().lockingUnlessLocked();
    }

    /** Where it is, without a password. */
    public String location() {
        return chosen().url().location();
    }

    /**
     * Refuses the request unless the database is ready.
     *
     * @throws io.tarsy.history.http.ProblemException 503
     */
    @Override
    public void require() {
        switch (state) {
            case READY -> {}
            case DISABLED -> throw Problem.HISTORY_DISABLED.with("history is disabled");
            case STARTING, AWAY, FAILED -> throw Problem.DATABASE_UNAVAILABLE.with(reason);
        }
    }

    /** A connection that serves a request; outside of a transaction it only reads. */
    Connection connection() throws SQLException {
        require();
        return pool().getConnection();
    }

    /** The connections that serve requests, for those who open them anew each time; refused while it is away. */
    DataSource requests() {
        var open = pool();
        return new GatedDataSource(open, this::refusal);
    }

    private @Nullable String refusal() {
        return state == State.AWAY ? reason : null;
    }

    /** The connections that serve requests, as soon as there are any: at the start before requests are. */
    DataSource pool() {
        var open = pool;
        if (open == null) {
            throw Problem.DATABASE_UNAVAILABLE.with(reason);
        }
        return open;
    }

    @PreDestroy
    void close() {
        moveTo(State.STARTING, "The server is stopping.");
        synchronized (this) {
            if (dialect != null) {
                dialect.close();
            }
        }
    }
}
