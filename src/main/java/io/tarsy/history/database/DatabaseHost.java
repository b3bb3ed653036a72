package io.tarsy.history.database;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One server of a connection string.
 *
 * @param name a name or an address; IPv6 in brackets
 * @param port its port
 */
record DatabaseHost(String name, int port) {

    static final int DEFAULT_PORT = 5432;

    private static final int LAST_PORT = 65_535;
    private static final Pattern SHAPE = Pattern.compile("(?<name>\\[[^\\[\\]]*]|[^:\\[\\]]*)(?::(?<port>.*))?");
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}._-]+");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(%[\\w.-]+)?");
    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

    /** Reads {@code host}, {@code host:port} or {@code [ipv6]:port}; what is wrong goes to {@code faults}. */
    static Optional<DatabaseHost> parse(String text, List<String> faults) {
        var parts = SHAPE.matcher(text);
        if (!parts.matches()) {
            faults.add("A host cannot be read: write host:port, and an IPv6 address in brackets as [::1]:5432.");
            return Optional.empty();
        }
        var name = PercentCode.decode(parts.group("name")).orElse("%");
        var port = parts.group("port");
        if (name.startsWith("/")) {
            faults.add(PostgresUrlParser.NO_SOCKETS);
            return Optional.empty();
        }
        if (name.isEmpty()) {
            faults.add("A host is empty: write postgresql://user:password@host:5432/database.");
        } else if (!isName(name)) {
            faults.add("A host has characters that no host name or address has:"
                    + " write a name, an IPv4 address, or an IPv6 address in brackets.");
        }
        if (port != null && !isPort(port)) {
            faults.add("The port after a host must be a whole number from 1 to 65535, as in host:5432."
                    + " (If that was a password: it belongs before an @ and the host.)");
            return Optional.empty();
        }
        return Optional.of(new DatabaseHost(name, port == null ? DEFAULT_PORT : Integer.parseInt(port)));
    }

    private static boolean isName(String name) {
        return name.startsWith("[")
                ? IPV6.matcher(name.substring(1, name.length() - 1)).matches()
                : NAME.matcher(name).matches();
    }

    private static boolean isPort(String port) {
        return PORT.matcher(port).matches() && Integer.parseInt(port) >= 1 && Integer.parseInt(port) <= LAST_PORT;
    }

    @Override
    public String toString() {
        return name + ":" + port;
    }
}
