package io.tarsy.history.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarsy.history.database.Check.Finding;
import io.tarsy.history.database.Check.Status;
import io.tarsy.history.database.SchemaFacts.Applied;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the doctor makes of what it sees in a database. */
class DatabaseChecksTest {

    private static final List<String> FILES = List.of("V1__sessions.sql", "V2__more_things.sql");

    @ParameterizedTest
    @CsvSource({
        // ahead, half a round trip, what it is
        "0, 0, OK",
        "1000, 0, OK",
        "1001, 0, WARN",
        "-1001, 0, WARN",
        "2500, 2000, OK",
        "-12000, 1000, FAIL",
        "10500, 1000, WARN",
    })
    void skewIsJudgedByWhatIsCertain(long aheadMs, long halfTripMs, Status status) {
        var here = Instant.parse("2026-01-01T00:00:00Z");
        var clock = new Steps(here, here.plusMillis(2 * halfTripMs));
        long there = here.plusMillis(halfTripMs + aheadMs).toEpochMilli() * 1000;

        var skew = ClockSkew.measure(clock, () -> there);

        assertThat(skew.aheadUs()).isEqualTo(aheadMs * 1000);
        assertThat(skew.uncertaintyUs()).isEqualTo(halfTripMs * 1000);
        assertThat(skew.finding("The clock").status()).isEqualTo(status);
        assertThat(skew.finding("The clock").detail()).contains(aheadMs < 0 ? "behind" : "ahead");
    }

    /** R13: pool limit times servers against max_connections. */
    @ParameterizedTest
    @CsvSource({"15, 1, OK", "60, 2, OK", "80, 1, WARN", "91, 2, WARN", "92, 2, FAIL", "9001, 1, FAIL"})
    void r13PoolsOfAllServersFitIntoTheDatabase(long pools, int servers, Status status) {
        var finding = new Connections(100, 3, 97, 12).suffice(pools, servers);

        assertThat(finding.status()).isEqualTo(status);
        assertThat(finding.detail()).contains("R13", "max_connections 100", "12 are open");
    }

    @Test
    void whatIsNotAppliedIsPending() {
        assertThat(SchemaFacts.of(FILES, List.of()))
                .isEqualTo(new SchemaFacts("none", List.of("1 sessions", "2 more things"), List.of(), List.of()));
        assertThat(SchemaFacts.of(FILES, List.of(new Applied("1", true))))
                .isEqualTo(new SchemaFacts("1", List.of("2 more things"), List.of(), List.of()));
    }

    @Test
    void whatFailedAndWhatIsNewerIsNamed() {
        var facts =
                SchemaFacts.of(FILES, List.of(new Applied("1", true), new Applied("2", false), new Applied("3", true)));

        assertThat(facts.failed()).containsExactly("2 more things");
        assertThat(facts.newer()).containsExactly("3");
        assertThat(DatabaseChecks.schema(facts, "auto").status()).isEqualTo(Status.FAIL);
    }

    @Test
    void aSchemaThatLacksAMigrationFailsAndSaysWhatToDo() {
        var finding = DatabaseChecks.schema(SchemaFacts.of(FILES, List.of(new Applied("1", true))), "validate");

        assertThat(finding.status()).isEqualTo(Status.FAIL);
        assertThat(finding.detail()).contains("version 1", "2 more things", "validate");
        assertThat(finding.action()).contains("HISTORY_MIGRATION_MODE=auto");
    }

    @Test
    void aMissingIndexIsNamed() {
        assertThat(DatabaseChecks.indexes(List.of("ix_events_at"), 23))
                .extracting(Finding::status, Finding::detail)
                .containsExactly(Status.FAIL, "1 of 23 are missing: ix_events_at.");
        assertThat(DatabaseChecks.indexes(List.of(), 23).status()).isEqualTo(Status.OK);
    }

    @Test
    void clocksOfServersAreCompared() {
        assertThat(DatabaseChecks.clocks(List.of(server("a", "1", 0))).status()).isEqualTo(Status.OK);
        assertThat(DatabaseChecks.clocks(List.of(server("a", "1", 0), server("b", "1", -900_000)))
                        .status())
                .isEqualTo(Status.OK);
        assertThat(DatabaseChecks.clocks(List.of(server("a", "1", 0), server("b", "1", 2_000_000))))
                .extracting(Finding::status, Finding::detail)
                .containsExactly(Status.WARN, "2 servers are present; b is 2000 ms ahead of a.");
        assertThat(DatabaseChecks.clocks(List.of(server("a", "1", 0), server("b", "1", -20_000_000)))
                        .status())
                .isEqualTo(Status.FAIL);
    }

    @Test
    void versionsOfServersAreCompared() {
        assertThat(DatabaseChecks.versions(List.of(server("a", "1", 0)), "1").status())
                .isEqualTo(Status.OK);
        assertThat(DatabaseChecks.versions(List.of(server("a", "2", 0)), "1"))
                .extracting(Finding::status, Finding::detail)
                .containsExactly(Status.WARN, "Servers that are present run 1 and 2.");
    }

    @ParameterizedTest
    @CsvSource({
        "ext4, OK",
        "xfs, OK",
        "overlay, OK",
        "tmpfs, OK",
        "NTFS, OK",
        "nfs4, FAIL",
        "cifs, FAIL",
        "smb3, FAIL",
        "fuse.sshfs, FAIL",
        "fuse.fuse-overlayfs, WARN",
        "'', WARN"
    })
    void networkFileSystemsAreNoPlaceForSqlite(String type, Status status) {
        assertThat(SqliteInsight.fileSystem(Path.of("/x.db"), type).status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"0, OK", "67108864, OK", "67108865, WARN", "671088641, FAIL"})
    void aLargeWriteAheadLogIsTold(long bytes, Status status) {
        assertThat(SqliteInsight.wal(bytes).status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"140010, FAIL", "150000, OK", "180001, OK"})
    void postgresqlIsOfASupportedVersion(long number, Status status) {
        assertThat(PostgresqlInsight.version(number, "x").status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "on, on, on, OK",
        "on, on, local, OK",
        "on, on, off, WARN",
        "off, on, on, FAIL",
        "on, off, on, FAIL",
    })
    void whatCannotSurviveAPowerCutIsTold(String fsync, String pages, String commit, Status status) {
        assertThat(PostgresqlInsight.durability(fsync, pages, commit).status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"UTF8, UTC, OK", "LATIN1, UTC, WARN", "UTF8, Europe/Berlin, WARN"})
    void otherEncodingsAndZonesAreTold(String encoding, String zone, Status status) {
        assertThat(PostgresqlInsight.encoding(encoding, zone).status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"26, OK", "300000000, OK", "600000000, WARN", "1100000000, FAIL"})
    void transactionNumbersThatRunOutAreTold(long age, Status status) {
        assertThat(PostgresqlInsight.transactionAge(age, 200_000_000).status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"1000, 9999, false", "1000000, 20000, false", "10000, 10001, true"})
    void fewDeadRowsAreNoMatter(long live, long dead, boolean much) {
        assertThat(PostgresqlInsight.isMuch(live, dead)).isEqualTo(much);
    }

    private static Servers.Seen server(String name, String version, long aheadUs) {
        return new Servers.Seen(name, name, version, "Payara Micro", 15, 0, 0, aheadUs, true);
    }

    /** Tells one moment after the other. */
    private static final class Steps extends Clock {
        private final Deque<Instant> moments;

        Steps(Instant... moments) {
            this.moments = new ArrayDeque<>(List.of(moments));
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return moments.size() > 1 ? moments.removeFirst() : moments.getFirst();
        }
    }
}
