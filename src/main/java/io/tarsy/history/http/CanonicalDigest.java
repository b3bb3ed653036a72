package io.tarsy.history.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * Walks over one JSON value and digests what it says: spacing, escapes and the order of members do not count, the
 * digits of numbers do. Depth is counted on the way.
 */
final class CanonicalDigest {
    private final JsonParser parser;
    private final int maxDepth;
    private final byte[] buffer = new byte[8192];

    CanonicalDigest(JsonParser parser, int maxDepth) {
        this.parser = parser;
        this.maxDepth = maxDepth;
    }

    /** The digest of one member whose value is the parser's current token; the parser ends on the value's last token. */
    byte[] member(String name, int depth) throws IOException {
        var sha = sha256();
        chars(sha, 'K', name.toCharArray(), 0, name.length());
        value(sha, depth);
        return sha.digest();
    }

    /** One text for the members of an object, in whatever order they came. */
    static String ofMembers(List<byte[]> members) {
        var sha = sha256();
        sorted(sha, members);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(sha.digest());
    }

    private void value(MessageDigest sha, int depth) throws IOException {
        switch (parser.currentToken()) {
            case START_OBJECT -> object(sha, deeper(depth));
            case START_ARRAY -> {
                sha.update((byte) '[');
                int inner = deeper(depth);
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    value(sha, inner);
                }
                sha.update((byte) ']');
            }
            case VALUE_STRING ->
                chars(sha, 'S', parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
                chars(sha, 'N', parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
            case VALUE_TRUE -> sha.update((byte) 'T');
            case VALUE_FALSE -> sha.update((byte) 'F');
            case VALUE_NULL -> sha.update((byte) 'Z');
            default -> throw new IllegalStateException("No value: " + parser.currentToken());
        }
    }

    private void object(MessageDigest sha, int depth) throws IOException {
        var members = new ArrayList<byte[]>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            var name = parser.currentName();
            parser.nextToken();
            members.add(member(name, depth));
        }
        sorted(sha, members);
    }

    private int deeper(int depth) {
        if (depth >= maxDepth) {
            throw Problem.INVALID_REQUEST.with("The JSON is nested deeper than " + maxDepth + " levels.");
        }
        return depth + 1;
    }

    private void chars(MessageDigest sha, char kind, char[] text, int from, int length) {
        sha.update((byte) kind);
        for (int shift = 24; shift >= 0; shift -= 8) {
            sha.update((byte) (length >>> shift));
        }
        int filled = 0;
        for (int at = from; at < from + length; at++) {
            buffer[filled++] = (byte) (text[at] >>> 8);
            buffer[filled++] = (byte) text[at];
            if (filled == buffer.length) {
                sha.update(buffer, 0, filled);
                filled = 0;
            }
        }
        sha.update(buffer, 0, filled);
    }

    private static void sorted(MessageDigest sha, List<byte[]> members) {
        members.sort(Arrays::compareUnsigned);
        sha.update((byte) '{');
        members.forEach(sha::update);
        sha.update((byte) '}');
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("Every Java has SHA-256.", missing);
        }
    }
}
