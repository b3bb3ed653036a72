package io.tarsy.history.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The short set of the fault suite: what must hold on any machine, however busy; times are for {@code make faults}. */
@Tag("across")
@Execution(ExecutionMode.CONCURRENT)
class FaultsIT {

    @Test
    void r6PostgresqlIsKilledAndFrozenAndTheServerIsKilled() throws Exception {
        holds(Faults.run(List.of("payara"), List.of("postgresql"), Faults.Extent.BRIEF));
    }

    @Test
    void r6SqliteIsLockedRemovedAndDamagedAndTheServerIsKilled() throws Exception {
        holds(Faults.run(List.of("liberty"), List.of("sqlite"), Faults.Extent.BRIEF));
    }

    private static void holds(List<Outcome> outcomes) {
        assertThat(outcomes)
                .isNotEmpty()
                .allSatisfy(outcome ->
                        assertThat(outcome.wrong()).as(outcome.line()).isEmpty());
    }
}
