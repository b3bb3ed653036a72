package io.tarsy.history.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of the WAR: zipped, tagged, typed, and none that is not for everybody. */
class StaticFilesIT {
    private static final String PAGE = "index.html";

    private final TarsyClient tarsy = TestServer.shared().client();

    @ParameterizedTest
    @Tag("smoke")
    @CsvSource({
        "'',                text/html;charset=utf-8",
        "index.html,        text/html;charset=utf-8",
        "docs/api.md,       text/plain;charset=utf-8",
        "docs/openapi.yaml, text/plain;charset=utf-8",
        "docs/sample.ndjson, application/x-ndjson",
    })
    void filesAreOfTheirType(String path, String type) {
        var answer = tarsy.get(path).expect(200);

        assertThat(answer.header("Content-Type").replace(" ", "")).isEqualToIgnoringCase(type);
        assertThat(answer.header("Cache-Control")).isEqualTo("no-cache");
        assertThat(answer.header("ETag")).matches("\"[A-Za-z0-9_-]+\"");
        assertThat(answer.header("Vary")).isEqualTo("Accept-Encoding");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("X-Correlation-Id")).isNotBlank();
    }

    @Test
    @Tag("smoke")
    void aPageMayHaveNothingFromElsewhereAndNoScriptWithinIt() {
        assertThat(tarsy.get("").header("Content-Security-Policy"))
                .isEqualTo("default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self';"
                        + " frame-ancestors 'none'");
        assertThat(tarsy.get("").header("X-Frame-Options")).isEqualTo("DENY");
    }

    @Test
    @Tag("smoke")
    void filesAreZippedForWhoCanReadIt() throws Exception {
        var plain = tarsy.get(PAGE).expect(200);
        var zipped = tarsy.get(PAGE, "Accept-Encoding", "br, gzip;q=0.8").expect(200);

        assertThat(plain.isGzip()).isFalse();
        assertThat(zipped.isGzip()).isTrue();
        assertThat(zipped.body()).hasSizeLessThan(plain.body().length);
        assertThat(zipped.header("Content-Length")).isEqualTo(String.valueOf(zipped.body().length));
        try (var unzipped = new GZIPInputStream(new java.io.ByteArrayInputStream(zipped.body()))) {
            assertThat(unzipped.readAllBytes()).isEqualTo(plain.body());
        }
        assertThat(zipped.header("ETag")).isNotEqualTo(plain.header("ETag"));
        assertThat(tarsy.get(PAGE, "Accept-Encoding", "gzip;q=0").expect(200).isGzip())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"identity", "gzip"})
    void whatIsThereAlreadyIsNotSentAgain(String encoding) {
        var tag = tarsy.get(PAGE, "Accept-Encoding", encoding).expect(200).header("ETag");

        for (var sent : new String[] {tag, "W/" + tag, "\"other\", " + tag, "*"}) {
            var unchanged = tarsy.get(PAGE, "Accept-Encoding", encoding, "If-None-Match", sent)
                    .expect(304);
            assertThat(unchanged.body()).isEmpty();
            assertThat(unchanged.header("ETag")).isEqualTo(tag);
        }
        tarsy.get(PAGE, "Accept-Encoding", encoding, "If-None-Match", "\"other\"")
                .expect(200);
    }

    @Test
    void aHeadSaysWhatAGetWould() {
        var get = tarsy.get(PAGE).expect(200);
        var head = tarsy.send("HEAD", PAGE, new byte[0]).expect(200);

        assertThat(head.body()).isEmpty();
        for (var header : new String[] {"Content-Length", "Content-Type", "ETag", "Cache-Control"}) {
            assertThat(head.header(header)).as(header).isEqualTo(get.header(header));
        }
    }

    @Test
    void aFileCanOnlyBeRead() {
        var refused = tarsy.send("POST", PAGE, "x".getBytes(StandardCharsets.UTF_8));

        refused.problem(405);
        assertThat(refused.header("Allow")).isEqualTo("GET, HEAD");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "WEB-INF/web.xml",
                "web-inf/web.xml",
                "WEB-INF/beans.xml",
                "META-INF/MANIFEST.MF",
                "META-INF/maven/io.tarsy/tarsy-history/pom.properties",
                "docs/%2e%2e/WEB-INF/web.xml",
                "docs/..%2fWEB-INF/web.xml",
                "docs/",
                "nothing.js",
                "index.html/"
            })
    void nothingElseIsShown(String path) {
        var answer = tarsy.get(path);

        assertThat(answer.status()).as(path).isBetween(400, 404);
        assertThat(answer.text()).doesNotContain("web-app").doesNotContain("Manifest");
    }
}
