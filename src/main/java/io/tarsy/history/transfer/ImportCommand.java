package io.tarsy.history.transfer;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PushbackInputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;

/**
 * Sends a file of NDJSON records to a running server and says what became of each line.
 *
 * <p>Every record carries its id and the server takes a repeated one as unchanged, so whatever may have been lost is
 * simply sent again, and a whole import can be repeated at any time.
 */
public final class ImportCommand {

    private static final int LINES_PER_REQUEST = 500;
    private static final int BYTES_PER_REQUEST = 4 << 20;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final int ALL_STORED = 0;
    private static final int SOME_REJECTED = 1;
    private static final int STOPPED = 2;

    private static final String USAGE = """
            Usage: ImportCommand FILE URL
              FILE  records in the batch format, one JSON object a line; may be gzipped; - reads standard input
              URL   address of the server, for example http://127.0.0.1:8080""";

    private final Sender sender;
    private final Report report;

    private ImportCommand(Sender sender, Report report) {
        this.sender = sender;
        this.report = report;
    }

    /** Ends the process with 0 when every line is stored, 1 when some were rejected, 2 when it had to stop. */
    public static void main(String[] args) {
        System.exit(run(args, System.in, System.out, System.err));
    }

    static int run(String[] args, InputStream in, PrintStream out, PrintStream err) {
        return run(args, in, out, err, PATIENCE);
    }

    static int run(String[] args, InputStream in, PrintStream out, PrintStream err, Duration patience) {
        Report report = new Report(out, err);
        try {
            if (args.length != 2) {
                throw new Stop(USAGE);
            }
            Sender sender = new Sender(batchAddress(args[1]), patience, report);
            new ImportCommand(sender, report).importAll(args[0], in);
            return report.rejected() == 0 ? ALL_STORED : SOME_REJECTED;
        } catch (Stop stop) {
            report.stopped(stop.sentence());
            return STOPPED;
        }
    }

    private void importAll(String file, InputStream standardInput) throws Stop {
        try (InputStream source = "-".equals(file) ? standardInput : Files.newInputStream(Path.of(file))) {
            sendAll(new Lines(unzipped(source)));
            report.done();
        } catch (IOException | InvalidPathException e) {
            throw new Stop("Cannot read %s: %s".formatted("-".equals(file) ? "standard input" : file, Text.reason(e)));
        }
    }

    private void sendAll(Lines lines) throws IOException, Stop {
        List<Line> batch = new ArrayList<>();
        int bytes = 0;
        for (Optional<Line> next = lines.next(); next.isPresent(); next = lines.next()) {
            Line line = next.get();
            if (!batch.isEmpty()
                    && (batch.size() == LINES_PER_REQUEST || bytes + line.bytes.length > BYTES_PER_REQUEST)) {
                sender.send(batch);
                batch.clear();
                bytes = 0;
            }
            batch.add(line);
            bytes += line.bytes.length + 1;
        }
        sender.send(batch);
    }

    private static InputStream unzipped(InputStream source) throws IOException {
        PushbackInputStream peeked = new PushbackInputStream(new BufferedInputStream(source), 2);
        byte[] magic = peeked.readNBytes(2);
        peeked.unread(magic);
        boolean gzip = magic.length == 2 && magic[0] == 0x1f && magic[1] == (byte) 0x8b;
        return gzip ? new GZIPInputStream(peeked, 1 << 16) : peeked;
    }

    private static URI batchAddress(String given) throws Stop {
        String base = given.strip().replaceAll("/+$", "");
        try {
            URI uri = new URI(base + "/api/v1/history/batch");
            String scheme = Optional.ofNullable(uri.getScheme()).orElse("").toLowerCase(Locale.ROOT);
            boolean usable = (scheme.equals("http") || scheme.equals("https"))
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && !base.contains("?")
                    && !base.contains("#");
            if (usable) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // said below: the message of the exception would repeat a password that is in the address
        }
        throw new Stop(
                "The address of the server must look like http://127.0.0.1:8080 (no user, no ? and no #).\n" + USAGE);
    }

    /** One line of the file, by its number in the file. */
    private static final class Line {
        private final long number;
        private final byte[] bytes;

        Line(long number, byte[] bytes) {
            this.number = number;
            this.bytes = bytes;
        }
    }

