package io.tarsy.history.ingest;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One file of the spool. It begins with the spool's id and its first position; then come frames, each a length, a
 * checksum, a position and the bytes of an entry.
 */
final class Segment implements AutoCloseable {
    static final int HEADER = 36;
    static final int FRAME = 16;

    private static final long MAGIC = 0x5441525359535031L; // TARSYSP1
    private static final int MOST_GUESSED = 1_000_000;

    private final Path file;
    private final UUID spool;
    private final long first;
    private final RandomAccessFile out;
    private final RandomAccessFile in;
    private long length;
    private long next;

    private Segment(Path file, UUID spool, long first) throws IOException {
        this.file = file;
        this.spool = spool;
        this.first = first;
        // no channels: an interrupt would close them, and one request must not close the spool of all
        this.out = new RandomAccessFile(file.toFile(), "rw");
        this.in = new RandomAccessFile(file.toFile(), "r");
        this.length = HEADER;
        this.next = first;
    }

    /** An entry, and where the next one begins. */
    record Read(Entry entry, long end) {}

    /** A new file that is whole or not there. */
    static Segment create(Path folder, UUID spool, long first) throws IOException {
        var file = folder.resolve("segment-%012d.log".formatted(first));
        var draft = folder.resolve(file.getFileName() + ".new");
        var header = ByteBuffer.allocate(HEADER)
                .putLong(MAGIC)
                .putLong(spool.getMostSignificantBits())
                .putLong(spool.getLeastSignificantBits())
                .putLong(first);
        header.putInt(checksum(header.array(), HEADER - 4)).flip();
        try (var out = new RandomAccessFile(draft.toFile(), "rw")) {
            out.setLength(0);
            out.write(header.array());
            out.getFD().sync();
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        sync(folder);
        return new Segment(file, spool, first);
    }

    /** A file that was there, its frames not looked at yet; null if it does not begin as such a file does. */
    static @Nullable Segment existing(Path file) throws IOException {
        var header = ByteBuffer.allocate(HEADER);
        try (var in = new RandomAccessFile(file.toFile(), "r")) {
            if (in.length() >= HEADER) {
                in.readFully(header.array());
            }
        }
        long magic = header.getLong();
        var spool = new UUID(header.getLong(), header.getLong());
        long first = header.getLong();
        if (magic != MAGIC || header.getInt() != checksum(header.array(), HEADER - 4)) {
            return null;
        }
        return new Segment(file, spool, first);
    }

    /** Makes the names in a folder durable. */
    static void sync(Path folder) throws IOException {
        try (var names = FileChannel.open(folder, StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    Path file() {
        return file;
    }

    UUID spool() {
        return spool;
    }

    long first() {
        return first;
    }

    /** The position that the next entry gets. */
    long next() {
        return next;
    }

    long length() {
        return length;
    }

    /** What lies behind the last whole frame. */
    enum Tail {
        /** Nothing. */
        CLEAN,
        /** The beginning of a frame: whoever wrote it was cut off, and nobody was told that it is kept. */
        TORN,
        /** Something that was whole once. */
        CORRUPT
    }

    /** Walks over all frames to find out where they end, and what lies behind them. */
    Tail recover() throws IOException {
        long size = in.length();
        length = HEADER;
        next = first;
        while (length < size) {
            var frame = read(length, size);
            if (frame == null || frame.entry.position() != next) {
                return tail(size);
            }
            length = frame.end;
            next++;
        }
        return Tail.CLEAN;
    }

    private Tail tail(long size) throws IOException {
        boolean whole = size - length >= FRAME && length + FRAME + frameLength(length) <= size;
        if (!whole && !isFollowed(size)) {
            return Tail.TORN;
        }
        return isZero(size) ? Tail.TORN : Tail.CORRUPT;
    }

    private int frameLength(long at) throws IOException {
        in.seek(at);
        int length = in.readInt();
        return length < 0 ? Integer.MAX_VALUE : length;
    }

    /** A file system may have made the file longer and not have written into it yet. */
    private boolean isZero(long size) throws IOException {
        var buffer = new byte[8192];
        for (long at = length; at < size; at += buffer.length) {
            int here = (int) Math.min(buffer.length, size - at);
            read(buffer, here, at);
            for (int i = 0; i < here; i++) {
                if (buffer[i] != 0) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Whether a whole frame comes later, so that what lies before it was not cut off but damaged. */
    private boolean isFollowed(long size) throws IOException {
        var bytes = new byte[65_536];
        var buffer = ByteBuffer.wrap(bytes);
        for (long from = length + 1; from + FRAME <= size; from += bytes.length - FRAME) {
            int here = (int) Math.min(bytes.length, size - from);
            read(bytes, here, from);
            for (int i = 0; i + FRAME <= here; i++) {
                int guessed = buffer.getInt(i);
                long position = buffer.getLong(i + 8);
                boolean likely = guessed > 0
                        && guessed <= size - from - i - FRAME
                        && position > next
                        && position - next < MOST_GUESSED;
                if (likely && frame(from + i, guessed) != null) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The entry that begins here, or null where none does. */
    @Nullable
    Read read(long at, long end) throws IOException {
        if (end - at < FRAME) {
            return null;
        }
        int size = frameLength(at);
        return size == 0 || size > end - at - FRAME ? null : frame(at, size);
    }

    private @Nullable Read frame(long at, int size) throws IOException {
        var all = new byte[FRAME + size];
        read(all, all.length, at);
        var frame = ByteBuffer.wrap(all);
        int sum = frame.getInt(4);
        frame.putInt(4, 0);
        if (sum != checksum(all, all.length)) {
            return null;
        }
        var bytes = new byte[size];
        frame.get(FRAME, bytes);
        return new Read(Entry.of(frame.getLong(8), bytes), at + FRAME + size);
    }

    /** How long the frame of these bytes is. */
    static long frameBytes(byte[] bytes) {
        return FRAME + (long) bytes.length;
    }

    /** Adds a frame; it is durable after the next {@link #force}. */
    void append(byte[] bytes) throws IOException {
        var frame = ByteBuffer.allocate(FRAME + bytes.length)
                .putInt(bytes.length)
                .putInt(0)
                .putLong(next)
                .put(bytes);
        frame.putInt(4, checksum(frame.array(), frame.capacity()));
        out.seek(length);
        out.write(frame.array());
        length += frame.capacity();
        next++;
    }

    void force() throws IOException {
        out.getFD().sync();
    }

    /** Cuts off everything from here on. */
    void cut(long to, long nextPosition) throws IOException {
        length = to;
        next = nextPosition;
        out.setLength(to);
        out.getFD().sync();
    }

    @Override
    public void close() throws IOException {
        out.close();
        in.close();
    }

    private static int checksum(byte[] bytes, int length) {
        var sum = new CRC32C();
        sum.update(bytes, 0, length);
        return (int) sum.getValue();
    }

    private void read(byte[] into, int length, long at) throws IOException {
        in.seek(at);
        in.readFully(into, 0, length);
    }
}
