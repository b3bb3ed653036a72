package io.tarsy.history.retention;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tarsy.history.http.Answer;
import io.tarsy.history.http.JsonText;
import io.tarsy.history.http.Problem;
import io.tarsy.history.http.ProblemException;
import io.tarsy.history.session.Expired;
import io.tarsy.history.session.SessionRecords;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * What one run deletes, as files that a batch takes, and a manifest of them. A file has its name once it is whole and
 * on disk; the manifest names it before anything in it is deleted.
 */
final class Archive {
    private static final int SESSIONS = 250;
    private static final long BYTES = 100L * 1024 * 1024;
    private static final int BUFFER = 65_536;

    private final Path folder;
    private final String runId;
    private final @Nullable Long cutoffUs;
    private final SessionRecords records;
    private final BooleanSupplier goesOn;
    private final List<Entry> entries = new ArrayList<>();

    /** A file as the manifest names it. */
    private record Entry(String name, long sessions, long lines, long bytes, String sha256) {
        void write(JsonGenerator json) throws IOException {
            json.writeStartObject();
            json.writeStringField("name", name);
            json.writeNumberField("sessions", sessions);
            json.writeNumberField("lines", lines);
            json.writeNumberField("bytes", bytes);
            json.writeStringField("sha256", sha256);
            json.writeEndObject();
        }
    }

    /**
     * The archive of a run.
     *
     * @param cutoffUs sessions that ended before go by their age
     * @param goesOn is asked after each session whether the file may become longer
     * @throws IOException if nothing can be written there
     */
    Archive(Path root, String runId, @Nullable Long cutoffUs, SessionRecords records, BooleanSupplier goesOn)
            throws IOException {
        this.folder = folder(root, runId);
        this.runId = runId;
        this.cutoffUs = cutoffUs;
        this.records = records;
        this.goesOn = goesOn;
        Files.createDirectories(folder);
        manifest();
    }

    static Path folder(Path root, String runId) {
        return root.resolve("retention-" + runId);
    }

    /**
     * Writes the first of these sessions, as many as belong into one file.
     *
     * @return how many were looked at; those that are gone already are not in it
     */
    int store(List<Expired> sessions) throws IOException {
        var name = "sessions-%04d.ndjson.gz".formatted(entries.size() + 1);
        var part = folder.resolve(name + ".part");
        var digest = sha256();
        int looked = 0;
        int stored = 0;
        long[] lines = new long[1];
        long size;
        try (var channel = FileChannel.open(
                part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            var zip = new GZIPOutputStream(new DigestOutputStream(Channels.newOutputStream(channel), digest), BUFFER);
            var out = new Counted(zip);
            boolean more = true;
            while (more && looked < Math.min(SESSIONS, sessions.size()) && out.bytes < BYTES) {
                try {
                    records.each(sessions.get(looked).sessionId(), line -> {
                        out.write(line.getBytes(StandardCharsets.UTF_8));
                        out.write('\n');
                        lines[0]++;
                    });
                    stored++;
                } catch (ProblemException gone) {
                    if (gone.problem() != Problem.NOT_FOUND) {
                        throw gone;
                    }
                }
                looked++;
                more = goesOn.getAsBoolean();
            }
            zip.finish();
            channel.force(true);
            size = channel.size();
        }
        Files.move(part, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        entries.add(new Entry(name, stored, lines[0], size, HexFormat.of().formatHex(digest.digest())));
        manifest();
        return looked;
    }

    private void manifest() throws IOException {
        var text = Answer.bytes(json -> {
            json.writeStartObject();
            json.writeStringField("run_id", runId);
            JsonText.write(json, "cutoff_us", cutoffUs);
            json.writeNumberField(
                    "sessions", entries.stream().mapToLong(Entry::sessions).sum());
            json.writeArrayFieldStart("files");
            for (var entry : entries) {
                entry.write(json);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
        var part = folder.resolve("manifest.json.part");
        Files.write(part, text);
        try (var channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(
                part,
                folder.resolve("manifest.json"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        // the names are on disk only once the folder is
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("Every Java has SHA-256.", missing);
        }
    }

    private static final class Counted extends FilterOutputStream {
        long bytes;

        Counted(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] some, int from, int length) throws IOException {
            out.write(some, from, length);
            bytes += length;
        }

        @Override
        public void write(int one) throws IOException {
            out.write(one);
            bytes++;
        }
    }
}
