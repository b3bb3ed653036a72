package io.tarsy.history.database;

import io.tarsy.history.config.Settings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/**
 * Run by the start script before the server: checks every setting, and writes down for the server how large its pool
 * is. With faults the server is not started at all.
 *
 * <p>Open Liberty gets variables for its {@code server.xml}. Payara gets commands that make the pool, or an empty file
 * when history is in SQLite. {@code pool_recycle} is the age of a connection on Open Liberty; Payara's pool does not
 * know age, so there it bounds how long a connection may lie idle, where Payara's own 300 seconds are not shorter still.
 */
public final class ServerSettings {

    private static final int WRONG_USE = 64;
    private static final int CANNOT_WRITE = 1;
    private static final int FAULTS = 2;
    private static final int PAYARA_IDLE_SECONDS = 300;
    private static final long MILLIS = 1000;

    private ServerSettings() {}

    /**
     * Checks the settings of this process and writes the file; exits with 2 if there are faults.
     *
     * @param arguments {@code payara} or {@code liberty}, and the file to write
     */
    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments), Settings.fromProcess(), System.out, System.err));
    }

    static int run(List<String> arguments, Settings settings, PrintStream out, PrintStream err) {
        if (arguments.size() != 2 || !List.of("payara", "liberty").contains(arguments.get(0))) {
            err.println("usage: ServerSettings payara|liberty FILE");
            return WRONG_USE;
        }
        DatabaseSettings database;
        try {
            database = DatabaseSettings.from(settings);
        } catch (InvalidSettingsException invalid) {
            warn(settings.warnings(), err);
            invalid.faults().forEach(err::println);
            return FAULTS;
        }
        warn(database.warnings(), err);
        var text = arguments.get(0).equals("payara") ? payara(database) : liberty(database);
        try {
            Files.writeString(Path.of(arguments.get(1)), text, StandardCharsets.UTF_8);
        } catch (IOException | InvalidPathException failure) {
            err.println("The file for the server cannot be written: " + failure);
            return CANNOT_WRITE;
        }
        out.println("database: " + database.describe() + " (from " + database.source() + ")");
        return 0;
    }

    private static void warn(List<String> warnings, PrintStream err) {
        warnings.forEach(warning -> err.println("warning: " + warning));
    }

    private static String payara(DatabaseSettings database) {
        if (database.type() != DatabaseType.POSTGRESQL) {
            return "";
        }
        int recycle = database.poolRecycleSeconds();
        int idle = recycle < 0 ? PAYARA_IDLE_SECONDS : Math.min(recycle, PAYARA_IDLE_SECONDS);
        return String.join(
                        " ",
                        "create-jdbc-connection-pool",
                        "--datasourceclassname=" + HistoryDataSource.class.getName(),
                        "--restype=javax.sql.DataSource",
                        "--steadypoolsize=" + database.poolSize(),
                        "--maxpoolsize=" + database.poolLimit(),
                        "--maxwait=" + database.poolTimeoutSeconds() * MILLIS,
                        "--idletimeout=" + idle,
                        "--nontransactionalconnections=true",
                        "--isconnectvalidatereq=" + database.prePing(),
                        "--validationmethod=custom-validation",
                        "--validationclassname=org.glassfish.api.jdbc.validation.JDBC40ConnectionValidation",
                        "tarsyHistoryPool")
                + "\ncreate-jdbc-resource --connectionpoolid=tarsyHistoryPool jdbc/tarsyHistory\n";
    }

    private static String liberty(DatabaseSettings database) {
        int recycle = database.poolRecycleSeconds();
        return String.join(
                "\n",
                "<server>",
                variable("TARSY_POOL_MIN", Integer.toString(database.poolSize())),
                variable("TARSY_POOL_MAX", Integer.toString(database.poolLimit())),
                variable("TARSY_POOL_TIMEOUT", database.poolTimeoutSeconds() + "s"),
                variable("TARSY_POOL_AGE", recycle < 0 ? "-1" : recycle + "s"),
                variable("TARSY_POOL_VALIDATE", database.prePing() ? "5s" : "-1"),
                "</server>",
                "");
    }

    private static String variable(String name, String value) {
        return "  <variable name=\"%s\" value=\"%s\"/>".formatted(name, value);
    }
}
