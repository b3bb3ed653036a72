package io.tarsy.history.database;

import io.tarsy.history.config.Nearest;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads what follows the question mark of a PostgreSQL connection string. */
final class UrlParameters {

    private static final Set<String> SECRETS = Set.of("password", "passfile", "sslpassword");
    private static final Set<String> PLACES = Set.of("host", "hostaddr", "port", "user", "dbname");

    private final List<String> faults;
    private final Map<UrlParameter, String> found = new EnumMap<>(UrlParameter.class);

    private UrlParameters(List<String> faults) {
        this.faults = faults;
    }

    /** Every parameter in its canonical spelling; what is wrong goes to {@code faults}, without any value. */
    static Map<UrlParameter, String> parse(String query, List<String> faults) {
        var parameters = new UrlParameters(faults);
        var pairs = query.split("&", -1);
        boolean secret = false;
        for (var pair : pairs) {
            secret |= SECRETS.contains(name(pair));
        }
        for (var pair : pairs) {
            if (!pair.isEmpty()) {
                parameters.add(pair, secret);
            }
        }
        parameters.refuseTwoTargets();
        return parameters.found;
    }

    private static String name(String pair) {
        int equals = pair.indexOf('=');
        return PercentCode.decode(equals < 0 ? pair : pair.substring(0, equals)).orElse("");
    }

    private void add(String pair, boolean secret) {
        var name = name(pair);
        var parameter = UrlParameter.of(name);
        if (parameter.isEmpty()) {
            faults.add(unknown(name, pair, secret));
            return;
        }
        if (found.containsKey(parameter.get())) {
            faults.add("The parameter " + name + " is given twice: keep one of them.");
            return;
        }
        var text = PercentCode.decode(pair.substring(Math.min(pair.length(), pair.indexOf('=') + 1)));
        if (!pair.contains("=") || text.filter(String::isEmpty).isPresent()) {
            faults.add("The parameter " + name + " has no value: write " + name + "=value.");
            return;
        }
        if (text.isEmpty()) {
            faults.add("The parameter " + name + " holds a broken percent code: write % as %25.");
            return;
        }
        var canonical = parameter.get().rule().canonical(text.get());
        if (canonical.isEmpty()) {
            faults.add("The parameter " + name + " must be "
                    + parameter.get().rule().allowed() + ".");
        }
        found.put(parameter.get(), canonical.orElse(""));
    }

    private static String unknown(String name, String pair, boolean secret) {
        if (SECRETS.contains(name)) {
            return "The parameter " + name + " is not read: the password belongs before the @, as in"
                    + " postgresql://user:password@host:5432/database, or in DATABASE_PASSWORD.";
        }
        if (name.equals("host") && isPath(pair)) {
            return PostgresUrlParser.NO_SOCKETS;
        }
        if (PLACES.contains(name)) {
            return "The parameter " + name + " is not read: user, host, port and database belong before the"
                    + " question mark, as in postgresql://user:password@host:5432/database.";
        }
        if (secret || !name.matches("[A-Za-z][A-Za-z0-9_.-]{0,40}")) {
            return "A parameter is unknown; known are " + String.join(", ", UrlParameter.names()) + ".";
        }
        return "The parameter " + name + " is unknown." + Nearest.question(name, UrlParameter.names());
    }

    private static boolean isPath(String pair) {
        return PercentCode.decode(pair.substring(pair.indexOf('=') + 1))
                .filter(value -> value.startsWith("/") || value.startsWith("@"))
                .isPresent();
    }

    private void refuseTwoTargets() {
        if (found.containsKey(UrlParameter.TARGET_SESSION_ATTRS)
                && found.containsKey(UrlParameter.TARGET_SERVER_TYPE)) {
            faults.add("target_session_attrs and targetServerType say the same: keep one of them.");
        }
    }
}
