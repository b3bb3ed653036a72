package io.tarsy.history.database;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known about the database, asked of it beside the pool. */
@ApplicationScoped
public class Inspection {
    static final Comparator<Sizes.Table> LARGEST_FIRST = Comparator.comparing(
                    (Sizes.Table table) -> table.bytes() == null ? 0L : table.bytes())
            .reversed()
            .thenComparing(Sizes.Table::name);

    @Inject
    Database database;

    /**
     * What the database tells of itself.
     *
     * @param version of the database server
     * @param schema how its tables stand
     * @param sizes how large it is
     * @param connections how many it takes, or null where that is no question
     * @param servers that use it
     */
    public record Facts(
            String version,
            SchemaFacts schema,
            Sizes sizes,
            @Nullable Connections connections,
            List<Servers.Seen> servers) {
        /** Keeps a copy of the servers. */
        public Facts {
            servers = List.copyOf(servers);
        }
    }

    /**
     * Connects beside the pool; the caller closes it.
     *
     * @throws DatabaseFailure if that cannot be done
     */
    public Inspector open() {
        try {
            var insight = database.dialect().insight();
            return new Inspector(insight.connect(), insight.tableNames());
        } catch (SQLException refused) {
            throw new DatabaseFailure(refused);
        }
    }

    /** The line of those who want to write; null where many can at once, and before the database is ready. */
    public @Nullable WriteQueue writeQueue() {
        try {
            return database.state() == Database.State.READY
                    ? database.dialect().insight().writeQueue()
                    : null;
        } catch (SQLException gone) {
            throw new DatabaseFailure(gone);
        }
    }

    /** Everything at once. */
    public Facts facts() {
        var dialect = database.dialect();
        var insight = dialect.insight();
        try (var inspector = open()) {
            var schema = schema(inspector);
            return new Facts(
                    inspector.text("select (" + dialect.versionQuery() + ") as answer"),
                    schema,
                    insight.sizes(inspector),
                    insight.connections(inspector),
                    servers(inspector));
        }
    }

    /** How its tables stand to this program. */
    SchemaFacts schema(Inspector inspector) {
        var applied = inspector.hasTable("flyway_schema_history")
                ? inspector.list(
                        "select version, success from flyway_schema_history where version is not null"
                                + " order by installed_rank limit 1000",
                        row -> new SchemaFacts.Applied(row.needed("version"), row.flag("success")))
                : List.<SchemaFacts.Applied>of();
        return SchemaFacts.of(Migrations.FILES, applied);
    }

    /** The indexes that the migrations make and the database has not. */
    List<String> missingIndexes(Inspector inspector) {
        var dialect = database.dialect();
        var there = inspector.list(dialect.insight().indexNames(), row -> row.needed("name"));
        return dialect.migrations().indexes().stream()
                .filter(index -> !there.contains(index))
                .toList();
    }

    /** The servers that were seen lately. */
    List<Servers.Seen> servers(Inspector inspector) {
        return inspector.hasTable("servers")
                ? Servers.list(inspector, database.dialect().nowUs())
                : List.of();
    }
}
