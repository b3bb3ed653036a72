package io.tarsy.history.database;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.resource.LoadableResource;
import org.jspecify.annotations.Nullable;

/**
 * The migrations of one database, by name: servers differ in how a class path can be searched, but not in how a file
 * on it is read.
 */
final class Migrations implements ResourceProvider {
    /** Every version, the same on both databases, in order. */
    static final List<String> FILES = List.of(
            "V1__sessions.sql",
            "V2__operations.sql",
            "V3__search.sql",
            "V4__statistics.sql",
            "V5__headlines.sql",
            "V6__words_in_order.sql",
            "V7__sorted_in.sql",
            "V8__order.sql",
            "V9__matching.sql");

    private static final Pattern INDEX = Pattern.compile(
            "(?im)^\\s*(create|drop)\\s+(?:unique\\s+)?index\\s+(?:if\\s+(?:not\\s+)?exists\\s+)?(\\w+)");

    private final String folder;

    /**
     * The migrations in a folder of the class path.
     *
     * @param folder such as {@code db/migration/sqlite}
     */
    Migrations(String folder) {
        this.folder = folder;
    }

    @Override
    public @Nullable LoadableResource getResource(String name) {
        return FILES.stream()
                .filter(file -> name.equals(folder + "/" + file))
                .map(Migration::new)
                .findFirst()
                .orElse(null);
    }

    @Override
    public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
        return FILES.stream()
                .filter(file -> file.startsWith(prefix))
                .filter(file -> Arrays.stream(suffixes).anyMatch(file::endsWith))
                .<LoadableResource>map(Migration::new)
                .toList();
    }

    /** The names of all indexes that are there after the last migration. */
    List<String> indexes() {
        var names = new ArrayList<String>();
        FILES.stream().flatMap(file -> INDEX.matcher(sql(file)).results()).forEach(found -> {
            if (found.group(1).equalsIgnoreCase("create")) {
                names.add(found.group(2));
            } else {
                names.remove(found.group(2));
            }
        });
        return List.copyOf(names);
    }

    /** The SQL of one migration. */
    String sql(String file) {
        var path = folder + "/" + file;
        try (var in = Migrations.class.getClassLoader().getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException("The program lacks its own file " + path + ".");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private final class Migration extends LoadableResource {
        private final String file;

        Migration(String file) {
            this.file = file;
        }

        /** Whole and at once, so that nothing stays open if the reader is dropped. */
        @Override
        public Reader read() {
            return new StringReader(sql(file));
        }

        @Override
        public String getAbsolutePath() {
            return getRelativePath();
        }

        @Override
        public @Nullable String getAbsolutePathOnDisk() {
            return null;
        }

        @Override
        public String getFilename() {
            return file;
        }

        @Override
        public String getRelativePath() {
            return folder + "/" + file;
        }
    }
}
