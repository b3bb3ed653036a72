package io.tarsy.history.search;

import io.tarsy.history.database.PortableText;
import io.tarsy.history.database.Reader;
import io.tarsy.history.database.TextIndex;
import io.tarsy.history.database.TextQuery;
import io.tarsy.history.database.TextQuery.Lexeme;
import io.tarsy.history.http.Problem;
import io.tarsy.history.session.Headline;
import io.tarsy.history.session.Passages;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Answers "has this happened before?". The words of an alert are weighed by how few sessions have them: the weight is
 * the logarithm of all sessions over those. The heaviest {@value #TELLING} are its telling words. An earlier session is
 * like it if the alert is of the same type, or if it shares telling words of at least {@value #ENOUGH} of their weight.
 * The likest are taken, and shown newest first. What was written in the last seconds is not weighed yet.
 */
@ApplicationScoped
public class Similarity {
    static final int TELLING = 8;
    static final double ENOUGH = 0.3;

    /** Being of the same type counts as much as half of all telling words. */
    private static final double SAME_TYPE = 0.5;

    /** A word that more sessions have tells little. */
    private static final int COMMON = 500;

    private static final int WEIGHED = 60;
    private static final int SHORTEST = 3;
    private static final int TEXT = 20_000;
    private static final int OF_SAME_TYPE = 100;
    private static final int COUNTED = 1_000_000;

    /** From so many sessions on, it changes no weight that was counted a minute ago. */
    private static final long MANY = 10_000;

    private static final long KEPT_NS = TimeUnit.MINUTES.toNanos(1);

    @Inject
    Reader reader;

    @Inject
    TextIndex index;

    @Inject
    Passages passages;

    @Inject
    Frequencies frequencies;

    private volatile Total total = new Total(0, System.nanoTime());

    private record Total(long sessions, long countedAtNs) {}

    /**
     * What was found.
     *
     * @param telling the telling words of the session, the heaviest first
     * @param similar the sessions, newest first
     */
    record Answer(List<Word> telling, List<Similar> similar) {}

    /**
     * A telling word.
     *
     * @param word folded
     * @param sessions that have it
     * @param weight how much it tells
     */
    record Word(String word, long sessions, double weight) {}

    private record Alert(@Nullable String type, long startedAtUs) {}

    private record Candidate(String sessionId, boolean sameType, double score, List<String> shared) {
        double likeness() {
            return (sameType ? SAME_TYPE : 0) + score;
        }
    }

    /**
     * Earlier sessions like one.
     *
     * @throws io.tarsy.history.http.ProblemException 404
     */
    Answer of(String sessionId, int limit) {
        return reader.together(() -> likest(sessionId, limit));
    }

    private Answer likest(String sessionId, int limit) {
        var alert = reader.first(
                "select alert_type, started_at_us from alert_sessions where session_id = ?",
                row -> new Alert(row.text("alert_type"), row.count("started_at_us")),
                sessionId);
        if (alert == null) {
            throw Problem.NOT_FOUND.with("Session " + sessionId + " not found");
        }
        var telling = telling(words(sessionId));
        var sharing = sharing(telling, alert.startedAtUs);
        var sameType = new LinkedHashSet<>(sameType(alert));
        double all = telling.stream().mapToDouble(Word::weight).sum();
        var candidates = new ArrayList<Candidate>();
        var ids = new LinkedHashSet<>(sameType);
        ids.addAll(sharing.keySet());
        ids.remove(sessionId);
        for (var id : ids) {
            var shared = sharing.getOrDefault(id, List.of());
            double score =
                    all == 0 ? 0 : shared.stream().mapToDouble(Word::weight).sum() / all;
            if (sameType.contains(id) || score >= ENOUGH) {
                candidates.add(new Candidate(
                        id,
                        sameType.contains(id),
                        score,
                        shared.stream().map(Word::word).toList()));
            }
        }
        // stable: the same type comes newest first
        candidates.sort(Comparator.comparingDouble(Candidate::likeness).reversed());
        return new Answer(telling, read(candidates.subList(0, Math.min(limit, candidates.size()))));
    }

    /** The words by which an alert speaks: its own texts, not what agents said of it. */
    private List<String> words(String sessionId) {
        var found = new LinkedHashSet<String>();
        passages.each(List.of(sessionId), new Passages.Visitor() {
            private boolean done;

            @Override
            public void visit(Passages.Document document) {
                done = true;
                int left = TEXT;
                for (var passage : document.passages()) {
                    Words.each(passage.text(), left, (word, parts, start, end) -> {
                        found.add(word);
                        found.addAll(parts);
                    });
                    left = Math.max(0, left - passage.text().length());
                }
            }

            @Override
            public boolean wants(String id) {
                return !done;
            }
        });
        return found.stream()
                .filter(word -> word.length() >= SHORTEST)
                .filter(word -> word.chars().anyMatch(Character::isLetter))
                .sorted(Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()))
                .limit(WEIGHED)
                .toList();
    }

    private List<Word> telling(List<String> all) {
        var words = all.stream()
                .filter(word -> !frequencies.hasMoreThan(word, COMMON))
                .toList();
        if (words.isEmpty()) {
            return List.of();
        }
        long sessions = sessions();
        var sql = new ArrayList<String>();
        var parameters = new ArrayList<Object>();
        for (int at = 0; at < words.size(); at++) {
            sql.add("select " + at + " as k, (select count(*) from (" + index.matches() + ") m) as n");
            parameters.add(question(words.get(at)));
            parameters.add(COMMON + 1L);
        }
        return reader
                .list(
                        String.join(" union all ", sql),
                        row -> {
                            long n = row.count("n");
                            double weight = n == 0 ? 0 : Math.log((sessions + 1.0) / n);
                            return new Word(words.get((int) row.count("k")), n, weight);
                        },
                        parameters.toArray())
                .stream()
                .filter(word -> word.sessions > 1 && word.sessions <= Math.min(COMMON, Math.max(2, sessions / 2)))
                .sorted(Comparator.comparingDouble(Word::weight).reversed().thenComparing(Word::word))
                .limit(TELLING)
                .toList();
    }

    /** All sessions, as far as they are counted. */
    private long sessions() {
        var last = total;
        if (last.sessions < MANY || System.nanoTime() - last.countedAtNs > KEPT_NS) {
            var counted = reader.first(
                    "select count(*) as n from (select 1 from search_order limit " + COUNTED + ") x",
                    row -> row.count("n"));
            last = new Total(counted == null ? 0 : counted, System.nanoTime());
            total = last;
        }
        return last.sessions;
    }

    private String question(String word) {
        return index.question(TextQuery.of(new Lexeme(word, false)));
    }

    /** The earlier sessions that have some of the words, with these. */
    private Map<String, List<Word>> sharing(List<Word> telling, long beforeUs) {
        var sharing = new LinkedHashMap<String, List<Word>>();
        if (telling.isEmpty()) {
            return sharing;
        }
        var sql = new ArrayList<String>();
        var parameters = new ArrayList<Object>();
        for (int at = 0; at < telling.size(); at++) {
            sql.add("select " + at + " as k, session_no from (" + index.matches() + ") m" + at);
            parameters.add(question(telling.get(at).word));
            parameters.add((long) COMMON);
        }
        parameters.add(beforeUs);
        reader.each(
                "select f.k, x.session_id from (" + String.join(" union all ", sql)
                        + ") f join search_order x on x.session_no = f.session_no where x.started_at_us < ?"
                        + " order by f.k, x.started_at_us desc, x.session_id desc",
                row -> sharing.computeIfAbsent(row.needed("session_id"), absent -> new ArrayList<>())
                        .add(telling.get((int) row.count("k"))),
                parameters.toArray());
        return sharing;
    }

    private List<String> sameType(Alert alert) {
        if (alert.type == null) {
            return List.of();
        }
        return reader.list(
                "select session_id from alert_sessions where alert_type = ? and started_at_us < ?"
                        + " order by started_at_us desc, session_id desc limit " + OF_SAME_TYPE,
                row -> row.needed("session_id"),
                PortableText.encode(alert.type),
                alert.startedAtUs);
    }

    private List<Similar> read(List<Candidate> chosen) {
        if (chosen.isEmpty()) {
            return List.of();
        }
        var byId = chosen.stream().collect(Collectors.toMap(Candidate::sessionId, one -> one));
        return reader.list(
                "select s.session_id, s.alert_type, s.status, s.started_at_us, s.completed_at_us, s.duration_ms,"
                        + " s.error_message, s.final_analysis, " + Headline.COLUMNS + " from alert_sessions s"
                        + Headline.JOIN + " where s.session_id in ("
                        + chosen.stream().map(one -> "?").collect(Collectors.joining(", "))
                        + ") order by s.started_at_us desc, s.session_id desc",
                row -> {
                    var one = byId.get(row.needed("session_id"));
                    return Similar.of(
                            row,
                            one != null && one.sameType,
                            one == null ? 0 : one.score,
                            one == null ? List.of() : one.shared);
                },
                chosen.stream().map(Candidate::sessionId).toArray());
    }
}
