package io.tarsy.history.ingest;

import io.tarsy.history.http.JsonText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps results until the client is ready for them: a few in memory, many in a file that is gone afterwards. */
final class Results implements AutoCloseable {
    private static final int IN_MEMORY_BYTES = 1_048_576;

    private final ByteArrayOutputStream memory = new ByteArrayOutputStream();
    private @Nullable Path file;

    void add(List<Result> results) throws IOException {
        for (var result : results) {
            var json = JsonText.generator(memory);
            result.write(json);
            json.close();
            memory.write('\n');
        }
        if (memory.size() > IN_MEMORY_BYTES) {
            spill();
        }
    }

    private void spill() throws IOException {
        if (file == null) {
            file = Files.createTempFile("tarsy-batch-", ".ndjson");
        }
        try (var out = Files.newOutputStream(file, java.nio.file.StandardOpenOption.APPEND)) {
            memory.writeTo(out);
        }
        memory.reset();
    }

    void writeTo(OutputStream out) throws IOException {
        if (file != null) {
            Files.copy(file, out);
        }
        memory.writeTo(out);
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            Files.deleteIfExists(file);
        }
    }
}
