package io.tarsy.history.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarsy.history.config.UnknownName;
import io.tarsy.history.database.Check;
import io.tarsy.history.database.Check.Finding;
import io.tarsy.history.database.Check.Status;
import io.tarsy.history.database.DatabaseChecks;
import io.tarsy.history.database.OneAtATime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the doctor makes of this machine and of what is done from time to time, and that nothing holds it up. */
class DoctorTest {

    private static final Instant NOW = Instant.parse("2026-01-10T12:00:00Z");
    private static final Duration TWELVE_HOURS = Duration.ofHours(12);
    private static final long MIB = 1024 * 1024;

    @TempDir
    Path folder;

    @Test
    void aCheckThatFailsToLookIsAWarning() {
        var bad = Check.ofMachine("bad", "t", "m", () -> {
            throw new IllegalStateException("no\nstack");
        });
        var good = Check.ofMachine("good", "t", "m", () -> Finding.ok("fine"));
        var examination = new Examination(List.of(bad, good), () -> {
            throw new AssertionError("no check asks a database");
        });

        examination.run();

        assertThat(examination.of(bad))
                .isEqualTo(Finding.warn("It could not be asked: no", "Look at the log for the failure in full."));
        assertThat(examination.of(good)).isEqualTo(Finding.ok("fine"));
    }

    @Test
    void aCheckThatDoesNotEndInTimeIsAWarningAndADatabaseThatDoesNotIsAFailure() {
        var slow = Check.ofMachine("slow", "t", "m", () -> Finding.ok("too late"));
        var answers = Check.ofDatabase(DatabaseChecks.ANSWERS, "t", "m", database -> Finding.ok("too late"));
        var hanging = new Examination(List.of(slow, answers), () -> {
            throw new AssertionError("it is not run");
        });

        assertThat(Doctor.inTime(slow, hanging).status()).isEqualTo(Status.WARN);
        assertThat(Doctor.inTime(slow, hanging).detail()).isEqualTo("It did not answer in time.");
        assertThat(Doctor.inTime(answers, hanging).status()).isEqualTo(Status.FAIL);
    }

    @Test
    void theWorstIsTheStatusAndSkippedIsNotBad() {
        assertThat(report(Status.OK, Status.SKIPPED).status()).isEqualTo(Status.OK);
        assertThat(report(Status.OK, Status.WARN, Status.SKIPPED).status()).isEqualTo(Status.WARN);
        assertThat(report(Status.FAIL, Status.WARN, Status.OK).status()).isEqualTo(Status.FAIL);
        assertThat(report(Status.FAIL, Status.FAIL, Status.OK).count(Status.FAIL))
                .isEqualTo(2);
    }

