package io.tarsy.history.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Looks into the catalogs of a database that the product has made: each foreign key column leads an index. */
@Tag("across")
@Execution(ExecutionMode.CONCURRENT)
class CatalogIT {

    @Test
    void r3EveryForeignKeyOfSqliteLeadsAnIndex() throws SQLException {
        var server = TestServer.start("payara", "sqlite:///history.db");
        server.close();
        try (var connection =
                DriverManager.getConnection("jdbc:sqlite:" + server.folder().resolve("history.db"))) {
            var keys = column(connection, """
                    select t.name || '.' || f."from" from sqlite_master t, pragma_foreign_key_list(t.name) f
                    where t.type = 'table' and f.seq = 0""");
            var led = column(connection, """
                    select t.name || '.' || c.name
                    from sqlite_master t, pragma_index_list(t.name) i, pragma_index_info(i.name) c
                    where t.type = 'table' and c.seqno = 0
                    union
                    select t.name || '.' || c.name from sqlite_master t, pragma_table_info(t.name) c
                    where t.type = 'table' and c.pk = 1""");

            assertThat(keys).hasSizeGreaterThanOrEqualTo(4);
            assertThat(led).containsAll(keys);
        }
    }

    @Test
    void r3EveryForeignKeyOfPostgresqlLeadsAnIndex() throws SQLException {
        var url = TestPostgresql.freshUrl();
        TestServer.start("payara", url).close();
        try (var connection = TestPostgresql.connect(url)) {
            var keys = column(connection, """
                    select k.conrelid::regclass || '.' || a.attname from pg_constraint k
                    join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
                    where k.contype = 'f'""");
            var led = column(connection, """
                    select i.indrelid::regclass || '.' || a.attname from pg_index i
                    join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
                    where i.indisvalid""");

            assertThat(keys).hasSizeGreaterThanOrEqualTo(4);
            assertThat(led).containsAll(keys);
        }
    }

    private static List<String> column(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            var values = new ArrayList<String>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }
}
