package io.tarsy.history.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** A page of the documents, whose commands are run as they stand there. */
final class Page {
    private static final Path PROJECT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    private static final Pattern COMMANDS = Pattern.compile("(?ms)^ *```sh\\n(.*?)^ *```");

    private final String file;
    private final String text;

    Page(String file) throws IOException {
        this.file = file;
        this.text = Files.readString(PROJECT.resolve(file));
    }

    /** Each block of commands of the page. */
    List<String> commands() {
        return blocks(text);
    }

    /** Each block of commands from a heading to the next one. */
    List<String> commands(String heading) {
        var section = new StringBuilder();
        var within = false;
        var fenced = false;
        for (var line : text.lines().toList()) {
            fenced ^= line.strip().startsWith("```");
            if (!fenced && line.startsWith("#")) { // in a block it is a comment
                within = line.replaceFirst("^#+ ", "").equals(heading);
            } else if (within) {
                section.append(line).append('\n');
            }
        }
        var blocks = blocks(section.toString());
        if (blocks.isEmpty()) {
            throw new IllegalStateException(file + " has no commands under " + heading);
        }
        return blocks;
    }

    private static List<String> blocks(String text) {
        return COMMANDS.matcher(text)
                .results()
                .map(found -> found.group(1).stripTrailing().stripIndent() + "\n")
                .toList();
    }
}
