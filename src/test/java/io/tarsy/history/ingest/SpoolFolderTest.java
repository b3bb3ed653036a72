package io.tarsy.history.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarsy.history.ingest.SpoolFolder.FullException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the spool promises about its files. */
class SpoolFolderTest {

    private static final long PLENTY = 64 * 1_048_576L;
    private static final int FRAME = (int) Segment.frameBytes(entry(2).bytes());

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temp;

    @Test
    void givesBackWhatWasAddedInOrderAndOnce() throws IOException {
        try (var spool = open(folder())) {
            add(spool, 0, 5);

            assertThat(spool.depth()).isEqualTo(5);
            assertThat(lines(spool)).isEqualTo(numbers(0, 5));
            spool.applied(spool.next(2, PLENTY));
            assertThat(lines(spool)).isEqualTo(numbers(2, 5));
            assertThat(spool.depth()).isEqualTo(3);
        }
    }

    @Test
    void keepsEveryPartOfAnEntry() throws IOException {
        var entry = Entry.of(17, "spare", "request/1", "{\"text\":\"\u00e4\ud83d\ude00\\u0000\"}");
        try (var spool = open(folder())) {
            spool.append(List.of(entry), 0);
        }
        try (var again = open(folder())) {
            var read = again.next(10, PLENTY).get(0);

            assertThat(read.receivedUs()).isEqualTo(17);
            assertThat(read.spareId()).isEqualTo("spare");
            assertThat(read.correlationId()).isEqualTo("request/1");
            assertThat(read.line()).isEqualTo(entry.line());
        }
    }

    @Test
    void aBundleIsBoundedInNumberAndBytesButNeverEmpty() throws IOException {
        try (var spool = open(folder())) {
            add(spool, 0, 10);

            assertThat(spool.next(3, PLENTY)).hasSize(3);
            assertThat(spool.next(10, 1)).hasSize(1);
        }
    }

    @Test
    void positionsGoOnAfterItWasEmptiedAndOpenedAgain() throws IOException {
        long last;
        String id;
        try (var spool = open(folder())) {
            last = add(spool, 0, 5);
            id = spool.id().toString();
            spool.applied(spool.next(10, PLENTY));
            assertThat(spool.depth()).isZero();
        }
        try (var again = open(folder())) {
            assertThat(again.id()).hasToString(id);
            assertThat(again.depth()).isZero();
            assertThat(add(again, 5, 6)).isEqualTo(last + 1);
        }
    }

    @Test
    void whatWasNotAppliedIsThereAfterItIsOpenedAgain() throws IOException {
        try (var spool = open(folder())) {
            add(spool, 0, 5);
        }
        try (var again = open(folder())) {
            assertThat(lines(again)).isEqualTo(numbers(0, 5));
            add(again, 5, 8);
            assertThat(lines(again)).isEqualTo(numbers(0, 8));
        }
    }

    @Test
    void filesWhoseWritesAreAppliedAreDeleted() throws IOException {
        try (var spool = new SpoolFolder(folder(), 100_000)) {
            add(spool, 0, 1500);
            assertThat(segments(folder())).hasSizeGreaterThan(4);
            assertThat(spool.bytes()).isEqualTo(sizes(folder()));

            for (var some = spool.next(7, PLENTY); !some.isEmpty(); some = spool.next(7, PLENTY)) {
                spool.applied(some);
            }

            assertThat(segments(folder())).hasSize(1);
            assertThat(spool.depth()).isZero();
            assertThat(spool.bytes()).isEqualTo(Segment.HEADER).isEqualTo(sizes(folder()));
        }
    }

    @Test
    void takesNothingBeyondItsLimitAndMoreOnceThereIsRoom() throws IOException {
        try (var spool = new SpoolFolder(folder(), 20_000)) {
            assertThatThrownBy(() -> add(spool, 0, 10_000)).isInstanceOf(FullException.class);
            long held = spool.depth();
            assertThat(spool.bytes()).isLessThanOrEqualTo(20_000);
            assertThatThrownBy(() -> add(spool, 50_000, 50_010)).isInstanceOf(FullException.class);
            assertThat(spool.depth()).isEqualTo(held);

            spool.applied(spool.next((int) held, PLENTY));

            add(spool, 0, 1);
            assertThat(lines(spool)).isEqualTo(numbers(0, 1));
        }
    }

