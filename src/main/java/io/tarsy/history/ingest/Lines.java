package io.tarsy.history.ingest;

import io.tarsy.history.http.Bodies;
import io.tarsy.history.http.Problem;
import io.tarsy.history.http.ProblemException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads a batch line by line and bundle by bundle; making records of a bundle is left to whoever has time for it. */
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

    /** The next lines, each to be read when it is asked for; null for a blank one. Empty at the end. */
    List<Supplier<@Nullable Line>> next() throws IOException {
        var bundle = new ArrayList<Supplier<@Nullable Line>>();
        bundled = 0;
        while (!ended && bundle.size() < BUNDLE_LINES && bundled < BUNDLE_BYTES) {
            bundle.add(line());
        }
        return bundle;
    }

    private Supplier<@Nullable Line> line() throws IOException {
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
        long here = ++number;
        if (bytesRead > maxBatchBytes) {
            ended = true;
            return () -> Line.refused(
                    here,
                    Problem.BODY_TOO_LARGE.with("The batch is larger than " + maxBatchBytes
                            + " bytes; this line and all that follow were not stored."));
        }
        if (tooLong) {
            return () -> Line.refused(here, bodies.tooLarge());
        }
        bundled += bytes.size();
        return () -> read(here, bytes.toByteArray());
    }

    private @Nullable Line read(long here, byte[] bytes) {
        try {
            var text = Bodies.utf8(bytes, bytes.length);
            if (text.isBlank()) {
                return null;
            }
            return Line.read(here, text, bodies, bodies.nowUs());
        } catch (ProblemException refused) {
            return Line.refused(here, refused);
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
