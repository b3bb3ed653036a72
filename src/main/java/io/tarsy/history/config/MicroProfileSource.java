package io.tarsy.history.config;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

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
        return Settings.read(name -> first(sources, name), config.getPropertyNames());
    }

    private static @Nullable String first(Iterable<ConfigSource> sources, String name) {
        return StreamSupport.stream(sources.spliterator(), false)
                .map(source -> source.getValue(name))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }
}