    @Test
    void otherFilesCountAgainstTheLimit() throws IOException {
        try (var spool = new SpoolFolder(folder(), 20_000)) {
            assertThatThrownBy(() -> spool.append(List.of(entry(0)), 20_000)).isInstanceOf(FullException.class);
        }
    }

    @Test
    void manyAreAddedTogetherOrNotAtAll() throws IOException {
        try (var spool = new SpoolFolder(folder(), 5_000)) {
            var many = IntStream.range(0, 500).mapToObj(SpoolFolderTest::entry).toList();

            assertThatThrownBy(() -> spool.append(many, 0)).isInstanceOf(FullException.class);

            assertThat(spool.depth()).isZero();
            assertThat(spool.next(10, PLENTY)).isEmpty();
        }
    }

    @Test
    void aTailThatIsTornAnywhereIsCutOff() throws IOException {
        long whole;
        try (var spool = open(folder())) {
            add(spool, 0, 2);
            whole = spool.bytes();
            add(spool, 2, 3);
        }
        var original = Files.readAllBytes(segments(folder()).get(0));
        for (int length = (int) whole; length < original.length; length++) {
            var torn = Files.createDirectory(temp.resolve("torn-" + length));
            Files.write(
                    torn.resolve(segments(folder()).get(0).getFileName()), java.util.Arrays.copyOf(original, length));
            try (var spool = open(torn)) {
                assertThat(lines(spool)).as("cut at %s", length).isEqualTo(numbers(0, 2));
                assertThat(spool.corrupt()).isZero();
                add(spool, 7, 8);
            }
            try (var again = open(torn)) {
                assertThat(again.next(10, PLENTY)).hasSize(3);
            }
        }
    }

    @Test
    void aTailThatTheFileSystemNeverFilledIsCutOff() throws IOException {
        try (var spool = open(folder())) {
            add(spool, 0, 2);
        }
        try (var file = new RandomAccessFile(segments(folder()).get(0).toFile(), "rw")) {
            file.setLength(file.length() + 10_000);
        }
        try (var again = open(folder())) {
            assertThat(lines(again)).isEqualTo(numbers(0, 2));
            assertThat(again.corrupt()).isZero();
        }
    }

    @Test
    void aDamagedFileIsKeptAsideAndNeverSkippedSilently() throws IOException {
        long damaged;
        try (var spool = open(folder())) {
            add(spool, 0, 2);
            damaged = spool.bytes();
            add(spool, 2, 6);
        }
        var file = segments(folder()).get(0);
        var original = Files.readAllBytes(file);
        for (int at = 0; at < FRAME; at++) {
            var place = Files.createDirectory(temp.resolve("damaged-" + at));
            var bytes = original.clone();
            bytes[(int) damaged + at] ^= 0x41;
            Files.write(place.resolve(file.getFileName()), bytes);
            try (var spool = open(place)) {
                assertThat(lines(spool)).as("damaged at %s", at).isEqualTo(numbers(0, 2));
                assertThat(spool.corrupt()).as("damaged at %s", at).isEqualTo(1);
                assertThat(place.resolve(file.getFileName() + ".corrupt")).hasBinaryContent(bytes);
                assertThat(add(spool, 9, 10)).as("no position is given twice").isGreaterThan(6);
            }
            try (var again = open(place)) {
                assertThat(again.corrupt()).isEqualTo(1);
                assertThat(again.depth()).isEqualTo(3);
            }
        }
    }

    @Test
    void aDamagedBeginningMakesAnotherSpoolAndKeepsTheFile() throws IOException {
        String id;
        try (var spool = open(folder())) {
            add(spool, 0, 2);
            id = spool.id().toString();
        }
        try (var file = new RandomAccessFile(segments(folder()).get(0).toFile(), "rw")) {
            file.seek(10);
            file.write(99);
        }
        try (var again = open(folder())) {
            assertThat(again.corrupt()).isEqualTo(1);
            assertThat(again.depth()).isZero();
            assertThat(again.id().toString()).isNotEqualTo(id);
        }
    }

