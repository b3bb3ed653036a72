package io.tarsy.history.statistics;

import io.tarsy.history.statistics.Cell.Grain;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Cells on their way from a moment of the database back into it: nothing is written while that moment is held. */
final class CellFile implements AutoCloseable {
    private final Path file;
    private final DataOutputStream out;
    private long written;

    CellFile() throws IOException {
        file = Files.createTempFile("tarsy-statistics-", ".cells");
        out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)));
    }

    /** Takes cells in the order in which they were put. */
    interface Reader {
        void read(Cell cell, Sums sums, @Nullable String sketch);
    }

    void put(Cell cell, Sums sums, @Nullable String sketch) throws IOException {
        out.writeUTF(cell.grain().name());
        out.writeLong(cell.fromUs());
        out.writeUTF(cell.measure());
        out.writeUTF(cell.name());
        out.writeUTF(cell.detail());
        out.writeLong(sums.number());
        out.writeLong(sums.errors());
        out.writeLong(sums.inputTokens());
        out.writeLong(sums.outputTokens());
        out.writeLong(sums.totalTokens());
        out.writeUTF(sketch == null ? "" : sketch);
        written++;
    }

    void each(Reader reader) throws IOException {
        out.flush();
        try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            for (long at = 0; at < written; at++) {
                var cell =
                        new Cell(Grain.valueOf(in.readUTF()), in.readLong(), in.readUTF(), in.readUTF(), in.readUTF());
                var sums = new Sums(in.readLong(), in.readLong(), in.readLong(), in.readLong(), in.readLong());
                var sketch = in.readUTF();
                reader.read(cell, sums, sketch.isEmpty() ? null : sketch);
            }
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
        Files.deleteIfExists(file);
    }
}
