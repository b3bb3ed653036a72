package io.tarsy.history.session;

import io.tarsy.history.database.PortableText;
import java.util.ArrayList;
import java.util.List;

/**
 * Which sessions, as SQL.
 *
 * @param sql empty, or from the word where on
 * @param parameters in order
 */
record Where(String sql, List<Object> parameters) {
    /** Every session. */
    static final Where ALL = new Where("", List.of());

    /** What a query filters by, but for its words. */
    static Where of(SessionQuery query) {
        var conditions = new ArrayList<String>();
        var parameters = new ArrayList<Object>();
        query.filters().forEach((column, values) -> {
            conditions.add("s." + column + " in (" + "?, ".repeat(values.size() - 1) + "?)");
            values.forEach(value -> parameters.add(PortableText.encode(value)));
        });
        if (query.startUs() != null) {
            conditions.add("s.started_at_us >= ?");
            parameters.add(query.startUs());
        }
        if (query.endUs() != null) {
            conditions.add("s.started_at_us <= ?");
            parameters.add(query.endUs());
        }
        return conditions.isEmpty() ? ALL : new Where(" where " + String.join(" and ", conditions), parameters);
    }

    /** Those of them for which this holds too. */
    Where and(Finder.Condition condition) {
        var all = new ArrayList<>(parameters);
        all.addAll(condition.parameters());
        return new Where(sql + (sql.isEmpty() ? " where " : " and ") + condition.sql(), all);
    }
}