    @Test
    void whatHangsIsAskedOnceAndWaitedForBriefly() throws InterruptedException {
        var thaw = new CountDownLatch(1);
        var begun = new AtomicInteger();
        var executor = Executors.newCachedThreadPool();
        try {
            var once = new OneAtATime<Runnable>();
            for (int caller = 0; caller < 5; caller++) {
                once.ask(
                        executor,
                        () -> () -> {
                            begun.incrementAndGet();
                            awaits(thaw);
                        },
                        Duration.ofMillis(10));
            }
            assertThat(begun).hasValueLessThanOrEqualTo(1);
            thaw.countDown();
            once.ask(executor, () -> () -> {}, Duration.ofSeconds(10)); // waits for the one that hung
            once.ask(executor, () -> begun::incrementAndGet, Duration.ofSeconds(10));
            assertThat(begun).hasValue(2);
        } finally {
            executor.shutdownNow();
            assertThat(executor.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static void awaits(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    @ParameterizedTest
    @CsvSource({"512, 100, OK", "255, 100, WARN", "512, 450, WARN", "512, 500, FAIL"})
    void memoryThatIsShortIsTold(long mostMib, long liveMib, Status status) {
        assertThat(MachineChecks.heap(mostMib * MIB, liveMib * MIB).status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"10, 20000, OK", "10, 512, WARN", "9000, 10000, WARN", "9600, 10000, FAIL", ", 10000, SKIPPED"})
    void descriptorsThatRunOutAreTold(@Nullable Long open, Long most, Status status) {
        assertThat(MachineChecks.descriptors(open, most).status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"1024, OK", "1023, WARN", "99, FAIL"})
    void aDiskThatFillsUpIsTold(long freeMib, Status status) {
        assertThat(MachineChecks.disk(folder, freeMib * MIB, 100_000 * MIB).status())
                .isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"17, OK", "21, OK", "23, WARN", "25, OK"})
    void javaWithoutLongSupportIsTold(int feature, Status status) {
        assertThat(MachineChecks.java(feature, "x").status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"Payara Micro, OK", "IBM WebSphere Liberty/26, OK", "Tomcat, WARN"})
    void aServerThatIsNotTestedIsTold(String info, Status status) {
        assertThat(MachineChecks.server(info).status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, OK", "::1, OK", "localhost, OK", "0.0.0.0, WARN", "10.0.0.7, WARN"})
    void anAddressForEverybodyIsTold(String host, Status status) {
        assertThat(SettingsChecks.listens(host).status()).isEqualTo(status);
    }

    @Test
    void misspeltSettingsAreToldOnce() {
        var unknown = List.of(new UnknownName("HISTORY_RETENTION_DAY", "HISTORY_RETENTION_DAYS"));
        var sentence = unknown.get(0).sentence();

        assertThat(SettingsChecks.unknown(unknown).detail()).contains("Did you mean HISTORY_RETENTION_DAYS?");
        assertThat(SettingsChecks.warnings(List.of(sentence), unknown).status()).isEqualTo(Status.OK);
        assertThat(SettingsChecks.warnings(List.of(sentence, "Two values."), unknown))
                .extracting(Finding::status, Finding::detail)
                .containsExactly(Status.WARN, "Two values.");
    }

    @Test
    void silentAgentsThatAreNeverEndedAreTold() {
        assertThat(SettingsChecks.orphans(30).status()).isEqualTo(Status.OK);
        assertThat(SettingsChecks.orphans(0).status()).isEqualTo(Status.WARN);
    }

    @ParameterizedTest
    @CsvSource({"2, OK", "24, OK", "25, WARN"})
    void retentionIsOverdueAfterTwoIntervals(long hoursAgo, Status status) {
        assertThat(UpkeepChecks.overdue(
                                NOW.minus(Duration.ofDays(100)),
                                NOW.minus(Duration.ofHours(hoursAgo)),
                                NOW,
                                TWELVE_HOURS)
                        .status())
                .isEqualTo(status);
    }

    @Test
    void nothingDueIsNeverOverdue() {
        assertThat(UpkeepChecks.overdue(null, Instant.EPOCH, NOW, TWELVE_HOURS).status())
                .isEqualTo(Status.OK);
    }

    @ParameterizedTest
    @CsvSource({"completed, 1, OK", "paused, 99, OK", "running, 1, OK", "running, 11, WARN", "failed, 1, FAIL"})
    void theLastRunOfRetentionIsJudged(String state, long silentMinutes, Status status) {
        var run = new UpkeepChecks.Run(
                state, NOW.minus(TWELVE_HOURS), NOW.minus(Duration.ofMinutes(silentMinutes)), 7, "disk full");

        assertThat(UpkeepChecks.lastRun(run, NOW).status()).isEqualTo(status);
        assertThat(UpkeepChecks.lastRun(null, NOW).status()).isEqualTo(Status.OK);
    }

    @ParameterizedTest
    @CsvSource({
        // hours since the newest, interval, size, what it is
        ", 0, 1, OK",
        ", 0, 100, WARN",
        "900, 0, 100, OK",
        "47, 24, 100, OK",
        "49, 24, 100, WARN",
        ", 24, 100, WARN",
    })
    void backupsThatAreOldOrNotMadeAreTold(@Nullable Long hours, long interval, long mib, Status status) {
        var newest = hours == null ? null : NOW.minus(Duration.ofHours(hours));

        assertThat(UpkeepChecks.backup(
                                newest, NOW.minus(Duration.ofDays(30)), NOW, Duration.ofHours(interval), mib * MIB)
                        .status())
                .isEqualTo(status);
    }

    @Test
    void theNewestFinishedBackupIsFound() throws IOException {
        assertThat(Backups.newest(folder.resolve("none"))).isEmpty();
        for (var name : List.of("a.db", "b.db", "c.db.part", "notes.txt")) {
            Files.writeString(folder.resolve(name), name);
        }
        assertThat(folder.resolve("a.db").toFile().setLastModified(1_000_000)).isTrue();
        assertThat(folder.resolve("b.db").toFile().setLastModified(2_000_000)).isTrue();

        assertThat(Backups.newest(folder)).contains(new Backups.Backup("b.db", Instant.ofEpochMilli(2_000_000), 4));
    }

    @ParameterizedTest
    @CsvSource({"0, 0, OK", "3, 0, WARN", "0, 1, WARN"})
    void writesThatWaitInTheSpoolAreTold(long depth, long rejected, Status status) {
        assertThat(UpkeepChecks.spool(depth, 100, rejected).status()).isEqualTo(status);
    }

    private static Doctor.Report report(Status... statuses) {
        return new Doctor.Report(
                java.util.Arrays.stream(statuses)
                        .map(status -> new Doctor.Result(
                                Check.ofMachine("n", "t", "m", () -> Finding.ok("")), new Finding(status, "d", "a")))
                        .toList(),
                1);
    }
}
