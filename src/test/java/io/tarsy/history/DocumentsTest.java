package io.tarsy.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documents hang together. */
class DocumentsTest {

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)|(?:src|srcset|href)=\"([^\"]+)\"");
    private static final Pattern CODE = Pattern.compile("(?ms)^ *```.*?^ *```|`[^`\n]*`");

    @Test
    void everyRelativeLinkLeadsToAFile() throws IOException {
        assertThat(pages().stream().flatMap(DocumentsTest::deadLinks)).isEmpty();
    }

    @Test
    void everyDecisionStandsInTheIndex() throws IOException {
        var folder = Path.of("docs", "adr");
        var index = Files.readString(folder.resolve("README.md"));
        try (var records = Files.list(folder)) {
            assertThat(records.map(record -> String.valueOf(record.getFileName()))
                            .filter(name -> name.matches("\\d{4}-.*\\.md"))
                            .filter(name -> !index.contains("](" + name + ")")))
                    .isEmpty();
        }
    }

    @Test
    void everyDecisionHasItsThreeParts() throws IOException {
        try (var records = Files.list(Path.of("docs", "adr"))) {
            assertThat(records.filter(
                            record -> String.valueOf(record.getFileName()).matches("\\d{4}-.*\\.md")))
                    .isNotEmpty()
                    .allSatisfy(record -> assertThat(Files.readString(record))
                            .contains("\n## Context\n", "\n## Decision\n", "\n## Consequences\n"));
        }
    }

    private static List<Path> pages() throws IOException {
        try (var top = Files.list(Path.of(""));
                var docs = Files.walk(Path.of("docs"))) {
            return Stream.concat(top, docs)
                    .filter(file -> file.toString().endsWith(".md"))
                    .toList();
        }
    }

    private static Stream<String> deadLinks(Path page) {
        try {
            var text = CODE.matcher(Files.readString(page)).replaceAll("");
            return LINK.matcher(text)
                    .results()
                    .map(link -> link.group(1) == null ? link.group(2) : link.group(1))
                    .filter(target -> !target.matches("[a-z]+:.*") && !target.startsWith("#"))
                    .filter(target -> !Files.exists(page.resolveSibling(target.replaceFirst("[#?].*", ""))))
                    .map(target -> page + " -> " + target);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
