package io.tarsy.history.transfer;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PushbackInputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Takes a whole history out of a running server, and compares two histories by counts and hashes.
 *
 * <p>What is compared are the records of each session as an export gives them, byte by byte: the same on both databases,
 * so a history that was moved is proven to be the same.
 */
public final class TransferCommand {

    private static final int SAME = 0;
    private static final int DIFFERENT = 1;
    private static final int STOPPED = 2;

    private static final int SHOWN = 20;
    private static final int PROGRESS = 1_000;

    private static final String USAGE = """
            Usage: TransferCommand export URL FILE     writes every session to a file (gzipped where its name ends in .gz)
                   TransferCommand compare ONE OTHER   counts and hashes of both; each is a URL, or a file of an export
              URL   address of a server, for example http://127.0.0.1:8080""";

    private final PrintStream out;

    private TransferCommand(PrintStream out) {
        this.out = out;
    }

    /** Ends the process with 0 when all is well, 1 when two histories differ, 2 when it had to stop. */
    public static void main(String[] args) {
        System.exit(run(List.of(args), System.out, System.err));
    }

    static int run(List<String> args, PrintStream out, PrintStream err) {
        try {
            var command = new TransferCommand(out);
            if (args.size() == 3 && args.get(0).equals("export")) {
                return command.export(args.get(1), Path.of(args.get(2)));
            }
            if (args.size() == 3 && args.get(0).equals("compare")) {
                return command.compare(args.get(1), args.get(2));
            }
            err.println(USAGE);
        } catch (IOException | InvalidPathException failure) {
            err.println("Stopped: "
                    + Objects.requireNonNullElse(
                            failure.getMessage(), failure.getClass().getSimpleName()));
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            err.println("Interrupted.");
        }
        return STOPPED;
    }

    /** The file has its name only once it is complete. */
    private int export(String url, Path file) throws IOException, InterruptedException {
        var unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
        var seals = new Seals();
        try (var sink = sink(unfinished, file.toString().endsWith(".gz"))) {
            new Server(url).each((id, records) -> {
                sink.write(records);
                seals.add(id, records);
                progress(seals);
            });
        }
        Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
        out.println(seals.line(file.toString()));
        return SAME;
    }

    private static OutputStream sink(Path file, boolean gzip) throws IOException {
        var plain = Files.newOutputStream(file);
        return new BufferedOutputStream(gzip ? new GZIPOutputStream(plain, 1 << 16) : plain);
    }

    private void progress(Seals seals) {
        if (seals.sessions() % PROGRESS == 0) {
            out.println("  %,d sessions ...".formatted(seals.sessions()));
        }
    }

    private int compare(String one, String other) throws IOException, InterruptedException {
        var left = seals(one);
        out.println(left.line(one));
        var right = seals(other);
        out.println(right.line(other));
        var differing = left.differing(right);
        if (differing.isEmpty()) {
            out.println("Both are the same: every session, every record, every byte of them.");
            return SAME;
        }
        out.println("%,d sessions differ or are in one of them only:".formatted(differing.size()));
        differing.stream()
                .limit(SHOWN)
                .forEach(id -> out.println("  " + id + ": " + left.of(id) + " and " + right.of(id)));
        return DIFFERENT;
    }

    private Seals seals(String place) throws IOException, InterruptedException {
        var seals = new Seals();
        if (place.matches("https?://.*")) {
            new Server(place).each((id, records) -> {
                seals.add(id, records);
                progress(seals);
            });
        } else {
            Export.each(Path.of(place), seals::add);
        }
        return seals;
    }

    /** Takes the records of one session, a line of JSON each. */
    @FunctionalInterface
    private interface Sessions {
        void take(String id, byte[] records) throws IOException;
    }

    /** How many records each session has, and their hash. */
    private static final class Seals {
        private record Seal(long records, String hash) {}

        private final Map<String, Seal> bySession = new TreeMap<>();

        void add(String id, byte[] records) {
            long lines = 0;
            for (byte b : records) {
                lines += b == '\n' ? 1 : 0;
            }
            bySession.put(id, new Seal(lines, hash(records)));
        }

        int sessions() {
            return bySession.size();
        }

        String of(String id) {
            var seal = bySession.get(id);
            return seal == null ? "nothing" : "%,d records %s".formatted(seal.records, seal.hash.substring(0, 12));
        }

        Set<String> differing(Seals other) {
            var ids = new TreeSet<>(bySession.keySet());
            ids.addAll(other.bySession.keySet());
            ids.removeIf(id -> Objects.equals(bySession.get(id), other.bySession.get(id)));
            return ids;
        }

        String line(String place) {
            var all = new StringBuilder();
            bySession.forEach(
                    (id, seal) -> all.append(id).append(' ').append(seal.hash).append('\n'));
            return "%s: %,d sessions, %,d records, SHA-256 %s"
                    .formatted(
                            place,
                            bySession.size(),
                            bySession.values().stream().mapToLong(Seal::records).sum(),
                            hash(all.toString().getBytes(StandardCharsets.UTF_8)));
        }

