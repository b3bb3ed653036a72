package io.tarsy.history.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarsy.history.http.Problem;
import io.tarsy.history.ingest.Rejections.Rejected;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Accepted writes that are refused later are never lost. */
class RejectionsTest {

    private static final UUID SPOOL = UUID.randomUUID();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void putsDownWhatWasRefusedAndWhy() throws IOException {
        var rejections = new Rejections(folder, SPOOL);
        rejections.add(List.of(rejected(3)), 99);

        assertThat(rejections.count()).isEqualTo(1);
        assertThat(rejections.bytes()).isEqualTo(Files.size(file()));
        assertThat(Files.readString(file())).isEqualTo("""
                {"spool":"%s","position":3,"received_at_us":17,"rejected_at_us":99,"correlation_id":"request-3",\
                "id":"id-3","error":{"title":"No such thing here","status":404,"detail":"Session s not found"},\
                "record":{"kind":"stage","session_id":"s"}}
                """.formatted(SPOOL));
    }

    @Test
    void doesNotRepeatWhatIsThereAlready() throws IOException {
        new Rejections(folder, SPOOL).add(List.of(rejected(3), rejected(4)), 99);
        var again = new Rejections(folder, SPOOL);
        again.add(List.of(rejected(4), rejected(5)), 99);

        assertThat(again.count()).isEqualTo(3);
        assertThat(Files.readAllLines(file())).hasSize(3);
    }

    @Test
    void anotherSpoolCountsItsPositionsAnew() throws IOException {
        new Rejections(folder, SPOOL).add(List.of(rejected(3)), 99);
        var other = new Rejections(folder, UUID.randomUUID());
        other.add(List.of(rejected(1)), 99);

        assertThat(other.count()).isEqualTo(2);
    }

    @Test
    void theFileMayBeMovedAwayAtAnyTime() throws IOException {
        var rejections = new Rejections(folder, SPOOL);
        rejections.add(List.of(rejected(3)), 99);
        Files.delete(file());

        assertThat(rejections.count()).isZero();
        rejections.add(List.of(rejected(4)), 99);
        assertThat(rejections.count()).isEqualTo(1);
    }

    private static Rejected rejected(long position) {
        return new Rejected(
                new Entry(position, 17, "spare", "request-" + position, "{\"kind\":\"stage\",\"session_id\":\"s\"}"),
                "id-" + position,
                Problem.NOT_FOUND.with("Session s not found"));
    }

    private Path file() {
        return folder.resolve("rejected.ndjson");
    }
}
