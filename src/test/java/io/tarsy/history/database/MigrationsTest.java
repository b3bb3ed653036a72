package io.tarsy.history.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both databases have the same versions, and each file that is there is applied. */
class MigrationsTest {

    @ParameterizedTest
    @ValueSource(strings = {"sqlite", "postgresql"})
    void everyFileIsNamedAndEveryNameHasAFile(String database) throws IOException {
        try (var files = Files.list(Path.of("src/main/resources/db/migration", database))) {
            assertThat(files.map(file -> file.getFileName().toString()).sorted().toList())
                    .isEqualTo(Migrations.FILES);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqlite", "postgresql"})
    void everyFileCanBeRead(String database) throws IOException {
        var migrations = new Migrations("db/migration/" + database);

        for (var migration : migrations.getResources("V", new String[] {".sql"})) {
            try (var reader = migration.read()) {
                assertThat(reader.read()).isPositive();
            }
            assertThat(migrations.getResource(migration.getRelativePath())).isNotNull();
        }
    }

    @Test
    void bothDatabasesHaveTheSameIndexes() {
        var sqlite = new Migrations("db/migration/sqlite").indexes();

        assertThat(sqlite)
                .hasSizeGreaterThan(15)
                .doesNotHaveDuplicates()
                .doesNotContain("ix_search_sessions_number") // dropped by a later one
                .allMatch(name -> name.startsWith("ix_"));
        // over words SQLite has a table of its own kind
        assertThat(new Migrations("db/migration/postgresql").indexes())
                .contains("ix_search_sessions_lexemes")
                .filteredOn(name -> !name.equals("ix_search_sessions_lexemes"))
                .containsExactlyInAnyOrderElementsOf(sqlite);
    }
}
