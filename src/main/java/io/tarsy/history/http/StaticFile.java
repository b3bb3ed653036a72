package io.tarsy.history.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A file of the WAR as it is sent.
 *
 * @param plain its bytes
 * @param zipped the same with gzip, or null where that is hardly shorter
 * @param digest of its bytes
 * @param type its Content-Type
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares files
record StaticFile(byte[] plain, byte @Nullable [] zipped, String digest, String type) {

    static StaticFile of(byte[] plain, String type) {
        var zipped = zip(plain);
        boolean pays = zipped.length < plain.length - plain.length / 10;
        return new StaticFile(plain, pays ? zipped : null, Answer.digest(plain), type);
    }

    private static byte[] zip(byte[] plain) {
        var bytes = new ByteArrayOutputStream(plain.length / 2 + 64);
        try (var zip = new GZIPOutputStream(bytes)) {
            zip.write(plain);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    /** A strong ETag: what is zipped is another body than what is not. */
    String tag(boolean isZipped) {
        return '"' + digest + (isZipped ? "-gzip" : "") + '"';
    }

    byte[] body(boolean isZipped) {
        return isZipped && zipped != null ? zipped : plain;
    }

    /** Whether a caller has said that it has what goes by this tag. */
    static boolean isKnown(List<String> ifNoneMatch, String tag) {
        return ifNoneMatch.stream()
                .flatMap(header -> Arrays.stream(header.split(",", -1)))
                .map(String::strip)
                .map(one -> one.startsWith("W/") ? one.substring(2) : one)
                .anyMatch(one -> one.equals("*") || one.equals(tag));
    }
}
