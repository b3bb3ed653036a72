package io.tarsy.history.database;

import io.tarsy.history.config.ConfigKey;
import io.tarsy.history.config.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which of the settings says where the database is.
 *
 * @param url the address, or null if it has faults
 * @param source the setting that gave it
 */
record ChosenUrl(@Nullable DatabaseUrl url, String source) {

    private static final List<ConfigKey> PARTS = List.of(
            ConfigKey.DATABASE_PASSWORD,
            ConfigKey.DATABASE_HOST,
            ConfigKey.DATABASE_PORT,
            ConfigKey.DATABASE_USER,
            ConfigKey.DATABASE_NAME);

    /** Chooses and reads it; faults and warnings are added to the lists. */
    static ChosenUrl from(Settings settings, List<String> faults, List<String> warnings) {
        boolean own = settings.isSet(ConfigKey.HISTORY_DATABASE_URL);
        boolean alias = settings.isSet(ConfigKey.DATABASE_URL);
        var unused =
                PARTS.stream().filter(settings::isSet).map(settings::source).toList();
        if (own || alias) {
            if (own && alias && !sameUrl(settings)) {
                warnings.add("HISTORY_DATABASE_URL and DATABASE_URL are set to different values;"
                        + " HISTORY_DATABASE_URL is used.");
            }
            var chosen = parsed(own ? ConfigKey.HISTORY_DATABASE_URL : ConfigKey.DATABASE_URL, settings, faults);
            var completed = chosen.completed(settings.text(ConfigKey.DATABASE_PASSWORD));
            var used = completed.equals(chosen) ? "" : settings.source(ConfigKey.DATABASE_PASSWORD);
            warnUnused(
                    unused.stream().filter(name -> !name.equals(used)).toList(),
                    "a database URL is set and wins",
                    warnings);
            return completed;
        }
        var password = settings.text(ConfigKey.DATABASE_PASSWORD);
        if (password != null) {
            return fromParts(settings, password, faults);
        }
        warnUnused(unused, "DATABASE_PASSWORD is not set", warnings);
        return parsed(ConfigKey.HISTORY_DATABASE_URL, settings, faults);
    }

    /** An address of PostgreSQL with a user and no password takes it from its own setting: a secret has a file of its own. */
    private ChosenUrl completed(@Nullable String password) {
        var address = url;
        if (address == null
                || password == null
                || address.type() != DatabaseType.POSTGRESQL
                || address.user() == null
                || address.password() != null) {
            return this;
        }
        return new ChosenUrl(address.withPassword(password), source);
    }

    private static boolean sameUrl(Settings settings) {
        return settings.required(ConfigKey.HISTORY_DATABASE_URL).equals(settings.required(ConfigKey.DATABASE_URL));
    }

    private static void warnUnused(List<String> names, String reason, List<String> warnings) {
        if (!names.isEmpty()) {
            warnings.add("Not used because " + reason + ": " + String.join(", ", names) + ".");
        }
    }

    private static ChosenUrl parsed(ConfigKey key, Settings settings, List<String> faults) {
        var source = settings.source(key);
        try {
            return new ChosenUrl(DatabaseUrl.parse(settings.required(key)), source);
        } catch (InvalidDatabaseUrlException invalid) {
            invalid.faults().forEach(fault -> faults.add(source + ": " + fault));
            return new ChosenUrl(null, source);
        }
    }

    private static ChosenUrl fromParts(Settings settings, String password, List<String> faults) {
        var name = settings.required(ConfigKey.DATABASE_HOST).strip();
        boolean isBareIpv6 = !name.startsWith("[") && name.indexOf(':') != name.lastIndexOf(':');
        var found = new ArrayList<String>();
        if (name.startsWith("/")) {
            found.add(PostgresUrlParser.NO_SOCKETS);
        } else if (name.contains(",")) {
            found.add("several hosts are written in HISTORY_DATABASE_URL only.");
        } else if (!isBareIpv6 && !name.startsWith("[") && name.contains(":")) {
            found.add("a port belongs in DATABASE_PORT.");
        } else {
            DatabaseHost.parse(isBareIpv6 ? "[" + name + "]" : name, found);
        }
        found.forEach(fault -> faults.add(settings.source(ConfigKey.DATABASE_HOST) + ": " + fault));
        var host = new DatabaseHost(isBareIpv6 ? "[" + name + "]" : name, settings.number(ConfigKey.DATABASE_PORT));
        var url = DatabaseUrl.postgresql(
                List.of(host),
                settings.required(ConfigKey.DATABASE_NAME),
                settings.required(ConfigKey.DATABASE_USER),
                password,
                Map.of());
        return new ChosenUrl(found.isEmpty() ? url : null, settings.source(ConfigKey.DATABASE_PASSWORD));
    }
}
