package io.tarsy.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** The files of the console are small, its own or as they were published, and safe under its content security policy. */
class ConsoleFilesTest {

    private static final Path CONSOLE = Path.of("src", "main", "webapp");
    private static final Path VENDOR = CONSOLE.resolve("vendor");
    private static final String LOCK = "vendor.lock.json";
    private static final int FIRST_LOAD_BYTES = 120 * 1024;

    private static final Pattern OF_PAGE = Pattern.compile("<(?:script|link)\\b[^>]*(?:src|href)=\"([^\"]+)\"");
    private static final Pattern OF_MODULE = Pattern.compile("\\bfrom\\s*'(\\.[^']+)'|\\bimport\\s*'(\\.[^']+)'");
    private static final Pattern LATER_OF_MODULE = Pattern.compile("\\bimport\\('(\\./[^']+)'\\)");

    /** The list of {@code app.js}: for each view, or part of one, its module and what that needs. */
    private static final Pattern LIST = Pattern.compile("(?s)\\nconst FILES = \\{(.*?)\\n};");

    private static final Pattern LISTED = Pattern.compile("(?s)\\n  '?([\\w/]+)'?: \\[(.*?)\\]");
    private static final Pattern QUOTED = Pattern.compile("'([^']+)'");
    private static final Pattern STYLE_OF_MODULE = Pattern.compile("\\bstylesheet\\('([^']+)', import\\.meta\\.url\\)");

    /** What the policy would refuse anyway, but only in front of a user. */
    private static final Pattern INLINE = Pattern.compile(
            "<style\\b|<script>|<script (?![^>]*\\bsrc=)|\\sstyle=[\"']|\\son[a-z]+=[\"']|javascript:[^*]");

    private static final Pattern ELSEWHERE = Pattern.compile("https?://(?!www\\.w3\\.org/)[\\w.$]|['\"(]//[\\w]");
    private static final Pattern EVALUATED =
            Pattern.compile("\\beval\\(|new Function\\(|setTimeout\\(['\"]|setInterval\\(['\"]");
    private static final Pattern MARKUP_FROM_TEXT = Pattern.compile(
            "\\binnerHTML\\b|\\bouterHTML\\b|dangerouslySetInnerHTML|insertAdjacentHTML|document\\.write|createContextualFragment"
                    + "|parseFromString|srcdoc");

    @Test
    void whatOthersWroteIsWhatTheyPublished() throws Exception {
        var locked = new TreeMap<String, String>();
        for (var library :
                new JsonMapper().readTree(VENDOR.resolve(LOCK).toFile()).path("libraries")) {
            for (var file : library.path("files")) {
                locked.put(file.path("name").asText(), file.path("sha256").asText());
            }
        }
        locked.put(LOCK, sha256(VENDOR.resolve(LOCK)));
        locked.put("refresh.mjs", sha256(VENDOR.resolve("refresh.mjs")));
        var there = new TreeMap<String, String>();
        for (var file : files(file -> file.startsWith(VENDOR))) {
            there.put(VENDOR.relativize(file).toString(), sha256(file));
        }
        assertThat(there).isEqualTo(locked);
    }

    @Test
    void everyLibraryHasItsLicence() throws IOException {
        for (var library :
                new JsonMapper().readTree(VENDOR.resolve(LOCK).toFile()).path("libraries")) {
            var name = library.path("name").asText();
            assertThat(Files.readString(VENDOR.resolve(name + ".LICENSE.txt")))
                    .as(name)
                    .hasSizeGreaterThan(500);
        }
    }

    @Test
    void nothingIsInlineOrEvaluatedOrFromElsewhere() throws IOException {
        assertThat(found(INLINE)).isEmpty();
        assertThat(found(EVALUATED)).isEmpty();
        assertThat(found(ELSEWHERE)).isEmpty();
    }

    @Test
    void textBecomesMarkupOnlyWhereItIsPurified() throws IOException {
        for (var place : found(MARKUP_FROM_TEXT).entrySet()) {
            assertThat(Files.readString(Path.of(place.getKey())))
                    .as(place.toString())
                    .contains("vendor/dompurify.js");
        }
    }

