package io.tarsy.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** The checked-in description of the API is what the code says, and every call is in it. */
class OpenApiDocumentTest {

    private static final java.nio.file.Path FILE = java.nio.file.Path.of("docs", "openapi.yaml");

    @Test
    void theFileSaysWhatTheCodeSays() throws IOException {
        if (Boolean.getBoolean("update.docs")) {
            Files.writeString(FILE, OpenApiDocument.yaml());
        }

        assertThat(Files.readString(FILE))
                .as("docs/openapi.yaml; write it anew with: mvn test -Dupdate.docs=true")
                .isEqualTo(OpenApiDocument.yaml());
    }

    @Test
    void everyCallIsDescribedAndNoOther() {
        var described = new TreeSet<String>();
        Map<String, Object> document = new Yaml().load(OpenApiDocument.yaml());
        section(document, "paths")
                .forEach((path, calls) -> ((Map<?, ?>) calls)
                        .keySet()
                        .forEach(verb -> described.add(verb.toString().toUpperCase(Locale.ROOT) + " " + path)));

        var offered = new TreeSet<String>();
        offered.add("GET /api/v1/history/events"); // a servlet, for only that can wait for clients without threads
        for (var type : new ClassFileImporter()
                .withImportOption(new DoNotIncludeTests())
                .importPackages(OpenApiDocumentTest.class.getPackageName())) {
            if (type.isAnnotatedWith(Path.class)) {
                type.getMethods().forEach(method -> verbs(type, method, offered));
            }
        }

        assertThat(offered).isNotEmpty();
        assertThat(described).isEqualTo(offered);
    }

    private static void verbs(JavaClass type, JavaMethod method, Set<String> offered) {
        for (var annotation : method.getAnnotations()) {
            annotation.getRawType().tryGetAnnotationOfType(HttpMethod.class).ifPresent(verb -> {
                var own = method.tryGetAnnotationOfType(Path.class)
                        .map(path -> "/" + path.value())
                        .orElse("");
                offered.add(verb.value() + " /api/v1/"
                        + type.getAnnotationOfType(Path.class).value() + own);
            });
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> section(Map<String, Object> document, String name) {
        return (Map<String, Object>) document.getOrDefault(name, Map.of());
    }
}
