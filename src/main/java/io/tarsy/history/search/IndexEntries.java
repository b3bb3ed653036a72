package io.tarsy.history.search;

import io.tarsy.history.config.ConfigKey;
import io.tarsy.history.config.Settings;
import io.tarsy.history.database.TransactionalEntityManager;
import io.tarsy.history.http.Bodies;
import io.tarsy.history.session.Worded;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Notes by which words each record is found, in the transaction that writes it and once for all records of it. */
@ApplicationScoped
public class IndexEntries {
    private static final int ROWS = 50;

    @Inject
    TransactionalEntityManager transactions;

    @Inject
    EntityManager entities;

    @Inject
    Settings settings;

    @Inject
    Bodies bodies;

    void worded(@Observes Worded words) {
        transactions.member(Entries.class, () -> new Entries(this)).add(words, limit());
    }

    private int limit() {
        return settings.number(ConfigKey.HISTORY_SEARCH_BODY_CHARACTERS);
    }

    private record Entry(String sessionId, String document, Note note) {}

    /** What one transaction has to note. */
    private static final class Entries implements TransactionalEntityManager.Member {
        private final IndexEntries index;
        private final Map<String, Entry> entries = new LinkedHashMap<>();
        private final Set<String> begun = new LinkedHashSet<>();
        private final Map<String, List<String>> gone = new LinkedHashMap<>();
        private final Set<String> lessThanBefore = new LinkedHashSet<>();

        Entries(IndexEntries index) {
            this.index = index;
        }

        void add(Worded words, int limit) {
            var key = words.sessionId() + ' ' + words.document();
            if (words.isGone()) {
                entries.remove(key);
                gone.computeIfAbsent(words.sessionId(), absent -> new ArrayList<>())
                        .add(words.document());
                lessThanBefore.add(words.sessionId());
                return;
            }
            entries.put(key, new Entry(words.sessionId(), words.document(), Note.of(words.after(), limit)));
            if (words.isNew()) {
                begun.add(words.sessionId());
            }
            if (!words.before().isEmpty() && hasLess(words, limit)) {
                lessThanBefore.add(words.sessionId());
            }
        }

        private static boolean hasLess(Worded words, int limit) {
            var was = new Lexemes();
            was.add(words.before(), limit);
            var now = new Lexemes();
            now.add(words.after(), limit);
            return !now.hasAll(was);
        }

        @Override
        public void beforeCommit() {
            index.begin(List.copyOf(begun)); // a query of JPA: what notes refer to is there behind it
            index.note(entries.values());
            gone.forEach(index::forget);
            index.doubt(List.copyOf(lessThanBefore));
        }

        @Override
        public void afterCommit() {
            // settling looks for itself
        }
    }

    private void begin(List<String> sessions) {
        bundles(sessions, "insert into search_sessions (session_id) values ", "(?%d)", "", query -> query);
    }

    private void note(Collection<Entry> entries) {
        if (!entries.isEmpty()) {
            long now = bodies.nowUs();
            transactions.write(
                    "insert into search_recent (session_id, document, at_us, cut, lexemes) values (?, ?, ?, ?, ?)"
                            + " on conflict (session_id, document) do update set at_us = excluded.at_us,"
                            + " cut = excluded.cut, lexemes = excluded.lexemes",
                    entries.stream()
                            .map(one -> new Object[] {
                                one.sessionId, one.document, now, one.note.isCut() ? 1L : 0L, one.note.text()
                            }));
        }
    }

    private void forget(String sessionId, List<String> documents) {
        bundles(
                documents,
                "delete from search_recent where session_id = ?1 and document in (",
                "?%d",
                ")",
                query -> query.setParameter(1, sessionId));
    }

    /** What is settled may say too much of these now. What is not settled is made of what is noted, and is true. */
    private void doubt(List<String> sessions) {
        bundles(
                sessions,
                "insert into search_renewals (session_id, wrong) select session_id, ?1 from search_sessions"
                        + " where settled_at_us is not null and session_id in (",
                "?%d",
                ") on conflict (session_id) do update set wrong = excluded.wrong",
                query -> query.setParameter(1, true));
    }

    /** One statement for many values, the first of which is parameter 2. */
    private void bundles(
            List<String> values, String before, String each, String behind, UnaryOperator<Query> parameters) {
        for (int from = 0; from < values.size(); from += ROWS) {
            var some = values.subList(from, Math.min(from + ROWS, values.size()));
            var marks = IntStream.range(0, some.size())
                    .mapToObj(at -> each.formatted(at + 2))
                    .collect(Collectors.joining(", "));
            var query = parameters.apply(entities.createNativeQuery(before + marks + behind));
            for (int at = 0; at < some.size(); at++) {
                query.setParameter(at + 2, some.get(at));
            }
            query.executeUpdate();
        }
    }
}
