package io.tarsy.history.session;

import io.tarsy.history.database.Reader;
import io.tarsy.history.database.Row;
import io.tarsy.history.session.Interactions.Exchange;
import io.tarsy.history.session.Interactions.Place;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Hands on interactions in an order that is known beforehand, reading them a bundle at a time: the number of queries
 * follows what is read and not over how many stages it is spread.
 */
final class InteractionFeed {
    private final Reader reader;
    private final List<Place> order;
    private final boolean whole;
    private final Function<Exchange, String> select;
    private final BiFunction<Exchange, Row, String> render;
    private final Map<String, String> rendered = new HashMap<>();
    private int at;
    private int read;

    /**
     * A feed that has read nothing yet.
     *
     * @param order every interaction as often as it will be asked for
     * @param whole whether bodies are read, whose size then counts
     * @param select a query up to the table
     * @param render a row as text
     */
    InteractionFeed(
            Reader reader,
            List<Place> order,
            boolean whole,
            Function<Exchange, String> select,
            BiFunction<Exchange, Row, String> render) {
        this.reader = reader;
        this.order = order;
        this.whole = whole;
        this.select = select;
        this.render = render;
    }

    /** The next interaction, or null if it was deleted with its session a moment ago. */
    @Nullable
    String next() {
        if (at == read) {
            rendered.clear();
            read = Bundles.end(order, at, place -> whole ? place.sizeBytes() : 0);
            for (var type : Exchange.values()) {
                var ids = order.subList(at, read).stream()
                        .filter(place -> place.type() == type)
                        .map(Place::id)
                        .distinct()
                        .toList();
                Bundles.read(
                        reader,
                        select.apply(type),
                        type.id,
                        ids,
                        row -> rendered.put(type + row.needed(type.id), render.apply(type, row)));
            }
        }
        var place = order.get(at++);
        return rendered.get(place.type() + place.id());
    }
}
