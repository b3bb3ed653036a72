package io.tarsy.history.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs the machine's own commands. */
final class Commands {
    private Commands() {}

    /** Runs one that must succeed; its output. */
    static String run(String... command) throws IOException {
        var result = attempt(command);
        if (result.status != 0) {
            throw new IOException(List.of(command) + " ended with " + result.status + ": " + result.output);
        }
        return result.output;
    }

    /** Runs one that may fail. */
    static Result attempt(String... command) throws IOException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var output = process.getInputStream()) {
            var text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), text);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            throw new IOException(ended);
        }
    }

    /** What became of a command. */
    record Result(int status, String output) {}
}
