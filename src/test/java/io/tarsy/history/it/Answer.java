package io.tarsy.history.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** What the server answered, body and all. */
final class Answer {

    private final String call;
    private final int status;
    private final HttpHeaders headers;
    private final byte[] body;

    Answer(String call, int status, HttpHeaders headers, byte[] body) {
        this.call = call;
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    String call() {
        return call;
    }

    int status() {
        return status;
    }

    /** As it came over the wire. */
    byte[] body() {
        return body;
    }

    /** Fails with the server's own words where the status is another one. */
    Answer expect(int... statuses) {
        assertThat(status)
                .as("%s answered %s", call, shortened())
                .isIn(Arrays.stream(statuses).boxed().toList());
        return this;
    }

    String header(String name) {
        return headers.firstValue(name).orElse("");
    }

    String text() {
        return new String(plainBody(), StandardCharsets.UTF_8);
    }

    JsonNode json() {
        return Json.parse(plainBody());
    }

    /** The objects of an NDJSON answer, one a line. */
    List<JsonNode> lines() {
        return text().lines().filter(line -> !line.isBlank()).map(Json::parse).toList();
    }

    boolean isGzip() {
        return header("Content-Encoding").equalsIgnoreCase("gzip");
    }

    /** RFC 9457 with our additions; every refusal of the API has this shape. */
    JsonNode problem(int... statuses) {
        expect(statuses);
        assertThat(header("Content-Type")).as(call).startsWith("application/problem+json");
        var problem = json();
        assertThat(problem.path("type").isTextual()).as("type of %s", problem).isTrue();
        assertThat(problem.path("title").asText()).as("title of %s", problem).isNotBlank();
        assertThat(problem.path("status").intValue())
                .as("status of %s", problem)
                .isEqualTo(status);
        assertThat(problem.path("detail").asText()).as("detail of %s", problem).isNotBlank();
        assertThat(problem.path("instance").isTextual())
                .as("instance of %s", problem)
                .isTrue();
        assertThat(problem.path("correlation_id").asText())
                .as("correlation_id of %s", problem)
                .isNotBlank()
                .isEqualTo(header("X-Correlation-Id"));
        assertThat(text()).as("no stack in an answer").doesNotContain("\tat ").doesNotContain("Exception:");
        return problem;
    }

    private byte[] plainBody() {
        if (!isGzip()) {
            return body;
        }
        try (var unzipped = new GZIPInputStream(new ByteArrayInputStream(body))) {
            return unzipped.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String shortened() {
        var text = text();
        return text.length() > 600 ? text.substring(0, 600) + "…" : text;
    }
}
