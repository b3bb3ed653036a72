package io.tarsy.history.ingest;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The files of the spool: accepted writes in their order, bounded, each durable before anybody is told so.
 *
 * <p>Writers append under one lock and wait for the disk together: whoever comes first forces for all that have
 * appended by then. One reader takes entries from the front; a file whose entries are all applied is deleted, and a new
 * one is there before, because its name and header keep the next position.
 */
final class SpoolFolder implements AutoCloseable {
    private static final Logger LOG = System.getLogger(SpoolFolder.class.getName());
    private static final long LONGEST_SEGMENT = 8_388_608;
    private static final long GAP = 1_000_000;
    private static final String ASIDE = ".corrupt";

    private final Path folder;
    private final long maxBytes;
    private final FileChannel lockFile;
    private final ReentrantLock forcing = new ReentrantLock();

    /** Guards all that follows. */
    private final Object files = new Object();

    private final Deque<Segment> segments = new ArrayDeque<>();
    private CompletableFuture<Boolean> nextForce = new CompletableFuture<>();
    private long durableLength;
    private long durableNext;
    private long readFrom = Segment.HEADER;
    private long sealedBytes;
    private final AtomicLong depth = new AtomicLong();
    private volatile long bytes;
    private volatile int corrupt;
    private volatile @Nullable String broken;

    /** No room is left for another write. */
    static final class FullException extends IOException {
        private static final long serialVersionUID = 1L;

        FullException(String message) {
            super(message);
        }
    }

    /**
     * Opens the folder, which is made where it is missing.
     *
     * @throws IOException in words for the log, if it cannot be used or belongs to another server
     */
    SpoolFolder(Path folder, long maxBytes) throws IOException {
        this.folder = folder;
        this.maxBytes = maxBytes;
        this.lockFile = claim(folder);
        try {
            recover();
        } catch (IOException | RuntimeException failed) {
            close();
            throw failed;
        }
    }