    @Test
    void aFolderServesOneServer() throws IOException {
        var first = open(folder());

        assertThatThrownBy(() -> open(folder()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Another server uses the spool");

        first.close();
        open(folder()).close();
    }

    @Test
    void manyWritersAtOnceLoseNothing() throws Exception {
        try (var spool = new SpoolFolder(folder(), 4_000_000)) {
            written(spool, 16, 100);

            assertThat(spool.depth()).isEqualTo(1600);
            var found = lines(spool);
            assertThat(found).hasSize(1600);
            assertThat(new HashSet<>(found)).hasSize(1600);
            for (int writer = 0; writer < 16; writer++) {
                int one = writer;
                assertThat(found.stream().filter(line -> line / 1000 == one))
                        .as("each writer's in its order")
                        .isSorted();
            }
        }
    }

    @Test
    void whatIsAcknowledgedIsInEveryCopyMadeAfterwards() throws Exception {
        var acknowledged = new ArrayList<Long>();
        var stop = new AtomicBoolean();
        var pool = Executors.newFixedThreadPool(4);
        try (var spool = new SpoolFolder(folder(), 4_000_000)) {
            var writers = new ArrayList<Future<?>>();
            for (int writer = 0; writer < 3; writer++) {
                int one = writer;
                writers.add(pool.submit((Callable<Integer>) () -> {
                    int i = 0;
                    for (; !stop.get() && i < 900; i++) {
                        spool.append(List.of(entry(one * 1000 + i)), 0);
                        synchronized (acknowledged) {
                            acknowledged.add((long) one * 1000 + i);
                        }
                    }
                    return i;
                }));
            }
            for (int copy = 0; copy < 10; copy++) {
                Thread.sleep(5);
                List<Long> before;
                synchronized (acknowledged) {
                    before = List.copyOf(acknowledged);
                }
                var place = copied(temp.resolve("copy-" + copy));
                try (var again = open(place)) {
                    assertThat(lines(again)).containsAll(before).doesNotHaveDuplicates();
                    assertThat(again.corrupt()).isZero();
                }
            }
            stop.set(true);
            for (var writer : writers) {
                writer.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void canBeReadWhileItIsWritten() throws Exception {
        var pool = Executors.newSingleThreadExecutor();
        try (var spool = new SpoolFolder(folder(), 400_000)) {
            var found = new ArrayList<Long>();
            var reader = pool.submit((Callable<Integer>) () -> {
                while (found.size() < 800) {
                    var some = spool.next(50, PLENTY);
                    some.forEach(one -> found.add(Long.parseLong(one.line())));
                    spool.applied(some);
                }
                return found.size();
            });
            written(spool, 8, 100);

            assertThat(reader.get()).isEqualTo(800);
            assertThat(found).doesNotHaveDuplicates();
            assertThat(spool.depth()).isZero();
            assertThat(segments(folder())).hasSize(1);
        } finally {
            pool.shutdownNow();
        }
    }

    private static void written(SpoolFolder spool, int writers, int each) throws Exception {
        var pool = Executors.newFixedThreadPool(writers);
        try {
            var all = new ArrayList<Callable<Long>>();
            for (int writer = 0; writer < writers; writer++) {
                int one = writer;
                all.add(() -> add(spool, one * 1000, one * 1000 + each));
            }
            for (var done : pool.invokeAll(all)) {
                done.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private Path folder() {
        return temp.resolve("spool");
    }

    private static SpoolFolder open(Path folder) throws IOException {
        return new SpoolFolder(folder, PLENTY);
    }

    private static Entry entry(int number) {
        return Entry.of(number, "spare-" + number, "request-" + number, String.valueOf(number));
    }

    private static long add(SpoolFolder spool, int from, int to) throws IOException {
        long last = 0;
        for (int number = from; number < to; number++) {
            last = spool.append(List.of(entry(number)), 0);
        }
        return last;
    }

    private static List<Long> lines(SpoolFolder spool) throws IOException {
        return spool.next(100_000, PLENTY).stream()
                .map(entry -> Long.parseLong(entry.line()))
                .toList();
    }

    private static List<Long> numbers(long from, long to) {
        return java.util.stream.LongStream.range(from, to).boxed().toList();
    }

    private static List<Path> segments(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .toList();
        }
    }

    private static long sizes(Path folder) throws IOException {
        long all = 0;
        for (var file : segments(folder)) {
            all += Files.size(file);
        }
        return all;
    }

    /** As a crash would leave it: file by file in their order, whatever is written meanwhile. */
    private Path copied(Path place) throws IOException {
        Files.createDirectory(place);
        for (var file :
                segments(folder()).stream().sorted(Comparator.naturalOrder()).toList()) {
            Files.copy(file, place.resolve(file.getFileName()));
        }
        return place;
    }
}
