package io.tarsy.history.ingest;

import io.tarsy.history.http.Answer;
import io.tarsy.history.http.JsonText;
import io.tarsy.history.http.ProblemException;
import io.tarsy.history.http.ProblemMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Accepted writes that were refused later, one on a line of {@code rejected.ndjson}, with the reason. Whoever has
 * looked at them may move the file away at any time.
 */
final class Rejections {
    static final String FILE = "rejected.ndjson";

    private static final Pattern PLACE = Pattern.compile("\\{\"spool\":\"([^\"]+)\",\"position\":(\\d+),");

    private final Path file;
    private final UUID spool;
    private long known;
    private long count;
    private long lastPosition;

    /** Finds out what is there already. */
    Rejections(Path folder, UUID spool) throws IOException {
        this.file = folder.resolve(FILE);
        this.spool = spool;
        look();
    }

    /**
     * A write that was refused.
     *
     * @param entry what was accepted
     * @param id what its sender was told
     * @param problem why it was refused
     */
    record Rejected(Entry entry, String id, ProblemException problem) {}

    /** How many there are. */
    synchronized long count() {
        refresh();
        return count;
    }

    /** Size of the file. */
    synchronized long bytes() {
        refresh();
        return known;
    }

    private void refresh() {
        if (file.toFile().length() != known) {
            try {
                look();
            } catch (IOException unreadable) {
                System.getLogger(Rejections.class.getName())
                        .log(System.Logger.Level.WARNING, "The file " + file + " cannot be read", unreadable);
            }
        }
    }

    private void look() throws IOException {
        count = 0;
        known = 0;
        if (!Files.exists(file)) {
            return;
        }
        try (var lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                count++;
                var place = PLACE.matcher(line);
                if (place.lookingAt() && place.group(1).equals(spool.toString())) {
                    lastPosition = Math.max(lastPosition, Long.parseLong(place.group(2)));
                }
            }
        }
        known = Files.size(file);
    }

    /** Writes these down, durably; what was written down before is not repeated. */
    synchronized void add(List<Rejected> rejected, long nowUs) throws IOException {
        refresh();
        var fresh = new ArrayList<>(rejected);
        fresh.removeIf(one -> one.entry.position() <= lastPosition);
        if (fresh.isEmpty()) {
            return;
        }
        try (var out = new RandomAccessFile(file.toFile(), "rw")) {
            long before = out.length();
            try {
                out.seek(before);
                for (var one : fresh) {
                    out.write((line(one, nowUs) + "\n").getBytes(StandardCharsets.UTF_8));
                }
                out.getFD().sync();
            } catch (IOException failed) {
                out.setLength(before);
                throw failed;
            }
            known = out.length();
        }
        count += fresh.size();
        lastPosition = fresh.get(fresh.size() - 1).entry.position();
    }

    private String line(Rejected one, long nowUs) {
        return Answer.text(json -> {
            json.writeStartObject();
            json.writeStringField("spool", spool.toString());
            json.writeNumberField("position", one.entry.position());
            json.writeNumberField("received_at_us", one.entry.receivedUs());
            json.writeNumberField("rejected_at_us", nowUs);
            JsonText.write(json, "correlation_id", one.entry.correlationId());
            JsonText.write(json, "id", one.id);
            json.writeObjectFieldStart("error");
            ProblemMapper.writeBody(json, one.problem);
            json.writeEndObject();
            JsonText.writeRaw(json, "record", one.entry.line(), "null");
            json.writeEndObject();
        });
    }
}
