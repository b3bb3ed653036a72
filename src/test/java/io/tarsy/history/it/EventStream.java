package io.tarsy.history.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Listens to events as a browser does, and keeps what it heard. */
final class EventStream implements AutoCloseable {

    /** One event; id is -1 for a comment, whose text stands as its type. */
    record Heard(long id, String type, @Nullable JsonNode data) {}

    private final List<Heard> heard = new ArrayList<>();
    private final InputStream in;
    private final Thread reading;

    private EventStream(InputStream in) {
        this.in = in;
        this.reading = new Thread(this::read, "listens to events");
        reading.setDaemon(true);
        reading.start();
    }

    /** Connects and waits for the first bytes, so that nothing written afterwards is missed. */
    static EventStream open(URI root, String query, String... headers) {
        try {
            var request = HttpRequest.newBuilder(root.resolve("api/v1/history/events" + query))
                    .timeout(Duration.ofMinutes(1));
            if (headers.length > 0) {
                request.headers(headers);
            }
            var answer = HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofInputStream());
            if (answer.statusCode() != 200) {
                throw new IOException("events answered " + answer.statusCode());
            }
            var stream = new EventStream(answer.body());
            stream.await(event -> true, 1);
            return stream;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void read() {
        try (var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            long id = -1;
            var type = "";
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(":")) {
                    note(new Heard(-1, line.substring(1).trim(), null));
                } else if (line.startsWith("event: ")) {
                    type = line.substring(7);
                } else if (line.startsWith("id: ")) {
                    id = Long.parseLong(line.substring(4));
                } else if (line.startsWith("data: ")) {
                    note(new Heard(id, type, Json.parse(line.substring(6))));
                }
            }
        } catch (IOException closed) {
            note(new Heard(-1, "closed", null));
        }
    }

    private void note(Heard event) {
        synchronized (heard) {
            heard.add(event);
            heard.notifyAll();
        }
    }

    /** The events so far, without comments. */
    List<Heard> events() {
        synchronized (heard) {
            return heard.stream().filter(event -> event.id >= 0).toList();
        }
    }

    /** Waits until so many are such. */
    List<Heard> await(Predicate<Heard> such, int number) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        synchronized (heard) {
            while (true) {
                var found = heard.stream().filter(such).toList();
                if (found.size() >= number) {
                    return found;
                }
                if (System.nanoTime() > end) {
                    throw new AssertionError("only " + found.size() + " of " + number + " came; heard " + heard);
                }
                try {
                    heard.wait(500);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    static Predicate<Heard> of(String sessionId) {
        return event ->
                event.data != null && event.data.path("session_id").asText().equals(sessionId);
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException alreadyClosed) {
            throw new UncheckedIOException(alreadyClosed);
        }
    }
}
