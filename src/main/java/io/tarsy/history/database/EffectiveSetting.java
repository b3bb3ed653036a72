package io.tarsy.history.database;

import io.tarsy.history.config.ConfigKey;
import io.tarsy.history.config.Settings;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A setting as it took effect, to be shown to people: a connection string may have overruled it, and nothing of it is
 * secret any more.
 *
 * @param key which setting
 * @param value what holds, secrets hidden, or null for nothing
 * @param source where it came from
 */
public record EffectiveSetting(ConfigKey key, @Nullable String value, String source) {
    private static final Map<ConfigKey, UrlParameter> OVERRULED = Map.of(
            ConfigKey.POSTGRES_POOL_SIZE, UrlParameter.POOL_SIZE,
            ConfigKey.POSTGRES_MAX_OVERFLOW, UrlParameter.MAX_OVERFLOW,
            ConfigKey.POSTGRES_POOL_TIMEOUT, UrlParameter.POOL_TIMEOUT,
            ConfigKey.POSTGRES_POOL_RECYCLE, UrlParameter.POOL_RECYCLE,
            ConfigKey.POSTGRES_POOL_PRE_PING, UrlParameter.POOL_PRE_PING,
            ConfigKey.POSTGRES_CONNECT_TIMEOUT, UrlParameter.CONNECT_TIMEOUT);

    /** Options of a Java machine are shown, but for those whose name speaks of a secret. */
    private static final Pattern SECRET_OPTION =
            Pattern.compile("(?i)(-D[^=\\s]*(?:pass|secret|token|credential|key|url)[^=\\s]*=)(\\S+)");

    /** Every setting there is, in the order of the documentation. */
    public static List<EffectiveSetting> all(Settings settings, DatabaseSettings chosen) {
        return Arrays.stream(ConfigKey.values())
                .map(key -> of(key, settings, chosen))
                .toList();
    }

    private static EffectiveSetting of(ConfigKey key, Settings settings, DatabaseSettings chosen) {
        var origin = settings.origin(key);
        if (key == ConfigKey.HISTORY_DATABASE_URL) {
            return new EffectiveSetting(key, chosen.url().withoutPassword(), originOfUrl(settings, chosen));
        }
        var overruling = OVERRULED.get(key);
        var parameter =
                overruling == null ? null : chosen.url().parameter(overruling).orElse(null);
        if (parameter != null) {
            return new EffectiveSetting(key, parameter, "connection string " + chosen.source());
        }
        var text = settings.text(key);
        return new EffectiveSetting(key, text == null ? null : shown(key, text), origin);
    }

    /** The address may come from another name, or be made of parts. */
    private static String originOfUrl(Settings settings, DatabaseSettings chosen) {
        return Stream.of(ConfigKey.HISTORY_DATABASE_URL, ConfigKey.DATABASE_URL, ConfigKey.DATABASE_PASSWORD)
                .filter(key -> settings.source(key).equals(chosen.source()))
                .findFirst()
                .map(key -> (key == ConfigKey.DATABASE_PASSWORD ? "DATABASE_ parts, " : "") + settings.origin(key))
                .orElse(chosen.source());
    }

    private static String shown(ConfigKey key, String text) {
        return switch (key.secret()) {
            case WHOLE -> DatabaseUrl.HIDDEN;
            case IN_URL -> withoutPassword(text);
            case NO ->
                key == ConfigKey.TARSY_JAVA_OPTS
                        ? SECRET_OPTION.matcher(text).replaceAll("$1" + DatabaseUrl.HIDDEN)
                        : text;
        };
    }

    private static String withoutPassword(String url) {
        try {
            return DatabaseUrl.parse(url).withoutPassword();
        } catch (InvalidDatabaseUrlException notUsed) {
            return DatabaseUrl.HIDDEN; // the password may be anywhere in it
        }
    }
}
