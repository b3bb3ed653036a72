package io.tarsy.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/** The page of dependencies names what the POM names, and what the console and its tests have from npm; no more, no less. */
class DependenciesDocumentTest {

    private static final Path POM = Path.of("pom.xml");
    private static final Path CONSOLE_LOCK = Path.of("src", "main", "webapp", "vendor", "vendor.lock.json");
    private static final Path CONSOLE_TESTS = Path.of("src", "test", "console", "package.json");
    private static final Path CONSOLE_TESTS_LOCK = Path.of("src", "test", "console", "package-lock.json");
    private static final Path PAGE = Path.of("docs", "dependencies.md");
    private static final String MAVEN_PLUGINS = "org.apache.maven.plugins";
    private static final List<String> ARTIFACTS =
            List.of("dependency", "plugin", "path", "artifactItem", "additionalClasspathDependency");
    private static final Pattern ROW = Pattern.compile("^\\| `([^`:]+:[^`]+)` \\| `([^`]+)` \\| \\S.*\\|$");
    private static final Pattern PROPERTY = Pattern.compile("\\$\\{([^}]+)}");

    /** Where a POM leaves the version to a bill of materials. */
    private static final Map<String, String> BILLS = Map.of(
            "org.junit.jupiter:", "org.junit:junit-bom",
            "org.jboss.arquillian.junit5:", "org.jboss.arquillian:arquillian-bom");

    @Test
    void thePageNamesWhatIsUsed() throws Exception {
        var used = inThePom();
        used.putAll(inTheConsole());
        used.putAll(inTheTestsOfTheConsole());
        assertThat(onThePage()).isEqualTo(used);
    }

    @Test
    void everyLibraryOfTheConsoleIsNamedWithItsLicence() throws IOException {
        var page = Files.readAllLines(PAGE);
        for (var library : json(CONSOLE_LOCK).path("libraries")) {
            assertThat(page)
                    .filteredOn(line ->
                            line.startsWith("| `npm:" + library.path("name").asText() + "` |"))
                    .singleElement()
                    .asString()
                    .contains("| " + library.path("license").asText() + " |");
        }
    }

    @Test
    void theTestsOfTheConsoleArePinnedWithoutAPlace() throws IOException {
        assertThat(inTheTestsOfTheConsole().values()).allMatch(version -> version.matches("\\d+\\.\\d+\\.\\d+"));
        assertThat(Files.readString(CONSOLE_TESTS_LOCK)).doesNotContain("resolved", "http:", "https:");
    }

    @Test
    void everyRowSaysWhy() throws IOException {
        assertThat(Files.readAllLines(PAGE).stream()
                        .filter(line -> line.startsWith("| `"))
                        .filter(line -> !ROW.matcher(line).matches()))
                .isEmpty();
    }

    private static Map<String, String> onThePage() throws IOException {
        var rows = new TreeMap<String, String>();
        for (var line : Files.readAllLines(PAGE)) {
            var row = ROW.matcher(line);
            if (row.matches()) {
                assertThat(rows.put(row.group(1), row.group(2)))
                        .as("a second row of " + row.group(1))
                        .isNull();
            }
        }
        return rows;
    }

    private static Map<String, String> inTheConsole() throws IOException {
        var found = new TreeMap<String, String>();
        for (var library : json(CONSOLE_LOCK).path("libraries")) {
            found.put(
                    "npm:" + library.path("name").asText(),
                    library.path("version").asText());
        }
        return found;
    }

    private static Map<String, String> inTheTestsOfTheConsole() throws IOException {
        var found = new TreeMap<String, String>();
        json(CONSOLE_TESTS)
                .path("devDependencies")
                .properties()
                .forEach(one -> found.put("npm:" + one.getKey(), one.getValue().asText()));
        return found;
    }

    private static JsonNode json(Path file) throws IOException {
        return new JsonMapper().readTree(file.toFile());
    }

    private static Map<String, String> inThePom() throws IOException, SAXException, ParserConfigurationException {
        var pom = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(POM.toFile());
        var properties = properties(pom);
        var found = new TreeMap<String, String>();
        for (var tag : ARTIFACTS) {
            elements(pom, tag).forEach(element -> add(found, element, properties));
        }
        elements(pom, "palantirJavaFormat")
                .forEach(element -> found.put(
                        "com.palantir.javaformat:palantir-java-format",
                        resolved(child(element, "version"), properties)));
        found.replaceAll((name, version) -> version.isEmpty() ? ofBill(name, found) : version);
        return found;
    }

    /** An artifact that stands in two places must have one version. */
    private static void add(Map<String, String> found, Element element, Map<String, String> properties) {
        var artifact = child(element, "artifactId");
        var group = child(element, "groupId");
        if (artifact == null) {
            return; // a path of another kind
        }
        var name = (group == null ? MAVEN_PLUGINS : group) + ":" + artifact;
        var version = resolved(child(element, "version"), properties);
        var other = found.put(name, version);
        assertThat(other == null || other.equals(version))
                .as("%s is %s and %s", name, other, version)
                .isTrue();
    }

    private static String ofBill(String name, Map<String, String> found) {
        var bill = BILLS.entrySet().stream()
                .filter(entry -> name.startsWith(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " has no version in the POM"));
        return String.valueOf(found.get(bill));
    }

    private static Map<String, String> properties(Document pom) {
        var properties = new HashMap<String, String>();
        elements(pom, "properties")
                .forEach(block -> nodes(block.getChildNodes())
                        .filter(Element.class::isInstance)
                        .forEach(node -> properties.put(
                                node.getNodeName(), node.getTextContent().strip())));
        return properties;
    }

    private static String resolved(@Nullable String text, Map<String, String> properties) {
        return text == null
                ? ""
                : PROPERTY.matcher(text).replaceAll(property -> String.valueOf(properties.get(property.group(1))));
    }

    private static @Nullable String child(Element element, String name) {
        return nodes(element.getChildNodes())
                .filter(node -> node.getNodeName().equals(name))
                .map(node -> node.getTextContent().strip())
                .findFirst()
                .orElse(null);
    }

    private static Stream<Element> elements(Document pom, String tag) {
        return nodes(pom.getElementsByTagName(tag)).map(Element.class::cast);
    }

    private static Stream<Node> nodes(org.w3c.dom.NodeList nodes) {
        return IntStream.range(0, nodes.getLength()).mapToObj(nodes::item);
    }
}