    /** What the server said about one line; {@code code} is the HTTP status that a rejected line would have had. */
    private record Verdict(String status, int code, String error) {

        boolean stored() {
            return !status.equals("rejected");
        }

        boolean mayPass() {
            return code == 429 || code == 503;
        }
    }

    /** Why the import cannot go on, as a sentence for the user. */
    private static final class Stop extends Exception {
        private static final long serialVersionUID = 1;
        private final String sentence;

        Stop(String sentence) {
            super(sentence);
            this.sentence = sentence;
        }

        String sentence() {
            return sentence;
        }
    }

    /** Reads lines as bytes, so that what arrives is what the file holds; blank lines are counted and left out. */
    private static final class Lines {
        private static final int LONGEST = 64 << 20;

        private final InputStream in;
        private final byte[] buffer = new byte[1 << 16];
        private int position;
        private int end;
        private long number;

        Lines(InputStream in) {
            this.in = in;
        }

        Optional<Line> next() throws IOException, Stop {
            ByteArrayOutputStream read = new ByteArrayOutputStream(1 << 10);
            while (readLine(read)) {
                number++;
                byte[] bytes = number == 1 ? Text.withoutByteOrderMark(read.toByteArray()) : read.toByteArray();
                if (hasText(bytes)) {
                    return Optional.of(new Line(number, bytes));
                }
                read.reset();
            }
            return Optional.empty();
        }

        private boolean readLine(ByteArrayOutputStream line) throws IOException, Stop {
            boolean any = false;
            while (position < end || fill()) {
                any = true;
                int start = position;
                while (position < end && buffer[position] != '\n') {
                    position++;
                }
                line.write(buffer, start, position - start);
                if (line.size() > LONGEST) {
                    throw new Stop("Line %,d is longer than %,d MiB: this is no file of one JSON object a line."
                            .formatted(number + 1, LONGEST >> 20));
                }
                if (position < end) {
                    position++;
                    return true;
                }
            }
            return any;
        }

        private boolean fill() throws IOException {
            position = 0;
            end = Math.max(0, in.read(buffer));
            return end > 0;
        }

        private static boolean hasText(byte[] bytes) {
            for (byte b : bytes) {
                if (b != ' ' && b != '\t' && b != '\r') {
                    return true;
                }
            }
            return false;
        }
    }

    /** Sends lines until the server has decided on each, within the bounds of our patience. */
    private static final class Sender {
        private static final Duration CONNECT_WITHIN = Duration.ofSeconds(10);
        private static final Duration ANSWER_WITHIN = Duration.ofMinutes(2);
        private static final long LONGEST_PAUSE_MS = 15_000;

        private final HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_WITHIN)
                .build();
        private final URI batch;
        private final Duration patience;
        private final Report report;
        private boolean everAnswered;
        private int failures;
        private long failingSince;

        Sender(URI batch, Duration patience, Report report) {
            this.batch = batch;
            this.patience = patience;
            this.report = report;
        }

        void send(List<Line> lines) throws Stop {
            List<Line> open = List.copyOf(lines);
            while (!open.isEmpty()) {
                open = attempt(open);
            }
        }

        /** One request; gives back the lines that are to be sent again. */
        private List<Line> attempt(List<Line> lines) throws Stop {
            HttpResponse<byte[]> answer;
            try {
                answer = post(lines);
            } catch (IOException e) {
                if (!everAnswered && Text.unreachable(e)) {
                    throw new Stop(
                            "Cannot reach %s: %s. Is the server running there?".formatted(batch, Text.reason(e)));
                }
                pause(Optional.empty(), "the connection broke (%s)".formatted(Text.reason(e)));
                return lines;
            }
            everAnswered = true;
            int code = answer.statusCode();
            if (code == 200 || code == 207) {
                return settle(lines, answer.body());
            }
            String problem = "the server answered %d: %s".formatted(code, Text.problem(answer.body()));
            if (code == 413) {
                return smaller(lines, problem);
            }
            if (code == 429 || (code >= 502 && code <= 504)) {
                pause(retryAfter(answer), problem);
                return lines;
            }
            throw new Stop(
                    "Stopped, because %s%s (%s)".formatted(problem, code == 404 ? ". Is URL right?" : "", batch));
        }

