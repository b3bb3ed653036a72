package io.tarsy.history.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Open Liberty as an operator unpacks it: the server's own files by links, what it makes beside them in the folder. */
final class OwnLiberty {
    private static final Path UNPACKED =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolve("target/servers/wlp");

    private OwnLiberty() {}

    /** Puts it into the folder, as {@code wlp}. */
    static void into(Path folder) throws IOException {
        var wlp = Files.createDirectories(folder.resolve("wlp"));
        try (var files = Files.list(UNPACKED)) {
            for (var file : files.toList()) {
                var name = String.valueOf(file.getFileName());
                if (name.equals("bin")) {
                    copy(file, wlp.resolve(name)); // its scripts look for the rest from where they are
                } else if (!name.equals("usr")) {
                    Files.createSymbolicLink(wlp.resolve(name), file);
                }
            }
        }
    }

    /** Links lead out of the folder, which is no place for whoever clears it away. */
    static void removeLinks(Path folder) throws IOException {
        try (var all = Files.walk(folder)) {
            for (var link : all.filter(Files::isSymbolicLink).toList()) {
                Files.delete(link);
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var all = Files.walk(from)) {
            for (var file : all.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }
}