    @Test
    void theFirstLoadIsSmall() throws IOException {
        var sizes = new TreeMap<String, Integer>();
        for (var file : firstLoad()) {
            sizes.put(file.toString(), zipped(Files.readAllBytes(file)));
        }
        assertThat(sizes).containsKey(CONSOLE.resolve("vendor/preact.js").toString());
        assertThat(sizes.values().stream().mapToInt(Integer::intValue).sum())
                .as(sizes.toString())
                .isLessThanOrEqualTo(FIRST_LOAD_BYTES);
    }

    @Test
    void whatThePageNamesIsThere() throws IOException {
        assertThat(firstLoad()).allSatisfy(file -> assertThat(file).isRegularFile());
    }

    /** A browser finds a file only in the one that imports it, so what is missing in the list costs a journey. */
    @Test
    void whatAViewIsMadeOfIsAskedForInOneGo() throws IOException {
        var app = CONSOLE.resolve("app.js");
        var list = LIST.matcher(Files.readString(app));
        assertThat(list.find()).isTrue();
        var listed = new TreeMap<String, List<Path>>();
        LISTED.matcher(list.group(1))
                .results()
                .forEach(view -> listed.put(
                        view.group(1),
                        QUOTED.matcher(view.group(2))
                                .results()
                                .map(file -> CONSOLE.resolve(file.group(1)))
                                .toList()));

        for (var view : listed.entrySet()) {
            var needed = together(view.getValue().get(0));
            needed.removeAll(firstLoad());
            needed.removeIf(file -> file.startsWith(VENDOR));
            int part = view.getKey().indexOf('/');
            if (part > 0) {
                var whole = view.getKey().substring(0, part);
                needed.removeAll(together(
                        Objects.requireNonNull(listed.get(whole), whole).get(0)));
            }
            assertThat(view.getValue()).as(view.getKey()).containsExactlyInAnyOrderElementsOf(needed);
        }
        var later = new TreeSet<Path>();
        for (var file : List.of(app, CONSOLE.resolve("session/session.js"))) {
            LATER_OF_MODULE
                    .matcher(Files.readString(file))
                    .results()
                    .forEach(link -> later.add(beside(file, link.group(1))));
        }
        assertThat(listed.values()).extracting(files -> files.get(0)).containsExactlyInAnyOrderElementsOf(later);
    }

    /** What a browser loads before anything is pressed: the page, what it names, and what modules import at once. */
    private static Set<Path> firstLoad() throws IOException {
        return together(CONSOLE.resolve("index.html"));
    }

    /** A file with all that is needed before it can be used. */
    private static Set<Path> together(Path start) throws IOException {
        var found = new LinkedHashSet<Path>();
        var next = new ArrayDeque<>(List.of(start));
        while (!next.isEmpty()) {
            var file = next.removeFirst();
            if (!found.add(file) || file.startsWith(VENDOR)) {
                continue;
            }
            var text = Files.readString(file);
            if (file.toString().endsWith(".html")) {
                OF_PAGE.matcher(text).results().forEach(link -> next.add(beside(file, link.group(1))));
            } else if (file.toString().endsWith(".js")) {
                OF_MODULE
                        .matcher(text)
                        .results()
                        .forEach(link -> next.add(beside(file, link.group(1) == null ? link.group(2) : link.group(1))));
                STYLE_OF_MODULE.matcher(text).results().forEach(link -> next.add(beside(file, link.group(1))));
            }
        }
        return found;
    }

    private static Path beside(Path file, String relative) {
        return file.resolveSibling(relative).normalize();
    }

    private static Map<String, Set<String>> found(Pattern pattern) throws IOException {
        var places = new TreeMap<String, Set<String>>();
        for (var file :
                files(file -> !file.startsWith(VENDOR) && file.toString().matches(".*\\.(html|js|css|svg)"))) {
            pattern.matcher(Files.readString(file))
                    .results()
                    .forEach(hit -> places.computeIfAbsent(file.toString(), any -> new TreeSet<>())
                            .add(hit.group()));
        }
        return places;
    }

    private static List<Path> files(Predicate<Path> which) throws IOException {
        try (var all = Files.walk(CONSOLE)) {
            return all.filter(Files::isRegularFile).filter(which).sorted().toList();
        }
    }

    private static String sha256(Path file) throws IOException, NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    private static int zipped(byte[] content) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(bytes)) {
            zip.write(content);
        }
        return bytes.size();
    }
}
