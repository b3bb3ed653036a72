package io.tarsy.history.ingest;

import io.tarsy.history.http.Bodies;
import io.tarsy.history.http.Problem;
import io.tarsy.history.http.ProblemException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a batch line by line and bundle by bundle; never more than one bundle is in memory. */
final class Lines {
    private static final int BUNDLE_LINES = 200;
    private static final int BUNDLE_BYTES = 1_048_576;

    private final InputStream in;
    private final Bodies bodies;
    private final long maxBatchBytes;
    private final byte[] buffer = new byte[65_536];
    private int at;
    private int filled;
    private long bytesRead;
    private long number;
    private long bundled;
    private boolean ended;

    Lines(InputStream in, Bodies bodies, long maxBatchBytes) {
        this.in = in;
        this.bodies = bodies;
        this.maxBatchBytes = maxBatchBytes;
    }

    /** The next lines that hold something; empty at the end. */
    List<Line> next() throws IOException {
        var bundle = new ArrayList<Line>();
        bundled = 0;
        while (!ended && bundle.size() < BUNDLE_LINES && bundled < BUNDLE_BYTES) {
            var line = line();
            if (line != null) {
                bundle.add(line);
            }
        }
        return bundle;
    }

    private @Nullable Line line() throws IOException {
        var bytes = new ByteArrayOutputStream(256);
        boolean tooLong = false;
        boolean complete = false;
        while (!complete && more()) {
            int end = at;
            while (end < filled && buffer[end] != '\n') {
                end++;
            }
            tooLong |= bytes.size() + (end - at) > bodies.maxBytes();
            if (!tooLong) {
                bytes.write(buffer, at, end - at);
            }
            complete = end < filled;
            at = complete ? end + 1 : end;
        }
        number++;
        if (bytesRead > maxBatchBytes) {
            ended = true;
            return Line.refused(
                    number,
                    Problem.BODY_TOO_LARGE.with("The batch is larger than " + maxBatchBytes
                            + " bytes; this line and all that follow were not stored."));
        }
        if (tooLong) {
            return Line.refused(number, bodies.tooLarge());
        }
        bundled += bytes.size();
        return read(bytes.toByteArray());
    }

    private @Nullable Line read(byte[] bytes) {
        try {
            var text = Bodies.utf8(bytes, bytes.length);
            if (text.isBlank()) {
                return null;
            }
            var kind = RecordKind.of(text);
            return Line.of(number, kind, bodies.object(text, kind.shape()));
        } catch (ProblemException refused) {
            return Line.refused(number, refused);
        }
    }

    private boolean more() throws IOException {
        if (at < filled) {
            return true;
        }
        at = 0;
        filled = in.read(buffer);
        if (filled < 0) {
            filled = 0;
            ended = true;
            return false;
        }
        bytesRead += filled;
        return true;
    }
}
