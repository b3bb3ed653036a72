package io.tarsy.history.it;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * A real PostgreSQL server for the tests: the one that {@code TEST_POSTGRESQL_URL} names, else a container where an
 * engine answers, else one that this run starts from binaries brought by Maven. Chosen once per JVM.
 */
public final class TestPostgresql {

    private static @Nullable URI server;

    private TestPostgresql() {}

    /** The connection string of a database that was empty a moment ago and belongs to the caller alone. */
    public static synchronized String freshUrl() {
        var chosen = server();
        var name = "tarsy_it_" + UUID.randomUUID().toString().replace("-", "").substring(0, 16);
        try (var connection = connect(chosen.toString());
                var statement = connection.createStatement()) {
            statement.execute("create database " + name);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot create a database on the test server: " + e.getMessage(), e);
        }
        return "postgresql://" + chosen.getRawUserInfo() + "@" + chosen.getHost() + ":" + portOf(chosen) + "/" + name;
    }

    /** A plain connection beside the product, for looking into the catalogs. */
    static Connection connect(String url) throws SQLException {
        var parsed = URI.create(url.replaceFirst("^postgres(ql)?(\\+[a-z0-9]+)?:", "postgresql:"));
        var user = parsed.getUserInfo().split(":", 2);
        return DriverManager.getConnection(
                "jdbc:postgresql://" + parsed.getHost() + ":" + portOf(parsed) + parsed.getPath(),
                user[0],
                user.length > 1 ? user[1] : "");
    }

    private static int portOf(URI url) {
        return url.getPort() < 0 ? 5432 : url.getPort();
    }

    private static URI server() {
        var known = server;
        if (known == null) {
            known = choose();
            server = known;
        }
        return known;
    }

    private static URI choose() {
        var given = System.getenv("TEST_POSTGRESQL_URL");
        if (given != null && !given.isBlank()) {
            say("the server that TEST_POSTGRESQL_URL names");
            return URI.create(given);
        }
        var container = inContainer();
        if (container != null) {
            say("a container of postgres:15-alpine");
            return container;
        }
        try {
            // kept running until the JVM ends; it stops itself then
            @SuppressWarnings("resource")
            var embedded = EmbeddedPostgres.builder()
                    .setServerConfig("max_connections", "300")
                    .setServerConfig("fsync", "on") // as durable as a server of users
                    .setServerConfig("synchronous_commit", "on")
                    .start();
            say("a server started by this run, from binaries that Maven brought");
            return URI.create("postgresql://postgres:postgres@127.0.0.1:" + embedded.getPort() + "/postgres");
        } catch (IOException e) {
            throw new UncheckedIOException("no PostgreSQL for the tests: set TEST_POSTGRESQL_URL", e);
        }
    }

    private static @Nullable URI inContainer() {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            return null;
        }
        // taken away with the JVM by Testcontainers itself
        @SuppressWarnings("resource")
        var container =
                new PostgreSQLContainer("postgres:15-alpine").withCommand("postgres", "-c", "max_connections=300");
        container.start();
        return URI.create("postgresql://" + container.getUsername() + ":" + container.getPassword() + "@"
                + container.getHost() + ":" + container.getMappedPort(5432) + "/" + container.getDatabaseName());
    }

    @SuppressWarnings("SystemOut") // who reads the log of a failed run must see which server it was
    private static void say(String what) {
        System.out.println("PostgreSQL of this run: " + what);
    }
}
