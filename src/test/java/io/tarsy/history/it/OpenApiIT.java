package io.tarsy.history.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** What the server says of its API is what the repository says. */
class OpenApiIT {

    private final TarsyClient tarsy = TestServer.shared().client();

    @Test
    void theServersDescriptionIsTheCheckedInOne() throws IOException {
        var server = new Yaml()
                .<Map<String, Object>>load(tarsy.get("openapi").expect(200).text());
        var file = new Yaml().<Map<String, Object>>load(Files.readString(Path.of("docs", "openapi.yaml")));

        for (var part : List.of("info", "paths", "components")) {
            assertThat(plain(server.get(part))).as(part).isEqualTo(plain(file.get(part)));
        }
    }

    /** Without the order of keys, and numbers as numbers, however they are written. */
    private static Object plain(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            var sorted = new TreeMap<String, Object>();
            map.forEach((key, one) -> sorted.put(key.toString(), plain(one)));
            return sorted;
        }
        if (value instanceof List<?> list) {
            var plain = new ArrayList<>();
            list.forEach(one -> plain.add(plain(one)));
            return plain;
        }
        return value instanceof Number number ? (Object) number.longValue() : String.valueOf(value);
    }
}
