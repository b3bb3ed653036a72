package io.tarsy.history.database;

import io.tarsy.history.config.ConfigKey;
import io.tarsy.history.config.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.Location;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;

/** Brings the tables to this version, one server at a time; checks them, or names what is missing. */
@ApplicationScoped
public class Schema {
    private static final Logger LOG = System.getLogger(Schema.class.getName());

    @Inject
    Settings settings;

    private volatile String version = "none";

    /** The version of the tables, as found or made at the start. */
    public String version() {
        return version;
    }

    /**
     * Does what HISTORY_MIGRATION_MODE says.
     *
     * @throws SQLException if the tables are not of this version afterwards, in words for an operator
     */
    void update(DataSource database, Migrations migrations) throws SQLException {
        var flyway = Flyway.configure(Schema.class.getClassLoader())
                .dataSource(database)
                .resourceProvider(migrations)
                .locations(new String[0])
                .callbackLocations(new Location[0])
                .validateMigrationNaming(true)
                .load();
        var info = flyway.info();
        refuseNewer(info.all());
        var pending = Arrays.stream(info.pending())
                .map(one -> one.getVersion() + " " + one.getDescription())
                .toList();
        var mode = settings.required(ConfigKey.HISTORY_MIGRATION_MODE);
        if (!pending.isEmpty() && !mode.equals("auto")) {
            if (mode.equals("print")) {
                print(info.pending(), migrations);
            }
            throw new SQLException("The schema lacks " + String.join(", ", pending)
                    + ". Start once with HISTORY_MIGRATION_MODE=auto to apply it.");
        }
        if (!pending.isEmpty()) {
            flyway.migrate();
        }
        flyway.validate();
        var current = flyway.info().current();
        version = current == null ? "none" : String.valueOf(current.getVersion());
    }

    private static void print(MigrationInfo[] pending, Migrations migrations) {
        for (var one : pending) {
            LOG.log(
                    Level.INFO,
                    "Pending migration " + one.getVersion() + " " + one.getDescription() + ":\n"
                            + migrations.sql(
                                    Path.of(one.getScript()).getFileName().toString()));
        }
    }

    private static void refuseNewer(MigrationInfo[] known) throws SQLException {
        for (var one : known) {
            if (one.getState() == MigrationState.FUTURE_SUCCESS || one.getState() == MigrationState.FUTURE_FAILED) {
                throw new SQLException("The schema has version " + one.getVersion()
                        + ", which is newer than this program. Start the newer program, or restore a backup.");
            }
        }
    }
}
