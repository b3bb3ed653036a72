package io.tarsy.history.http;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Which release of the program this is, as its build wrote it down. */
@ApplicationScoped
public class Release {
    private static final String FILE = "/META-INF/tarsy-history.properties";

    private final Properties written = new Properties();

    /** Reads what the build wrote. */
    public Release() {
        try (var in = Release.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException("The build must write " + FILE + ".");
            }
            written.load(in);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Its version. */
    public String version() {
        return written.getProperty("version", "unknown");
    }

    /** When it was built, or rather the time that a reproducible build gives. */
    public String build() {
        return written.getProperty("build", "unknown");
    }
}