        private static String hash(byte[] bytes) {
            try {
                return HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
            } catch (NoSuchAlgorithmException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }

    /** A file that was written by an export: sessions one after the other, each begun by its own record. */
    private static final class Export {
        private static final String BEGIN = "{\"kind\":\"session\",";

        private Export() {}

        static void each(Path file, Sessions sessions) throws IOException {
            try (var source = unzipped(Files.newInputStream(file))) {
                var records = new ByteArrayOutputStream();
                Optional<String> id = Optional.empty();
                for (var line = line(source); line.length > 0; line = line(source)) {
                    var text = new String(line, StandardCharsets.UTF_8);
                    if (text.startsWith(BEGIN)) {
                        hand(id, records, sessions);
                        id = Json.first(text, "session_id");
                        records.reset();
                    }
                    if (id.isEmpty()) {
                        throw new IOException(file + " does not begin with a session: it is no file of an export.");
                    }
                    records.writeBytes(line);
                }
                hand(id, records, sessions);
            }
        }

        /** The bytes up to the next line feed and with it, as they are; none at the end. */
        private static byte[] line(InputStream source) throws IOException {
            var line = new ByteArrayOutputStream();
            for (int next = source.read(); next >= 0; next = source.read()) {
                line.write(next);
                if (next == '\n') {
                    break;
                }
            }
            return line.toByteArray();
        }

        private static void hand(Optional<String> id, ByteArrayOutputStream records, Sessions sessions)
                throws IOException {
            if (id.isPresent()) {
                sessions.take(id.get(), records.toByteArray());
            }
        }

        private static InputStream unzipped(InputStream source) throws IOException {
            var peeked = new PushbackInputStream(new BufferedInputStream(source), 2);
            byte[] magic = peeked.readNBytes(2);
            peeked.unread(magic);
            boolean gzip = magic.length == 2 && magic[0] == 0x1f && magic[1] == (byte) 0x8b;
            return gzip ? new BufferedInputStream(new GZIPInputStream(peeked, 1 << 16)) : peeked;
        }
    }

    /** A running server: its list, page by page, and the export of each session on it. */
    private static final class Server {
        private static final int TRIES = 20;
        private static final Duration PAUSE = Duration.ofSeconds(2);
        private static final int NOT_FOUND = 404;

        private final HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(10))
                .build();
        private final String sessions;

        Server(String url) {
            this.sessions = url.strip().replaceAll("/+$", "") + "/api/v1/history/sessions";
        }

        void each(Sessions taker) throws IOException, InterruptedException {
            var page = "?page_size=250&sort_by=started_at_us&sort_order=asc";
            for (var cursor = ""; ; ) {
                var list = new String(get(page + cursor).body(), StandardCharsets.UTF_8);
                for (var id : Json.all(list, "session_id")) {
                    var export = get("/" + encoded(id) + "/export?format=ndjson");
                    if (export.statusCode() != NOT_FOUND) { // deleted since the list was read
                        taker.take(id, export.body());
                    }
                }
                var next = Json.first(list, "next_cursor");
                if (next.isEmpty()) {
                    return;
                }
                cursor = "&cursor=" + encoded(next.get());
            }
        }

        private HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
            var request = request(sessions + path);
            for (int attempt = 1; ; attempt++) {
                var answer = client.send(request, BodyHandlers.ofByteArray());
                int status = answer.statusCode();
                if (status == 200 || (status == NOT_FOUND && path.startsWith("/"))) {
                    return answer;
                }
                if ((status != 503 && status != 429) || attempt == TRIES) {
                    throw new IOException("%s answered %d".formatted(request.uri(), status));
                }
                Thread.sleep(PAUSE.toMillis());
            }
        }

        private static HttpRequest request(String address) throws IOException {
            try {
                return HttpRequest.newBuilder(URI.create(address))
                        .timeout(Duration.ofMinutes(2))
                        .build();
            } catch (IllegalArgumentException wrong) {
                throw new IOException("The address of a server looks like http://127.0.0.1:8080", wrong);
            }
        }

        private static String encoded(String text) {
            return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
        }
    }

    /** As much of JSON as is needed here: texts behind a name, in answers whose form is known. */
    private static final class Json {
        private static final Pattern ESCAPE = Pattern.compile("\\\\(u[0-9a-fA-F]{4}|.)");

        private Json() {}

        static Optional<String> first(String json, String name) {
            return matcher(json, name)
                    .results()
                    .map(found -> plain(found.group(1)))
                    .findFirst();
        }

        static List<String> all(String json, String name) {
            return matcher(json, name)
                    .results()
                    .map(found -> plain(found.group(1)))
                    .distinct()
                    .toList();
        }

        /** Inside of a text a quotation mark has a backslash before it, so this finds names only. */
        private static Matcher matcher(String json, String name) {
            return Pattern.compile("[{,]\"" + name + "\":\"((?:[^\"\\\\]|\\\\.)*)\"")
                    .matcher(json);
        }

        private static String plain(String escaped) {
            return ESCAPE.matcher(escaped).replaceAll(found -> {
                var code = found.group(1);
                return Matcher.quoteReplacement(
                        switch (code.charAt(0)) {
                            case 'u' -> String.valueOf((char) Integer.parseInt(code.substring(1), 16));
                            case 'n' -> "\n";
                            case 't' -> "\t";
                            case 'r' -> "\r";
                            case 'b' -> "\b";
                            case 'f' -> "\f";
                            default -> code;
                        });
            });
        }
    }
}
