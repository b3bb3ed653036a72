package io.tarsy.history.config;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Reads the settings through MicroProfile Config, and is the only class that does.
 *
 * <p>It asks the config sources themselves, highest first, because {@link Config} expands <code>${…}</code> inside
 * values: a password may well hold these characters, and the server's pool and the start script, which read the same
 * settings without MicroProfile, would then see another one.
 */
@ApplicationScoped
public class MicroProfileSource {

    /** The settings of this application. */
    @Produces
    @Singleton
    public Settings settings(Config config) {
        var sources = StreamSupport.stream(config.getConfigSources().spliterator(), false)
                .sorted(Comparator.comparingInt(ConfigSource::getOrdinal).reversed())
                .toList();
        return Settings.read(
                name -> holder(sources, name)
                        .map(source -> source.getValue(name))
                        .orElse(null),
                config.getPropertyNames(),
                name -> holder(sources, name)
                        .map(source -> place(source.getName()) + " " + name)
                        .orElse(name));
    }

    private static Optional<ConfigSource> holder(Collection<ConfigSource> sources, String name) {
        return sources.stream().filter(source -> source.getValue(name) != null).findFirst();
    }

    /** Every server has names of its own for the three sources that MicroProfile demands; others keep theirs. */
    static String place(String source) {
        var lower = source.toLowerCase(Locale.ROOT);
        if (lower.contains("microprofile-config") || lower.contains("properties file")) {
            return "microprofile-config.properties";
        }
        if (lower.contains("sysprop") || lower.contains("system propert")) {
            return "system property";
        }
        if (lower.contains("env")) {
            return "environment";
        }
        return lower.contains("server.xml") ? "server variable" : source;
    }
}
