package io.tarsy.history.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Commands as a person types them: in bash, in a folder. */
final class Shell {
    private static final long PATIENCE_MINUTES = 3;
    /** What would change what our commands do, were it set where the tests were started. */
    static final String OURS =
            "(HISTORY|DATABASE|POSTGRES|TARSY|ORPHANED|PG)_?.*|PORT|SERVER|URL|FILE|FROM|TO|MAKE.*|MFLAGS";

    private Shell() {}

    /** What became of commands. */
    record Ended(int status, String output) {

        /** Fails with what they said where they failed. */
        String well() {
            assertThat(status).as(output).isZero();
            return output;
        }
    }

    static Ended run(Path folder, Map<String, String> environment, String commands)
            throws IOException, InterruptedException {
        var said = Files.createTempFile("tarsy-it-", ".txt");
        try {
            var builder = new ProcessBuilder("bash", "-c", "set -eu\n" + commands)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile());
            builder.environment().keySet().removeIf(name -> name.matches(OURS));
            builder.environment().putAll(environment);
            var process = builder.start();
            if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new IllegalStateException("did not end: " + commands + "\n" + Files.readString(said));
            }
            return new Ended(process.exitValue(), Files.readString(said));
        } finally {
            Files.delete(said);
        }
    }

    /** What a tool says when it is asked for its version; nothing where it is not here. */
    static String version(String tool) throws IOException, InterruptedException {
        return run(Path.of("."), Map.of(), tool + " --version || true").output();
    }
}
