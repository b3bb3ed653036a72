package io.tarsy.history.database;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a PostgreSQL connection string after its scheme.
 *
 * <p>A password that holds an unencoded /, ? or # moves the apparent end of the host in front of the true one, and then
 * pieces of it look like hosts, ports, databases and parameters. It always leaves an @ behind that end, so such a text
 * is refused whole before any piece of it is looked at.
 */
final class PostgresUrlParser {

    static final String NO_SOCKETS =
            "Unix sockets cannot be used from Java: write a host, as in postgresql://user:password@localhost:5432/database.";

    static final String SHAPE = "write postgresql://user:password@host:5432/database.";

    private static final Pattern TEXT = Pattern.compile(
            "(?<authority>[^/?#]*)(?:/(?<database>[^?#]*))?(?:\\?(?<query>[^#]*))?(?<fragment>#.*)?", Pattern.DOTALL);

    private final List<String> faults = new ArrayList<>();

    private PostgresUrlParser() {}

    static DatabaseUrl parse(String rest) {
        return new PostgresUrlParser().read(rest);
    }

    private DatabaseUrl read(String rest) {
        var parts = TEXT.matcher(rest);
        if (!parts.matches() || rest.indexOf('@', parts.end("authority")) >= 0) {
            throw new InvalidDatabaseUrlException(
                    List.of("There is an @ behind the host: in user and password write @ as %40, / as %2F, ? as %3F,"
                            + " # as %23 and % as %25; in a parameter write @ as %40. The shape is"
                            + " postgresql://user:password@host:5432/database, or use DATABASE_PASSWORD"
                            + " and its neighbours, which need no codes."));
        }
        if (parts.group("fragment") != null) {
            faults.add("There is a # in it, which has no meaning here: write # as %23.");
        }
        var query = parts.group("query");
        Map<UrlParameter, String> parameters = query == null ? Map.of() : UrlParameters.parse(query, faults);
        var url = authority(parts.group("authority"), database(parts.group("database")), parameters);
        if (!faults.isEmpty()) {
            throw new InvalidDatabaseUrlException(faults.stream().distinct().toList());
        }
        return url;
    }

    private DatabaseUrl authority(String text, String database, Map<UrlParameter, String> parameters) {
        int at = text.lastIndexOf('@');
        var login = at < 0 ? "" : text.substring(0, at);
        int colon = login.indexOf(':');
        var user = decoded(colon < 0 ? login : login.substring(0, colon), "user");
        var password = colon < 0 ? null : decoded(login.substring(colon + 1), "password");
        if (at >= 0 && user.isEmpty()) {
            faults.add("The user before the @ is empty: " + SHAPE);
        }
        var hosts = hosts(text.substring(at + 1));
        return DatabaseUrl.postgresql(hosts, database, emptyToNull(user), emptyToNull(password), parameters);
    }

    private List<DatabaseHost> hosts(String text) {
        if (text.isEmpty() && faults.contains(NO_SOCKETS)) {
            return List.of();
        }
        var hosts = new ArrayList<DatabaseHost>();
        for (var host : text.split(",", -1)) {
            DatabaseHost.parse(host, faults).ifPresent(hosts::add);
        }
        return hosts;
    }

    private String database(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            faults.add("The name of the database is missing: " + SHAPE);
            return "";
        }
        if (text.contains("/")) {
            faults.add("There is a second / behind the host: " + SHAPE + " A / in the name is written %2F.");
        }
        return decoded(text, "name of the database");
    }

    private String decoded(String text, String part) {
        Optional<String> decoded = PercentCode.decode(text);
        if (decoded.isEmpty()) {
            faults.add("The " + part + " holds a broken percent code: a % itself is written %25.");
        }
        return decoded.orElse("");
    }

    private static @Nullable String emptyToNull(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }
}
