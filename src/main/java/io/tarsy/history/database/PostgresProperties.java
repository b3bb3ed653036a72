package io.tarsy.history.database;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** Says in the PostgreSQL driver's words what a connection string says in libpq's. */
final class PostgresProperties {

    private static final String APPLICATION_NAME = "ApplicationName";
    private static final String NAME = "tarsy";

    /** Migrations of large tables take minutes; still nothing waits for ever. */
    private static final int PATIENT_SECONDS = 3_600;

    private static final List<UrlParameter> SAME =
            List.of(UrlParameter.SSL_MODE, UrlParameter.SSL_ROOT_CERT, UrlParameter.SSL_CERT, UrlParameter.SSL_KEY);

    private static final Map<String, String> TARGETS = Map.of(
            "any", "any",
            "read-write", "primary",
            "read-only", "secondary",
            "primary", "primary",
            "standby", "secondary",
            "prefer-standby", "preferSecondary");

    private PostgresProperties() {}

    /** The address for the driver: servers and database, without user, password or parameters. */
    static String address(DatabaseSettings settings) {
        var url = settings.url();
        return "jdbc:postgresql://" + url.servers() + "/" + URLEncoder.encode(url.database(), StandardCharsets.UTF_8);
    }

    /** For connections that serve requests: none waits longer for a silent server than a request may. */
    static Properties of(DatabaseSettings settings) {
        int bound = settings.requestTimeoutSeconds();
        int connect = Math.min(settings.connectTimeoutSeconds(), Math.max(1, bound - 2));
        int socket = Math.min(settings.socketTimeoutSeconds(), bound);
        long statementMs = Math.min(settings.statementTimeoutSeconds() * 1_000L, bound * 1_000L - 500);
        return of(settings, connect, socket, statementMs);
    }

    /** For work that no request waits for; its name tells these connections from the pool's, which are counted. */
    static Properties patient(DatabaseSettings settings) {
        var properties =
                of(settings, settings.connectTimeoutSeconds(), PATIENT_SECONDS, PATIENT_SECONDS * 1_000L - 500);
        properties.setProperty(APPLICATION_NAME, properties.getProperty(APPLICATION_NAME) + "-direct");
        return properties;
    }

    private static Properties of(DatabaseSettings settings, int connectSeconds, int socketSeconds, long statementMs) {
        var url = settings.url();
        var properties = new Properties();
        set(properties, "user", url.user());
        set(properties, "password", url.password());
        set(
                properties,
                APPLICATION_NAME,
                url.parameter(UrlParameter.APPLICATION_NAME).orElse(NAME));
        set(properties, "options", options(settings, statementMs));
        set(properties, "stringtype", "unspecified");
        set(properties, "connectTimeout", Integer.toString(connectSeconds));
        set(properties, "loginTimeout", Integer.toString(connectSeconds));
        set(properties, "socketTimeout", Integer.toString(socketSeconds));
        set(properties, "hostRecheckSeconds", "2");
        set(properties, "tcpKeepAlive", "true");
        set(properties, "reWriteBatchedInserts", "true");
        SAME.forEach(parameter ->
                set(properties, parameter.text(), url.parameter(parameter).orElse(null)));
        target(url, properties);
        return properties;
    }

    private static void set(Properties properties, String name, @Nullable String value) {
        if (value != null) {
            properties.setProperty(name, value);
        }
    }

    /** Ours first: PostgreSQL takes the last of two, so the connection string can change them. */
    private static String options(DatabaseSettings settings, long statementMs) {
        var ours = "-c TimeZone=UTC -c statement_timeout=%dms".formatted(statementMs);
        return settings.url()
                .parameter(UrlParameter.OPTIONS)
                .map(given -> ours + " " + given)
                .orElse(ours);
    }

    /** History always writes, so among several servers the one that can be written to is meant if nothing is said. */
    private static void target(DatabaseUrl url, Properties properties) {
        var target = url.parameter(UrlParameter.TARGET_SESSION_ATTRS)
                .map(libpq -> TARGETS.getOrDefault(libpq, libpq))
                .or(() -> url.parameter(UrlParameter.TARGET_SERVER_TYPE));
        if (target.isPresent() || url.hasSeveralHosts()) {
            set(properties, "targetServerType", target.orElse("primary"));
        }
    }
}
