package io.tarsy.history.session;

import com.fasterxml.jackson.core.JsonParser;
import io.tarsy.history.database.PortableText;
import io.tarsy.history.database.Row;
import io.tarsy.history.http.JsonText;
import jakarta.persistence.EntityManager;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The one line by which a person recognises an alert. Of the members that alerts usually have, what is said in words
 * goes before a bare name, what stands further out before what stands within, and a bare name is followed by what it
 * befell. It is decided from the beginning of the alert, when the session is written; of sessions from before there were
 * headlines, when they are read.
 */
public final class Headline {
    /** So much of an alert is looked at, in characters. */
    private static final int BEGINNING = 16_384;

    private static final int LONGEST = 200;

    /** What is read for {@link #of(Row)} of sessions {@code s} and headlines {@code h}. */
    public static final String COLUMNS = "h.headline, case when h.session_id is null"
            + " and octet_length(s.alert_data) <= 262144 then substr(s.alert_data, 1, " + BEGINNING
            + ") end as alert_beginning";

    /** Joins headlines {@code h} to sessions {@code s}. */
    public static final String JOIN = " left join session_headlines h on h.session_id = s.session_id";

    /** Members that say what happened, the best first; without case and marks. */
    private static final List<String> SAYING = List.of(
            "title",
            "headline",
            "summary",
            "message",
            "description",
            "subject",
            "text",
            "alertname",
            "name",
            "reason",
            "error",
            "details");

    /** Members that say what it happened to, the best first. */
    private static final List<String> BEFALLEN =
            List.of("pod", "podname", "deployment", "job", "service", "instance", "host", "node", "namespace");

    /** Members that only hold others: what is in them stands as far out as they. */
    private static final Set<String> HOLDERS = Set.of(
            "alert",
            "alerts",
            "payload",
            "data",
            "event",
            "annotations",
            "labels",
            "commonannotations",
            "commonlabels",
            "grouplabels");

    private static final Pattern LINES = Pattern.compile("\\R");
    private static final Pattern ESCAPES = Pattern.compile(
            "(?:\u001b\\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b\\][^\u0007\u001b]*(?:\u0007|\u001b\\\\)?|\u001b.?");
    private static final Pattern BLANKS = Pattern.compile("[\\s\\p{Z}\\p{Cc}]+");
    /** How a line ends that leads to the next, or the line above a message that says who wrote it, and when. */
    private static final Pattern LEADS = Pattern.compile(":$|^[^•]{1,80} • [^•]{1,80}(?: • [^•]{1,80})?$");

    /** What turns the direction of writing or cannot be written. */
    private static final Pattern UNSEEN =
            Pattern.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\\p{Cs}]");

    private final List<Said> saying = new ArrayList<>();
    private final List<Said> befallen = new ArrayList<>();
    private @Nullable String first;

    private Headline() {}

    /**
     * A member that may be part of a headline.
     *
     * @param depth how far within it stands
     * @param rank its place in its list
     * @param line what it says, in one line
     */
    private record Said(int depth, int rank, String line) {
        static final Comparator<Said> BEST_FIRST =
                Comparator.comparingInt(Said::depth).thenComparingInt(Said::rank);

        boolean inWords() {
            return line.indexOf(' ') >= 0;
        }
    }

    /** The headline of an alert, or null if nothing is said in it. */
    static @Nullable String of(String alertData) {
        var headline = new Headline();
        boolean cut = alertData.length() > BEGINNING;
        try (var parser = JsonText.parser(cut ? closed(alertData.substring(0, BEGINNING)) : alertData)) {
            headline.read(parser);
        } catch (IOException end) {
            // of the beginning of an alert this is the end
        }
        return headline.line();
    }

    /** The headline of a row with {@link #COLUMNS}. */
    public static @Nullable String of(Row row) {
        var decided = row.text("headline");
        var beginning = decided == null ? row.raw("alert_beginning") : null;
        return beginning == null ? decided : of(beginning.length() < BEGINNING ? beginning : beginning + ' ');
    }

    /** Writes down the headline of a new session. */
    static void begin(EntityManager entities, AlertSession session) {
        var headline = of(session.alertData);
        var insert = entities.createNativeQuery("insert into session_headlines (session_id, headline) values (?1, "
                        + (headline == null ? "null" : "?2") + ")")
                .setParameter(1, session.sessionId);
        if (headline != null) {
            insert.setParameter(2, PortableText.encode(headline));
        }
        insert.executeUpdate();
    }

    /** A string that was cut is ended, without half of an escape, so that its beginning can be read. */
    private static String closed(String text) {
        int escape = text.lastIndexOf('\\');
        return (escape > text.length() - 7 ? text.substring(0, escape) : text) + '"';
    }

    private void read(JsonParser parser) throws IOException {
        var holders = new ArrayDeque<String>();
        var name = "";
        for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
            switch (token) {
                case FIELD_NAME -> name = plain(parser.currentName());
                case START_OBJECT -> holders.push(name);
                case END_OBJECT -> {
                    holders.pop();
                    name = "";
                }
                case VALUE_STRING -> say(holders, name, parser.getText());
                default -> {}
            }
        }
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[_\\-. ]", "");
    }

    private void say(Deque<String> holders, String name, String text) {
        var line = line(text);
        if (line.isEmpty()) {
            return;
        }
        first = first == null ? line : first;
        var within = holders.stream().limit(Math.max(0, holders.size() - 1L)).toList();
        int depth = (int)
                within.stream().filter(holder -> !HOLDERS.contains(holder)).count();
        boolean ofSubject =
                name.equals("name") && !within.isEmpty() && within.get(0).equals("subject");
        int befalls = ofSubject ? 0 : BEFALLEN.indexOf(name);
        if (befalls >= 0) {
            befallen.add(new Said(ofSubject ? 0 : depth, befalls, line));
        } else if (SAYING.contains(name)) {
            saying.add(new Said(depth, SAYING.indexOf(name), line));
        }
    }

    private @Nullable String line() {
        if (saying.isEmpty()) {
            return first == null ? null : cut(first);
        }
        saying.sort(Said.BEST_FIRST);
        var best = saying.get(0);
        if (best.inWords()) {
            return cut(best.line);
        }
        for (var other : saying) {
            if (other.depth == best.depth && other.inWords()) {
                return cut(other.line);
            }
        }
        var what = befallen.stream().min(Said.BEST_FIRST).map(Said::line);
        return cut(what.isEmpty() || best.line.contains(what.get()) ? best.line : best.line + ": " + what.get());
    }

    /** The first line of a text that has something in it, on one line; with the next where it only leads to that. */
    private static String line(String text) {
        var lines = LINES.splitAsStream(text.length() > BEGINNING ? text.substring(0, BEGINNING) : text)
                .map(line -> ESCAPES.matcher(line).replaceAll(""))
                .map(line -> UNSEEN.matcher(line).replaceAll(""))
                .map(line -> BLANKS.matcher(line).replaceAll(" ").strip())
                .filter(line -> !line.isEmpty())
                .limit(2)
                .toList();
        if (lines.isEmpty()) {
            return "";
        }
        var first = lines.get(0);
        return lines.size() > 1 && LEADS.matcher(first).find() ? first + " " + lines.get(1) : first;
    }

    private static String cut(String line) {
        if (line.length() <= LONGEST) {
            return line;
        }
        int end = Character.isHighSurrogate(line.charAt(LONGEST - 2)) ? LONGEST - 2 : LONGEST - 1;
        return line.substring(0, end).stripTrailing() + "…";
    }
}
