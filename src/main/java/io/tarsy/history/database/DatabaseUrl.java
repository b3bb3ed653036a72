package io.tarsy.history.database;

import io.tarsy.history.config.Nearest;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Where a database is, as a connection string in the notation of SQLAlchemy says; it never shows its password. */
public final class DatabaseUrl {

    static final String MEMORY = ":memory:";

    /** What is shown in place of a secret. */
    static final String HIDDEN = "******";

    private static final Pattern SCHEME =
            Pattern.compile("(?<name>[A-Za-z][A-Za-z0-9]*)(?:\\+[A-Za-z0-9_.-]+)?://(?<rest>.*)", Pattern.DOTALL);
    private static final List<String> SCHEMES = List.of("sqlite", "postgresql", "postgres");
    private static final String SHAPES = "write sqlite:///history.db or postgresql://user:password@host:5432/database.";

    private final DatabaseType type;
    private final String database;
    private final List<DatabaseHost> hosts;
    private final @Nullable String user;
    private final @Nullable String password;
    private final Map<UrlParameter, String> parameters;

    private DatabaseUrl(
            DatabaseType type,
            String database,
            List<DatabaseHost> hosts,
            @Nullable String user,
            @Nullable String password,
            Map<UrlParameter, String> parameters) {
        this.type = type;
        this.database = database;
        this.hosts = List.copyOf(hosts);
        this.user = user;
        this.password = password;
        this.parameters = new EnumMap<>(UrlParameter.class);
        this.parameters.putAll(parameters);
    }

    /**
     * Reads a connection string.
     *
     * @throws InvalidDatabaseUrlException with every fault at once, none of which repeats a password
     */
    public static DatabaseUrl parse(String text) {
        var stripped = text.strip();
        if (stripped.toLowerCase(Locale.ROOT).startsWith("jdbc:")) {
            throw fault("This is a JDBC address: leave jdbc: away and " + SHAPES);
        }
        var parts = SCHEME.matcher(stripped);
        if (!parts.matches()) {
            throw fault("It does not begin with a scheme and ://: " + SHAPES);
        }
        var scheme = parts.group("name").toLowerCase(Locale.ROOT);
        return switch (scheme) {
            case "sqlite" -> SqliteUrlParser.parse(parts.group("rest"));
            case "postgresql", "postgres" -> PostgresUrlParser.parse(parts.group("rest"));
            default ->
                throw fault("The scheme " + scheme + " is not supported." + Nearest.question(scheme, SCHEMES)
                        + " The database is SQLite or PostgreSQL: " + SHAPES);
        };
    }

    private static InvalidDatabaseUrlException fault(String sentence) {
        return new InvalidDatabaseUrlException(List.of(sentence));
    }

    static DatabaseUrl sqlite(String path) {
        return new DatabaseUrl(DatabaseType.SQLITE, path, List.of(), null, null, Map.of());
    }

    static DatabaseUrl postgresql(
            List<DatabaseHost> hosts,
            String database,
            @Nullable String user,
            @Nullable String password,
            Map<UrlParameter, String> parameters) {
        return new DatabaseUrl(DatabaseType.POSTGRESQL, database, hosts, user, password, parameters);
    }

    /** The same place, logged in to with a password. */
    DatabaseUrl withPassword(String given) {
        return new DatabaseUrl(type, database, hosts, user, given, parameters);
    }

    /** Which database it is. */
    public DatabaseType type() {
        return type;
    }

    /** Whether it lives in memory only. */
    public boolean isMemory() {
        return type == DatabaseType.SQLITE && database.equals(MEMORY);
    }

    /** The name of the PostgreSQL database, or the SQLite file as it was written. */
    public String database() {
        return database;
    }

    /** The place for people: {@code db:5432/tarsy}, the SQLite file as it was written, or {@code :memory:}. */
    public String location() {
        return type == DatabaseType.SQLITE ? database : servers() + "/" + database;
    }

    /** The user to log in as, or null if none was given. */
    public @Nullable String user() {
        return user;
    }

    /** The connection string without password and parameters. */
    public String redacted() {
        if (type == DatabaseType.SQLITE) {
            return "sqlite:///" + database;
        }
        return "postgresql://" + (user == null ? "" : user + (password == null ? "@" : ":***@")) + location();
    }

    /** The connection string with everything but its password. */
    public String withoutPassword() {
        return redacted().replace(":***@", ":" + HIDDEN + "@")
                + parameters.entrySet().stream()
                        .map(parameter -> parameter.getKey().text() + "=" + parameter.getValue())
                        .collect(Collectors.joining("&", parameters.isEmpty() ? "" : "?", ""));
    }

    @Override
    public String toString() {
        return redacted();
    }

    /** Every server with its port, separated by commas. */
    String servers() {
        return hosts.stream().map(DatabaseHost::toString).collect(Collectors.joining(","));
    }

    @Nullable
    String password() {
        return password;
    }

    boolean hasSeveralHosts() {
        return hosts.size() > 1;
    }

    Optional<String> parameter(UrlParameter parameter) {
        return Optional.ofNullable(parameters.get(parameter));
    }
}
