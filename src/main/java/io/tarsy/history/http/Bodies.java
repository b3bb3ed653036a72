package io.tarsy.history.http;

import io.tarsy.history.config.ConfigKey;
import io.tarsy.history.config.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.zip.ZipException;

/** Reads request bodies within the limits of the settings. */
@ApplicationScoped
public class Bodies {
    @Inject
    Settings settings;

    @Inject
    Clock clock;

    /**
     * One JSON object.
     *
     * @throws ProblemException 400, 413 or 422 naming what is wrong
     */
    public JsonObject object(InputStream body, Shape shape) {
        return object(text(body), shape);
    }

    /** One JSON object from text that is already here. */
    public JsonObject object(String text, Shape shape) {
        return object(text, shape, nowUs());
    }

    /** One JSON object from text that came at this time. */
    public JsonObject object(String text, Shape shape, long receivedUs) {
        return shape.read(text, settings.number(ConfigKey.HISTORY_MAX_JSON_DEPTH), receivedUs);
    }

    /** The longest body, and the longest line of a batch, in bytes. */
    public int maxBytes() {
        return settings.number(ConfigKey.HISTORY_MAX_BODY_BYTES);
    }

    /** Now, in microseconds since the epoch. */
    public long nowUs() {
        var now = clock.instant();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
    }

    /**
     * A body as text.
     *
     * @throws ProblemException 400 where it is no UTF-8, 413
     */
    public String text(InputStream body) {
        try {
            var bytes = body.readNBytes(maxBytes() + 1);
            if (bytes.length > maxBytes()) {
                throw tooLarge();
            }
            return utf8(bytes, bytes.length);
        } catch (ZipException | java.io.EOFException broken) {
            throw Problem.MALFORMED_BODY.with("The body is not valid gzip.", broken);
        } catch (IOException broken) {
            throw Problem.MALFORMED_BODY.with("The body ended before it was complete.", broken);
        }
    }

    /** 413, naming the limit. */
    public ProblemException tooLarge() {
        return Problem.BODY_TOO_LARGE.with("The body is larger than " + maxBytes() + " bytes.");
    }

    /**
     * Bytes as text, strictly: bytes that are no UTF-8 are refused, never replaced.
     *
     * @throws ProblemException 400
     */
    public static String utf8(byte[] bytes, int length) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
        } catch (CharacterCodingException broken) {
            throw Problem.MALFORMED_BODY.with("The body is not valid UTF-8.", broken);
        }
    }
}
