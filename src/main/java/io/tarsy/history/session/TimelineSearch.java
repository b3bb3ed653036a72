package io.tarsy.history.session;

import io.tarsy.history.database.Reader;
import io.tarsy.history.http.Answer;
import io.tarsy.history.http.JsonText;
import io.tarsy.history.session.Interactions.Place;
import io.tarsy.history.session.TimelineService.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds words in the interactions of one session. */
final class TimelineSearch {
    private static final int LOOKED_AT_ONCE = 250;

    /** One answer reads no more than this, about; the next page goes on. */
    private static final long MOST_BYTES = 64L << 20;

    private final Reader reader;
    private final TimelineService timeline;
    private final Finder.Question question;
    private final List<Hit> hits = new ArrayList<>();
    private long bytes;
    private long cut;

    TimelineSearch(Reader reader, TimelineService timeline, Finder.Question question) {
        this.reader = reader;
        this.timeline = timeline;
        this.question = question;
    }

    private record Hit(Entry entry, List<Finder.Match> matches) {}

    /** One page of the interactions in which all of the words stand, in the order of time. */
    Answer.Writer page(
            String sessionId,
            @Nullable String type,
            @Nullable String stage,
            @Nullable Place begin,
            int limit,
            String search) {
        var from = begin;
        while (true) {
            var entries = timeline.entries(type, sessionId, stage, from, LOOKED_AT_ONCE + 1);
            int looked = look(entries.subList(0, Math.min(entries.size(), LOOKED_AT_ONCE)), limit);
            if (looked == entries.size()) {
                return write(sessionId, search, limit, null);
            }
            var last = entries.get(looked - 1);
            if (isEnough(limit)) {
                return write(sessionId, search, limit, last.place().name());
            }
            from = last.place();
        }
    }

    private boolean isEnough(int limit) {
        return hits.size() == limit || bytes >= MOST_BYTES;
    }

    /** Looks through entries until there is enough; how many were looked at. */
    private int look(List<Entry> entries, int limit) {
        int looked = 0;
        while (looked < entries.size() && !isEnough(limit)) {
            int end = Bundles.end(entries, looked, entry -> entry.place().sizeBytes());
            var texts = Passages.of(
                    reader,
                    entries.subList(looked, end).stream().map(Entry::place).toList());
            while (looked < end && !isEnough(limit)) {
                look(entries.get(looked), texts);
                looked++;
            }
        }
        return looked;
    }

    private void look(Entry entry, Map<String, List<Passage>> texts) {
        var passages = texts.getOrDefault(entry.place().name(), List.of());
        var matches = question.in(entry.place().id(), passages);
        if (matches != null) {
            hits.add(new Hit(entry, matches));
        }
        cut += question.cuts(passages) ? 1 : 0;
        bytes += entry.place().sizeBytes();
    }

    private Answer.Writer write(String sessionId, String search, int limit, @Nullable String next) {
        return json -> {
            json.writeStartObject();
            json.writeStringField("session_id", sessionId);
            JsonText.write(json, "search", search);
            json.writeArrayFieldStart("interactions");
            for (var hit : hits) {
                json.writeStartObject();
                JsonText.writeMembers(json, hit.entry.json());
                SessionPage.writeMatches(json, hit.matches);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeNumberField("interactions_with_cut_bodies", cut);
            json.writeObjectFieldStart("pagination");
            json.writeNumberField("limit", limit);
            JsonText.write(json, "next_after", next);
            json.writeEndObject();
            json.writeEndObject();
        };
    }
}
