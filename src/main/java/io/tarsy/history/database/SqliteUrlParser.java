package io.tarsy.history.database;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads a SQLite connection string after its scheme: three slashes are a relative file, four an absolute one. */
final class SqliteUrlParser {

    static final String SHAPE = "write sqlite:///history.db for a file in the working directory,"
            + " sqlite:////var/lib/tarsy/history.db for an absolute one, or sqlite:///:memory:.";

    private SqliteUrlParser() {}

    static DatabaseUrl parse(String rest) {
        if (rest.isEmpty() || rest.equals("/" + DatabaseUrl.MEMORY)) {
            return DatabaseUrl.sqlite(DatabaseUrl.MEMORY);
        }
        var faults = new ArrayList<String>();
        int query = rest.indexOf('?');
        if (query >= 0 && query + 1 < rest.length()) {
            faults.add("SQLite takes no parameters in the connection string: use the HISTORY_SQLITE_ settings."
                    + " A ? in the file's name is written %3F.");
        }
        if (rest.contains("#")) {
            faults.add("There is a # in it, which has no meaning here: write # as %23.");
        }
        var path = path(query < 0 ? rest : rest.substring(0, query), faults);
        if (!faults.isEmpty()) {
            throw new InvalidDatabaseUrlException(faults);
        }
        return DatabaseUrl.sqlite(path);
    }

    private static String path(String text, List<String> faults) {
        if (!text.startsWith("/")) {
            faults.add("SQLite has no host, so its file comes after three slashes: " + SHAPE);
            return "";
        }
        var path = PercentCode.decode(text.substring(1));
        if (path.isEmpty()) {
            faults.add("The file holds a broken percent code: a % itself is written %25.");
        } else if (path.get().isBlank()) {
            faults.add("The name of the file is missing: " + SHAPE);
        } else if (!isFile(path.get())) {
            faults.add("The file's name is that of a folder, or none this system allows: " + SHAPE);
        }
        return path.orElse("");
    }

    private static boolean isFile(String path) {
        try {
            var name = Path.of(path).getFileName();
            return name != null
                    && !path.endsWith("/")
                    && !name.toString().equals(".")
                    && !name.toString().equals("..");
        } catch (InvalidPathException notAPath) {
            return false;
        }
    }
}
