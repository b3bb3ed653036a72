package io.tarsy.history.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;

/** Speaks to the API as an agent and as a console would. */
final class TarsyClient {

    static final String JSON = "application/json";
    static final String MERGE_PATCH = "application/merge-patch+json";
    static final String NDJSON = "application/x-ndjson";

    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(20))
            .build();

    private final URI root;
    private final HttpClient http;

    TarsyClient(URI root) {
        this(root, HTTP);
    }

    TarsyClient(URI root, HttpClient http) {
        this.root = root;
        this.http = http;
    }

    static String sessions() {
        return "api/v1/history/sessions";
    }

    static String session(String id) {
        return sessions() + "/" + id;
    }

    static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    Answer get(String path, String... headers) {
        return send("GET", path, new byte[0], headers);
    }

    Answer post(String path, JsonNode body) {
        return post(path, Json.write(body));
    }

    Answer post(String path, String body) {
        return send("POST", path, body.getBytes(StandardCharsets.UTF_8), "Content-Type", JSON);
    }

    Answer patch(String path, JsonNode body) {
        return patch(path, Json.write(body));
    }

    Answer patch(String path, String body) {
        return send("PATCH", path, body.getBytes(StandardCharsets.UTF_8), "Content-Type", MERGE_PATCH);
    }

    Answer delete(String path) {
        return send("DELETE", path, new byte[0]);
    }

    Answer batch(List<? extends JsonNode> records) {
        return batch(records.stream().map(Json::write).collect(Collectors.joining("\n", "", "\n")));
    }

    Answer batch(String lines) {
        return send(
                "POST",
                "api/v1/history/batch",
                lines.getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                NDJSON,
                "Accept",
                NDJSON);
    }

    Answer zippedBatch(String lines) {
        return send(
                "POST",
                "api/v1/history/batch",
                zipped(lines.getBytes(StandardCharsets.UTF_8)),
                "Content-Type",
                NDJSON,
                "Content-Encoding",
                "gzip");
    }

    Answer send(String method, String path, byte[] body, String... headers) {
        var request = HttpRequest.newBuilder(root.resolve(path)).timeout(Duration.ofMinutes(5));
        if (headers.length > 0) {
            request.headers(headers);
        }
        request.method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        try {
            var answer = http.send(request.build(), BodyHandlers.ofByteArray());
            return new Answer(method + " " + path, answer.statusCode(), answer.headers(), answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static byte[] zipped(byte[] plain) {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(bytes)) {
            zip.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    // what the tests say most often

    String createsSession(JsonNode session) {
        return post(sessions(), session).expect(201).json().path("session_id").asText();
    }

    JsonNode detail(String id) {
        return get(session(id)).expect(200).json();
    }

    JsonNode patchesSession(String id, String change) {
        return patch(session(id), Json.object(change)).expect(200).json();
    }

    Answer addsStage(String session, JsonNode stage) {
        return post(session(session) + "/stages", stage);
    }

    Answer patchesStage(String session, String stage, String change) {
        return patch(session(session) + "/stages/" + stage, Json.object(change));
    }

    Answer recordsLlm(String session, JsonNode interaction) {
        return post(session(session) + "/llm-interactions", interaction);
    }

    Answer recordsMcp(String session, JsonNode communication) {
        return post(session(session) + "/mcp-communications", communication);
    }
}
