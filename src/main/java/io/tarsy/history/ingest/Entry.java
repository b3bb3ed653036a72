package io.tarsy.history.ingest;

import io.tarsy.history.http.Bodies;
import java.nio.charset.StandardCharsets;

/**
 * One accepted write in the spool.
 *
 * @param position counted up, never given twice in one spool
 * @param receivedUs when it was accepted
 * @param spareId what its record is called if the sender gave it no id
 * @param correlationId of the request that brought it
 * @param line the record as a line of a batch
 */
record Entry(long position, long receivedUs, String spareId, String correlationId, String line) {

    /** A write that has no position yet. */
    static Entry of(long receivedUs, String spareId, String correlationId, String line) {
        return new Entry(0, receivedUs, spareId, correlationId, line);
    }

    byte[] bytes() {
        return (receivedUs + "\t" + spareId + "\t" + correlationId + "\n" + line).getBytes(StandardCharsets.UTF_8);
    }

    static Entry of(long position, byte[] bytes) {
        var text = new String(bytes, StandardCharsets.UTF_8);
        int end = text.indexOf('\n');
        var head = text.substring(0, end).split("\t", -1);
        return new Entry(position, Long.parseLong(head[0]), head[1], head[2], text.substring(end + 1));
    }

    /** The record as it was when it was accepted: its name and what it calls "now" stay. */
    Line read(Bodies bodies) {
        return Line.read(position, line, bodies, receivedUs).named(spareId);
    }
}