        private HttpResponse<byte[]> post(List<Line> lines) throws IOException, Stop {
            HttpRequest request = HttpRequest.newBuilder(batch)
                    .header("Content-Type", "application/x-ndjson")
                    .header("Accept", "application/x-ndjson, application/problem+json")
                    .POST(BodyPublishers.ofByteArray(body(lines)))
                    .build();
            CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(request, BodyHandlers.ofByteArray());
            try {
                return answer.get(ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                answer.cancel(true);
                throw new IOException("no answer within %d s".formatted(ANSWER_WITHIN.toSeconds()), e);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof IOException cause ? cause : new IOException(Text.reason(e), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Stop("Interrupted.");
            }
        }

        private static byte[] body(List<Line> lines) {
            int size = lines.stream().mapToInt(line -> line.bytes.length + 1).sum();
            byte[] body = new byte[size];
            int at = 0;
            for (Line line : lines) {
                System.arraycopy(line.bytes, 0, body, at, line.bytes.length);
                at += line.bytes.length;
                body[at++] = '\n';
            }
            return body;
        }

        /**
         * Books every line that is decided. A line that the server could not take now is sent again, and with it what was
         * rejected behind it, for that may only have failed because the earlier line was missing.
         */
        private List<Line> settle(List<Line> lines, byte[] body) throws Stop {
            Map<Integer, Verdict> verdicts = Answers.of(body);
            if (verdicts.isEmpty()) {
                throw new Stop("Stopped, because %s answered something that is not an answer of TARSy History: %s"
                        .formatted(batch, Text.problem(body)));
            }
            List<Line> open = new ArrayList<>();
            String why = "the answer did not cover every line";
            for (int i = 0; i < lines.size(); i++) {
                Verdict verdict = verdicts.getOrDefault(i + 1, new Verdict("rejected", 503, why));
                if (verdict.stored() || (open.isEmpty() && !verdict.mayPass())) {
                    report.book(lines.get(i), verdict);
                } else {
                    why = open.isEmpty() ? verdict.error() : why;
                    open.add(lines.get(i));
                }
            }
            if (open.size() < lines.size()) {
                failures = 0;
            }
            if (!open.isEmpty()) {
                pause(Optional.empty(), why);
            }
            report.progress();
            return open;
        }

        private List<Line> smaller(List<Line> lines, String problem) throws Stop {
            int half = lines.size() / 2;
            if (half == 0) {
                report.book(lines.get(0), new Verdict("rejected", 413, problem));
                return List.of();
            }
            send(lines.subList(0, half));
            return lines.subList(half, lines.size());
        }

        private void pause(Optional<Duration> asked, String why) throws Stop {
            if (failures == 0) {
                failingSince = System.nanoTime();
            }
            long growing = Math.min(LONGEST_PAUSE_MS, 250L << Math.min(failures, 10));
            Duration pause = asked.orElse(Duration.ofMillis(growing));
            failures++;
            Duration failing = Duration.ofNanos(System.nanoTime() - failingSince);
            if (failing.plus(pause).compareTo(patience) > 0) {
                throw new Stop("Gave up after %d s, because %s. What is stored stays stored; run it again later."
                        .formatted(failing.toSeconds(), why));
            }
            report.waiting(pause, why);
            try {
                Thread.sleep(pause.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Stop("Interrupted.");
            }
        }

        private static Optional<Duration> retryAfter(HttpResponse<?> answer) {
            String value = answer.headers().firstValue("Retry-After").orElse("").strip();
            if (value.matches("[0-9]{1,6}")) {
                return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
            }
            try {
                Instant until = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant();
                Duration left = Duration.between(Instant.now(), until);
                return Optional.of(left.isNegative() ? Duration.ZERO : left);
            } catch (DateTimeParseException e) {
                return Optional.empty();
            }
        }
    }

    /** Counts, and tells the user: one moving line on a terminal, a line every few seconds elsewhere. */
    private static final class Report {
        private static final int REJECTED_SHOWN = 20;
        private static final long EVERY_MS = 3_000;
        private static final double MEGABYTE = 1_000_000;

        private final PrintStream out;
        private final PrintStream err;
        private final boolean terminal;
        private final Map<String, Long> counts = new LinkedHashMap<>();
        private final long started = System.nanoTime();
        private long lastShown = started;
        private long lines;
        private long bytes;
        private boolean lineOpen;

        @SuppressWarnings("SystemConsoleNull")
        Report(PrintStream out, PrintStream err) {
            this.out = out;
            this.err = err;
            String term = Optional.ofNullable(System.getenv("TERM")).orElse("dumb");
            this.terminal = out == System.out && System.console() != null && !term.equals("dumb");
            for (String status : List.of("created", "unchanged", "updated", "rejected")) {
                counts.put(status, 0L);
            }
        }

        long rejected() {
            return counts.getOrDefault("rejected", 0L);
        }

        void book(Line line, Verdict verdict) {
            lines++;
            bytes += line.bytes.length + 1;
            counts.merge(verdict.status(), 1L, Long::sum);
            if (!verdict.stored() && rejected() <= REJECTED_SHOWN) {
                endLine();
                err.printf("line %d: %s%n", line.number, Text.printable(verdict.error()));
            }
        }

        void progress() {
            if (terminal) {
                out.printf("\r%-100s", figures());
                out.flush();
                lineOpen = true;
            } else if (Duration.ofNanos(System.nanoTime() - lastShown).toMillis() >= EVERY_MS) {
                out.println(figures());
                lastShown = System.nanoTime();
            }
        }

        void waiting(Duration pause, String why) {
            if (pause.toMillis() >= 1_000) {
                endLine();
                err.printf("Waiting %d s, because %s%n", pause.toSeconds(), Text.printable(why));
            }
        }

        void done() {
            endLine();
            if (rejected() > REJECTED_SHOWN) {
                err.printf("... and %,d more rejected lines%n", rejected() - REJECTED_SHOWN);
            }
            out.println("Done: " + figures());
        }

        void stopped(String sentence) {
            endLine();
            if (lines > 0) {
                out.println("Not finished: " + figures());
            }
            err.println(sentence);
        }

        private String figures() {
            double seconds = Math.max(0.001, (System.nanoTime() - started) / 1e9);
            StringBuilder text = new StringBuilder(100);
            text.append(String.format(Locale.ROOT, "%,d lines, %.1f MB", lines, bytes / MEGABYTE));
            counts.forEach((status, count) -> text.append(String.format(Locale.ROOT, ", %,d %s", count, status)));
            return text.append(String.format(Locale.ROOT, " (%.1f s, %,.0f lines/s)", seconds, lines / seconds))
                    .toString();
        }

        private void endLine() {
            if (lineOpen) {
                out.println();
                lineOpen = false;
            }
        }
    }

    /** Understands the answer of the batch call: a line of JSON for each line sent, numbered from 1. */
    private static final class Answers {

        static Map<Integer, Verdict> of(byte[] body) {
            Map<Integer, Verdict> verdicts = new LinkedHashMap<>();
            new String(body, StandardCharsets.UTF_8).lines().forEach(text -> {
                Map<?, ?> answer = Json.object(text);
                if (answer.get("line") instanceof Number line && answer.get("status") instanceof String status) {
                    verdicts.put(line.intValue(), verdict(status, Json.child(answer, "error")));
                }
            });
            return verdicts;
        }

        private static Verdict verdict(String status, Map<?, ?> error) {
            boolean stored = List.of("created", "unchanged", "updated").contains(status);
            int code = error.get("status") instanceof Number number ? number.intValue() : 0;
            return new Verdict(stored ? status : "rejected", code, Text.sentence(error, "rejected without a reason"));
        }
    }

    /** Words for people, made of what machines said. */
    private static final class Text {
        private static final int LONGEST = 400;

        /** The detail of a problem, with the fields that are wrong. */
        static String sentence(Map<?, ?> problem, String otherwise) {
            StringBuilder text = new StringBuilder();
            if (problem.get("detail") instanceof String detail) {
                text.append(detail);
            } else {
                text.append(problem.get("title") instanceof String title ? title : otherwise);
            }
            if (problem.get("errors") instanceof List<?> errors) {
                for (Object error : errors) {
                    if (error instanceof Map<?, ?> one && one.get("message") instanceof String message) {
                        String field = one.get("field") instanceof String name ? name + ": " : "";
                        text.append(text.indexOf(message) < 0 ? "; " + field + message : "");
                    }
                }
            }
            return text.toString();
        }

        static String problem(byte[] body) {
            String text = new String(body, 0, Math.min(body.length, 1 << 16), StandardCharsets.UTF_8);
            return printable(sentence(Json.object(text), text.isBlank() ? "nothing" : text.strip()));
        }

        /** An error may quote what was sent, and that may hold control characters that a terminal would obey. */
        static String printable(String text) {
            String shown = text.replaceAll("\\p{Cntrl}+", " ");
            return shown.length() <= LONGEST ? shown : shown.substring(0, LONGEST) + " …";
        }

        static String reason(Throwable thrown) {
            String name = thrown.getClass().getSimpleName();
            String message = Optional.ofNullable(thrown.getMessage()).orElse("");
            String known = Map.of("NoSuchFileException", "no such file", "AccessDeniedException", "access denied")
                    .getOrDefault(name, message);
            return known.isBlank() ? (name.equals("ConnectException") ? "no connection" : spaced(name)) : known;
        }

        static boolean unreachable(Throwable thrown) {
            return thrown instanceof ConnectException
                    || thrown instanceof HttpConnectTimeoutException
                    || thrown instanceof UnknownHostException;
        }

        static byte[] withoutByteOrderMark(byte[] bytes) {
            boolean marked =
                    bytes.length >= 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF;
            return marked ? Arrays.copyOfRange(bytes, 3, bytes.length) : bytes;
        }

        private static String spaced(String exceptionName) {
            return exceptionName
                    .replaceAll("Exception$", "")
                    .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
                    .toLowerCase(Locale.ROOT);
        }
    }

    /** Just enough JSON to read an answer: maps, lists, strings, numbers and booleans, with {@link #NOTHING} for null. */
    private static final class Json {
        private static final Object NOTHING = new Object();
        private static final int DEEPEST = 50;

        private final String text;
        private int at;

        private Json(String text) {
            this.text = text;
        }

        /** The object that the text is; an empty one if it is anything else. */
        static Map<?, ?> object(String text) {
            try {
                Json json = new Json(text);
                Object value = json.value(0);
                return json.peek() == 0 && value instanceof Map<?, ?> map ? map : Map.of();
            } catch (IllegalArgumentException | StringIndexOutOfBoundsException e) {
                return Map.of();
            }
        }

        static Map<?, ?> child(Map<?, ?> object, String name) {
            return object.get(name) instanceof Map<?, ?> map ? map : Map.of();
        }

        private Object value(int depth) {
            if (depth > DEEPEST) {
                throw new IllegalArgumentException("too deep");
            }
            return switch (peek()) {
                case '{' -> members(depth);
                case '[' -> elements(depth);
                case '"' -> string();
                default -> word();
            };
        }

        private Map<String, Object> members(int depth) {
            Map<String, Object> members = new LinkedHashMap<>();
            at++;
            while (peek() != '}') {
                if (!members.isEmpty()) {
                    take(',');
                }
                peek();
                String name = string();
                take(':');
                members.put(name, value(depth + 1));
            }
            take('}');
            return members;
        }

        private List<Object> elements(int depth) {
            List<Object> elements = new ArrayList<>();
            at++;
            while (peek() != ']') {
                if (!elements.isEmpty()) {
                    take(',');
                }
                elements.add(value(depth + 1));
            }
            take(']');
            return elements;
        }

        private String string() {
            take('"');
            StringBuilder string = new StringBuilder();
            while (text.charAt(at) != '"') {
                char c = text.charAt(at++);
                string.append(c == '\\' ? escaped() : c);
            }
            at++;
            return string.toString();
        }

        private char escaped() {
            char c = text.charAt(at++);
            return switch (c) {
                case 'n' -> '\n';
                case 't' -> '\t';
                case 'r' -> '\r';
                case 'b' -> '\b';
                case 'f' -> '\f';
                case 'u' -> {
                    at += 4;
                    yield (char) Integer.parseInt(text.substring(at - 4, at), 16);
                }
                default -> c;
            };
        }

        private Object word() {
            int start = at;
            while (at < text.length() && ",]} \t\r\n".indexOf(text.charAt(at)) < 0) {
                at++;
            }
            String word = text.substring(start, at);
            return switch (word) {
                case "true" -> true;
                case "false" -> false;
                case "null" -> NOTHING;
                default -> Double.valueOf(word);
            };
        }

        /** The next character that is not white space; 0 at the end. */
        private char peek() {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
            return at < text.length() ? text.charAt(at) : 0;
        }

        private void take(char expected) {
            if (peek() != expected) {
                throw new IllegalArgumentException("expected " + expected);
            }
            at++;
        }
    }
}