    private static FileChannel claim(Path folder) throws IOException {
        Files.createDirectories(folder);
        var opened =
                FileChannel.open(folder.resolve("spool.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = opened.tryLock();
            if (lock != null) {
                return opened;
            }
        } catch (OverlappingFileLockException heldByThisProcess) {
            LOG.log(Level.DEBUG, "The lock is held by this process", heldByThisProcess);
        }
        opened.close();
        throw new IOException("Another server uses the spool in " + folder
                + ". Each server needs a folder of its own: set HISTORY_SPOOL_DIRECTORY.");
    }

    // ------------------------------------------------------------------ opening

    private void recover() throws IOException {
        var last = 0L;
        UUID spool = null;
        for (var file : named(".log")) {
            var segment = Segment.existing(file);
            if (segment == null) {
                aside(file, "is no file of a spool");
                Files.delete(file);
                continue;
            }
            segments.add(segment);
            spool = segment.spool();
        }
        for (var segment : segments) {
            last = Math.max(last, recovered(segment, segment == segments.getLast()));
        }
        corrupt = named(ASIDE).size();
        if (segments.isEmpty() || last > segments.getLast().next()) {
            segments.add(Segment.create(folder, spool == null ? UUID.randomUUID() : spool, Math.max(last, 1)));
        }
        durableLength = segments.getLast().length();
        durableNext = segments.getLast().next();
        sealedBytes = 0;
        for (var segment : segments) {
            sealedBytes += segment == segments.getLast() ? 0 : segment.length();
            depth.addAndGet(segment.next() - segment.first());
        }
        measure();
        sweep();
    }

    /** Reads what is whole; gives the next position that is free for certain. */
    private long recovered(Segment segment, boolean isLast) throws IOException {
        var tail = segment.recover();
        switch (tail == Segment.Tail.TORN && !isLast ? Segment.Tail.CORRUPT : tail) {
            case CLEAN -> {
                // what was read may still wait for the disk
                segment.force();
                return segment.next();
            }
            case TORN -> {
                LOG.log(
                        Level.WARNING,
                        "The last write into {0} was cut off before it was acknowledged; it is dropped",
                        segment.file());
                segment.cut(segment.length(), segment.next());
                return segment.next();
            }
            default -> {
                aside(segment.file(), "is damaged after position " + (segment.next() - 1));
                segment.cut(segment.length(), segment.next());
                return segment.next() + GAP;
            }
        }
    }

    private void aside(Path file, String why) throws IOException {
        var kept = file.resolveSibling(file.getFileName() + ASIDE);
        Files.copy(file, kept, StandardCopyOption.REPLACE_EXISTING);
        Segment.sync(folder);
        LOG.log(
                Level.ERROR,
                "The spool file {0} {1}. Accepted writes may be missing; the whole file is kept as {2}. Move it away"
                        + " when it has been looked at.",
                file,
                why,
                kept);
    }

    private List<Path> named(String ending) throws IOException {
        try (var all = Files.list(folder)) {
            return all.filter(file -> file.getFileName().toString().startsWith("segment-"))
                    .filter(file -> file.getFileName().toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    // ------------------------------------------------------------------ what it holds

    /** Its id, kept in its files: a folder that was emptied is another spool. */
    UUID id() {
        synchronized (files) {
            return segments.getLast().spool();
        }
    }

    /** The position that the next write gets. */
    long next() {
        synchronized (files) {
            return segments.getLast().next();
        }
    }

    /** Writes that are not applied yet. */
    long depth() {
        return depth.get();
    }

    /** Size of all files with writes. */
    long bytes() {
        return bytes;
    }

    /** Files that were kept aside because they are damaged. */
    int corrupt() {
        return corrupt;
    }

    /** Why nothing more can be written, or null. */
    @Nullable
    String broken() {
        return broken;
    }

    private void measure() {
        bytes = sealedBytes + segments.getLast().length();
    }

    // ------------------------------------------------------------------ writing

    /**
     * Adds writes, all or none, and returns when they are durable.
     *
     * @param others bytes of other files that count against the limit
     * @return the position of the last
     * @throws FullException if there is no room
     */
    long append(List<Entry> entries, long others) throws IOException {
        var frames = entries.stream().map(Entry::bytes).toList();
        CompletableFuture<Boolean> forced;
        long last;
        synchronized (files) {
            requireUsable();
            long more = frames.stream().mapToLong(Segment::frameBytes).sum();
            if (bytes + others + more > maxBytes) {
                throw new FullException("The spool holds " + depth + " writes and has no room for more.");
            }
            if (segments.getLast().length() > Math.min(LONGEST_SEGMENT, maxBytes / 8)) {
                seal();
            }
            last = write(frames);
            forced = nextForce;
        }
        await(forced);
        return last;
    }

    private void requireUsable() throws IOException {
        if (broken != null) {
            throw new IOException(broken);
        }
    }

    private long write(List<byte[]> frames) throws IOException {
        var current = segments.getLast();
        long from = current.length();
        long position = current.next();
        try {
            for (var frame : frames) {
                current.append(frame);
            }
        } catch (IOException failed) {
            cut(from, position);
            throw failed;
        }
        depth.addAndGet(frames.size());
        measure();
        return current.next() - 1;
    }

    /** Forces for all that have appended by now, unless somebody else has done so meanwhile. */
    private void await(CompletableFuture<Boolean> forced) throws IOException {
        forcing.lock();
        try {
            if (!forced.isDone()) {
                force();
            }
            forced.get();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while a write became durable.", stopped);
        } catch (ExecutionException failed) {
            throw new IOException("The disk did not take the write: " + failed.getMessage(), failed);
        } finally {
            forcing.unlock();
        }
    }

    private void force() {
        Segment current;
        CompletableFuture<Boolean> mine;
        long length;
        long next;
        synchronized (files) {
            current = segments.getLast();
            mine = nextForce;
            nextForce = new CompletableFuture<>();
            length = current.length();
            next = current.next();
        }
        try {
            current.force();
            synchronized (files) {
                if (current == segments.getLast()) {
                    durableLength = Math.max(durableLength, length);
                    durableNext = Math.max(durableNext, next);
                }
            }
            mine.complete(true);
        } catch (IOException failed) {
            fail(failed);
            mine.completeExceptionally(failed);
        }
    }

    /** What was not forced is taken back: nobody was told that it is kept. */
    private void fail(IOException failed) {
        synchronized (files) {
            var waiting = nextForce;
            nextForce = new CompletableFuture<>();
            depth.addAndGet(durableNext - segments.getLast().next());
            cut(durableLength, durableNext);
            waiting.completeExceptionally(failed);
        }
    }

    private void cut(long to, long position) {
        try {
            segments.getLast().cut(to, position);
        } catch (IOException failed) {
            broken = "The spool in " + folder + " cannot be written to: " + failed.getMessage();
            LOG.log(Level.ERROR, broken, failed);
        }
        measure();
    }

    /** Ends the current file, whose entries are durable then, and begins another. */
    private void seal() throws IOException {
        var current = segments.getLast();
        try {
            current.force();
        } catch (IOException failed) {
            fail(failed);
            throw failed;
        }
        var following = Segment.create(folder, current.spool(), current.next());
        segments.add(following);
        sealedBytes += current.length();
        durableLength = following.length();
        durableNext = following.next();
        measure();
        nextForce.complete(true);
        nextForce = new CompletableFuture<>();
    }

    // ------------------------------------------------------------------ reading

    /** The next writes that are durable and not applied, in order; the first even if it is larger than that. */
    List<Entry> next(int most, long mostBytes) throws IOException {
        var found = new ArrayList<Entry>();
        long taken = 0;
        synchronized (files) {
            long from = readFrom;
            for (var segment : segments) {
                long end = segment == segments.getLast() ? durableLength : segment.length();
                while (from < end && found.size() < most && taken < mostBytes) {
                    var read = segment.read(from, end);
                    if (read == null) {
                        throw new IOException("The spool file " + segment.file() + " was damaged while it was in use.");
                    }
                    found.add(read.entry());
                    taken += read.end() - from;
                    from = read.end();
                }
                from = Segment.HEADER;
            }
        }
        return found;
    }

    /** Forgets these writes, which are the first ones: they are applied. */
    void applied(List<Entry> entries) throws IOException {
        forcing.lock(); // nobody forces a file that is closed here
        try {
            synchronized (files) {
                for (var entry : entries) {
                    while (readFrom >= segments.getFirst().length()) {
                        sweep();
                    }
                    readFrom += Segment.frameBytes(entry.bytes());
                    depth.decrementAndGet();
                }
                sweep();
            }
        } finally {
            forcing.unlock();
        }
    }

    /** Deletes files whose writes are all applied. */
    private void sweep() throws IOException {
        while (readFrom >= segments.getFirst().length()) {
            if (segments.size() == 1) {
                if (readFrom == Segment.HEADER) {
                    return;
                }
                seal();
            }
            var done = segments.removeFirst();
            sealedBytes -= done.length();
            readFrom = Segment.HEADER;
            done.close();
            Files.delete(done.file());
            measure();
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (files) {
            for (var segment : segments) {
                segment.close();
            }
            broken = "The server is stopping.";
        }
        lockFile.close();
    }
}
