package io.tarsy.history.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The page that documents every setting, made from the list of settings itself. */
final class ConfigurationDocument {

    private static final String INTRODUCTION = """
            # Configuration

            Nothing has to be set: without any setting, history is kept in the SQLite file `history.db` in the working
            directory, and the server listens on `http://127.0.0.1:8080/`.

            - A setting is an environment variable, or a system property of the same name; the system property wins.
            - Every name also has a dotted form in lower case (`POSTGRES_POOL_SIZE` is `postgres.pool.size`), read when the
              first form is not set. Two different values under both forms are a warning.
            - An empty value counts as not set.
            - The variables whose names begin with `DATABASE_`, and `HISTORY_DATABASE_URL`, can be read from a file, as
              container secrets are: set the name with `_FILE` added to the path of the file. Its last newline is cut. The
              value and the file together are a fault.
            - The database is chosen in this order: `HISTORY_DATABASE_URL`, `DATABASE_URL`, the `DATABASE_` parts when
              `DATABASE_PASSWORD` is set, the default. A URL of PostgreSQL with a user and no password takes that from
              `DATABASE_PASSWORD` too, so that a secret file need hold nothing else.
            - Parameters of the connection string win over the `POSTGRES_` variables: `?pool_size=10&pool_timeout=5`.
            - `${…}` in a value is not expanded: a password may hold it.
            - Settings are checked at start, all of them: every fault is listed at once and the server does not start. A name
              that begins like ours and is none is a warning with the name that was probably meant.
            - True is `true`, `yes`, `on` or `1`; false is `false`, `no`, `off` or `0`.
            """;

    private ConfigurationDocument() {}

    static String render() {
        return INTRODUCTION
                + Arrays.stream(ConfigKey.Group.values())
                        .map(ConfigurationDocument::table)
                        .collect(Collectors.joining());
    }

    private static String table(ConfigKey.Group group) {
        return Arrays.stream(ConfigKey.values())
                .filter(key -> key.group() == group)
                .map(ConfigurationDocument::row)
                .collect(Collectors.joining(
                        "",
                        "\n## %s\n\n| Variable | Default | Example | Meaning |\n|---|---|---|---|\n"
                                .formatted(group.title()),
                        ""));
    }

    private static String row(ConfigKey key) {
        var text = key.defaultText();
        return "| `%s` | %s | `%s` | %s |\n"
                .formatted(key.name(), text == null ? "–" : code(text), key.example(), meaning(key));
    }

    private static String meaning(ConfigKey key) {
        if (key.rule().kind() == ValueRule.Kind.TEXT) {
            return key.description();
        }
        var allowed = key.rule().allowed();
        return key.description() + " " + allowed.substring(0, 1).toUpperCase(Locale.ROOT) + allowed.substring(1) + ".";
    }

    private static String code(String text) {
        return "`" + text + "`";
    }
}
