package io.tarsy.history.database;

import io.tarsy.history.http.Release;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.servlet.ServletContext;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** This server among those that use the database, and the others. */
@ApplicationScoped
public class Servers {
    private static final Duration SAYS_SO_EVERY = Duration.ofSeconds(10);
    private static final Duration LOOKS_EVERY = Duration.ofSeconds(1);
    private static final long PRESENT_WITHIN_US = 30_000_000;

    @Inject
    Database database;

    @Inject
    Recurring recurring;

    @Inject
    ServerService service;

    @Inject
    Reader reader;

    @Inject
    Release release;

    @Inject
    Clock clock;

    private final String id = UUID.randomUUID().toString();
    private final String name = hostName() + "/" + ProcessHandle.current().pid();
    private volatile String product = "unknown";
    private volatile @Nullable Long saidNanos;

    /** What this server says of itself. */
    record Self(String id, String name, String version, String product, int poolLimit, long clockUs) {}

    /**
     * A server that was seen lately.
     *
     * @param id of this start of it
     * @param name host and process
     * @param version of this program there
     * @param product the application server
     * @param poolLimit connections its pool may hold
     * @param startedAtUs when it was first seen
     * @param seenAtUs when it was last seen
     * @param clockAheadUs how far its clock was ahead of the database's then; the way of the news makes it seem behind
     * @param present whether it was seen just now
     */
    public record Seen(
            String id,
            String name,
            String version,
            String product,
            long poolLimit,
            long startedAtUs,
            long seenAtUs,
            long clockAheadUs,
            boolean present) {}

    /** Names this start of this server, in leases and elsewhere. */
    public String id() {
        return id;
    }

    /** Host and process, for people. */
    public String name() {
        return name;
    }

    /** The application server. */
    public String product() {
        return product;
    }

    /** The server is asked who it is here, since nobody knows its context outside of a request. */
    void begin(@Observes @Initialized(ApplicationScoped.class) Object application) {
        if (application instanceof ServletContext context) {
            product = context.getServerInfo();
        }
        recurring.every(LOOKS_EVERY, "sign of life of this server", this::saySoIfDue);
    }

    /** The first time a second after it is ready at the latest, so that others count on this server from then on. */
    private void saySoIfDue() {
        long now = System.nanoTime();
        var last = saidNanos;
        if (last == null || now - last >= SAYS_SO_EVERY.toNanos()) {
            saySo();
            saidNanos = now;
        }
    }

    private void saySo() {
        service.seen(new Self(
                id,
                name,
                release.version(),
                product,
                database.chosen().poolLimit(),
                ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant())));
    }

    /** The servers of the last day, newest first, fifty at most. */
    public List<Seen> list() {
        return reader.list(query(database.dialect().nowUs()), Servers::seen);
    }

    /** The same, asked through another connection. */
    static List<Seen> list(Inspector inspector, String nowUs) {
        return inspector.list(query(nowUs), Servers::seen);
    }

    private static String query(String nowUs) {
        return "select server_id, name, version, product, pool_limit, started_at_us, seen_at_us, clock_ahead_us, "
                + nowUs + " as now_us from servers order by started_at_us desc, server_id limit 50";
    }

    private static Seen seen(Row row) {
        return new Seen(
                row.needed("server_id"),
                row.needed("name"),
                row.needed("version"),
                row.needed("product"),
                row.count("pool_limit"),
                row.count("started_at_us"),
                row.count("seen_at_us"),
                row.count("clock_ahead_us"),
                row.count("now_us") - row.count("seen_at_us") <= PRESENT_WITHIN_US);
    }

    /** The name of the server that holds a lease now, or null if none does. */
    public @Nullable String holderOf(String lease) {
        return reader.first(
                "select coalesce(s.name, l.holder) as name from leases l left join servers s on s.server_id = l.holder"
                        + " where l.name = ? and l.expires_at_us >= "
                        + database.dialect().nowUs(),
                row -> row.needed("name"),
                lease);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "localhost";
        }
    }
}
