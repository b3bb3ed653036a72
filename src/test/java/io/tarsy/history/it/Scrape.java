package io.tarsy.history.it;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What {@code /metrics} answered, read as Prometheus reads it. */
final class Scrape {

    private static final Pattern LINE = Pattern.compile("([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? ([^ ]+)(?: \\d+)?");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_]\\w*)=\"((?:[^\"\\\\]|\\\\.)*)\",?");
    private static final String TYPE = "# TYPE ";

    private final String text;
    private final Map<String, String> types = new HashMap<>();
    private final List<Sample> samples = new ArrayList<>();

    /** One line. */
    record Sample(String name, Map<String, String> labels, double value) {}

    private Scrape(String text) {
        this.text = text;
        text.lines().forEach(line -> {
            if (line.startsWith(TYPE)) {
                var words = line.substring(TYPE.length()).split(" ", 2);
                types.put(words[0], words[1]);
            } else if (!line.startsWith("#") && !line.isBlank()) {
                samples.add(sample(line));
            }
        });
    }

    static Scrape of(TarsyClient tarsy) {
        return new Scrape(
                tarsy.get("metrics", "Accept", "text/plain").expect(200).text());
    }

    private static Sample sample(String line) {
        var parts = LINE.matcher(line);
        if (!parts.matches()) {
            throw new IllegalStateException("not a line of Prometheus: " + line);
        }
        var labels = new TreeMap<String, String>();
        if (parts.group(2) != null) {
            LABEL.matcher(parts.group(2)).results().forEach(label -> labels.put(label.group(1), label.group(2)));
        }
        var number = parts.group(3);
        return new Sample(
                parts.group(1), labels, number.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(number));
    }

    String text() {
        return text;
    }

    @Nullable
    String type(String name) {
        return types.get(name);
    }

    List<Sample> samples(String name) {
        return samples.stream().filter(sample -> sample.name().equals(name)).toList();
    }

    List<Sample> samples() {
        return samples;
    }

    Set<String> names() {
        return types.keySet();
    }

    /** The sum of the lines that have these labels, given as name and value by turns; 0 if there is none. */
    double value(String name, String... labels) {
        return samples(name).stream()
                .filter(sample -> {
                    for (int at = 0; at < labels.length; at += 2) {
                        if (!labels[at + 1].equals(sample.labels().get(labels[at]))) {
                            return false;
                        }
                    }
                    return true;
                })
                .mapToDouble(Sample::value)
                .sum();
    }
}
