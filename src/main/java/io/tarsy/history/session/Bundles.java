package io.tarsy.history.session;

import io.tarsy.history.database.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** Cuts a long list into parts whose rows fit into memory together and are read by one query. */
final class Bundles {
    private static final int ROWS = 50;

    /** The long texts of one part together, about; a single one may be longer. */
    private static final long BYTES = 1_048_576;

    private Bundles() {}

    /** Where the part ends that begins at {@code from}. */
    static <T> int end(List<T> all, int from, ToLongFunction<T> sizeBytes) {
        int to = from;
        long bytes = 0;
        while (to < all.size() && to - from < ROWS && (to == from || bytes < BYTES)) {
            bytes += sizeBytes.applyAsLong(all.get(to));
            to++;
        }
        return to;
    }

    /** All parts, in order. */
    static <T> List<List<T>> of(List<T> all, ToLongFunction<T> sizeBytes) {
        var parts = new ArrayList<List<T>>();
        for (int from = 0;
                from < all.size();
                from = from + parts.get(parts.size() - 1).size()) {
            parts.add(all.subList(from, end(all, from, sizeBytes)));
        }
        return parts;
    }

    /**
     * Reads the rows of one part.
     *
     * @param select up to the table
     * @param column of the ids
     * @param ids at most as many as a part has
     */
    static void read(Reader reader, String select, String column, List<String> ids, Reader.Consumer consumer) {
        if (ids.isEmpty()) {
            return;
        }
        var padded = new ArrayList<Object>(ids);
        while (padded.size() < ROWS) {
            padded.add(ids.get(0)); // the same statement each time
        }
        reader.each(select + " where " + column + " in (" + "?, ".repeat(ROWS - 1) + "?)", consumer, padded.toArray());
    }
}
