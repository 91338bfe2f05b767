package fr.relais.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fr.relais.Mirror;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SlicesIT {

    @Test
    @Timeout(60)
    void nobody_waits_for_a_failed_worker_even_when_the_database_cannot_be_told() throws Exception {
        try (SourceSimulator source = SourceSimulator.start(SimulatorOptions.defaults());
                Mirror mirror = Mirror.of(source).start()) {
            Sweep sweep = mirror.bean("sweeps", Sweeps.class).open();
            Slices slices = mirror.bean("slices", Slices.class);
            slices.plan(sweep);
            assertThat(slices.take(sweep)).isNotNull();
            mirror.jdbc.sql("rename table slice to gone").update();
            assertThatThrownBy(() -> slices.abandon(sweep, new IllegalStateException()))
                    .isInstanceOf(RuntimeException.class);
            mirror.jdbc.sql("rename table gone to slice").update();

            assertThat(slices.take(sweep)).isNull();

            Sweep resumed = new Sweep(sweep.id(), Instant.now(), List.of("1"), sweep.fence() + 1);
            mirror.jdbc.sql("update lease set fence = fence + 1").update();
            mirror.jdbc.sql("update slice set state = 'planned'").update();
            assertThat(slices.take(resumed))
                    .as("by the next holder of the lease")
                    .isNotNull();
        }
    }
}
