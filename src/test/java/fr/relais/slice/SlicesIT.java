package fr.relais.slice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import fr.relais.Mirror;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import fr.relais.source.Page;
import fr.relais.source.Throttle;
import fr.relais.sweep.Sweep;
import fr.relais.sweep.SweepSummary;
import fr.relais.sweep.Sweeps;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SlicesIT {

    @Test
    @Timeout(60)
    void no_worker_waits_for_a_failed_one_even_when_the_database_fails() throws Exception {
        try (SourceSimulator source = SourceSimulator.start(SimulatorOptions.defaults());
                Mirror mirror = Mirror.of(source).start()) {
            Sweep sweep = mirror.bean(Sweeps.class).open();
            Slices slices = mirror.bean(Slices.class);
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
                    .as("slice taken by the next holder of the lease")
                    .isNotNull();
        }
    }

    @Test
    @Timeout(60)
    void a_slice_that_the_queue_delivers_twice_counts_once() throws Exception {
        try (SourceSimulator source = SourceSimulator.start(SimulatorOptions.defaults());
                Mirror mirror =
                        Mirror.of(source).with("relais.source.origins", "1,2").start()) {
            Sweep sweep = mirror.bean(Sweeps.class).open();
            Slices slices = mirror.bean(Slices.class);
            slices.plan(sweep);
            String taken = slices.take(sweep);
            SliceReading first = slices.open(taken);
            SliceReading second = slices.open(taken);
            while (first.isOpen()) {
                slices.requireOpen(second);
                slices.recordPage(first, new Page(0, 0, List.of(), List.of(), Map.of()));
                slices.decide(first);
            }

            slices.close(first);
            slices.recordFailure(second, new ConnectException());
            slices.close(second);

            assertThat(mirror.jdbc
                            .sql("select state from slice order by id")
                            .query(String.class)
                            .list())
                    .containsExactly("proved", "planned");
            assertThatThrownBy(() -> slices.requireOpen(second)).hasMessage("the reading of this slice has ended");
        }
    }

    @Test
    @Timeout(60)
    void a_slice_whose_process_is_stopping_is_left_to_other_processes() throws Exception {
        try (SourceSimulator source = SourceSimulator.start(SimulatorOptions.defaults());
                Mirror mirror = Mirror.of(source).start();
                Mirror other = mirror.secondProcess().start()) {
            Sweep sweep = mirror.bean(Sweeps.class).open();
            mirror.bean(Slices.class).plan(sweep);
            Slices stopping = other.bean(Slices.class);
            Throttle throttle = other.bean(Throttle.class);
            SliceReading reading = stopping.open(stopping.take(sweep));
            throttle.stop();

            stopping.recordFailure(reading, catchThrowable(throttle::awaitTurn));
            stopping.decide(reading);
            stopping.close(reading);

            assertThat(stopping.take(sweep)).isNull();
            assertThat(mirror.bean(Slices.class).take(sweep)).isNotNull();
        }
    }

    @Test
    void the_history_says_when_each_slice_was_read() throws Exception {
        try (SourceSimulator source = SourceSimulator.start(SimulatorOptions.defaults());
                Mirror mirror = Mirror.of(source)
                        .with("relais.source.page-size", "5")
                        .with("relais.source.window", "15")
                        .start()) {
            new OfferGenerator(1).fill(source.base(), 60, Instant.now(), Duration.ofDays(60), "1");
            long earlier = mirror.sweep().id();
            SweepSummary last = mirror.sweep();

            SliceHistory history = mirror.relais().slices();
            assertThat(history.of(earlier)).isEmpty();
            assertThat(history.of(last.id())).hasSizeGreaterThan(3).allSatisfy(slice -> {
                assertThat(slice.state()).isIn(SliceState.PROVED, SliceState.SPLIT);
                assertThat(slice.reason()).isNull();
                assertThat(slice.readFrom()).isAfterOrEqualTo(last.startedAt());
                assertThat(slice.readTo())
                        .isBetween(slice.readFrom(), last.startedAt().plus(last.duration()));
            });
            assertThat(history.of(last.id()).stream()
                            .filter(slice -> slice.state() == SliceState.PROVED)
                            .mapToInt(SliceSummary::total)
                            .sum())
                    .isEqualTo(60);
        }
    }

    @Test
    void a_slice_that_is_read_again_shows_only_its_last_reading() throws Exception {
        try (SourceSimulator source = SourceSimulator.start(SimulatorOptions.defaults());
                Mirror mirror = Mirror.of(source).start()) {
            Sweep sweep = mirror.bean(Sweeps.class).open();
            Slices slices = mirror.bean(Slices.class);
            slices.plan(sweep);
            slices.take(sweep);
            assertThat(mirror.relais().slices().of(sweep.id())).singleElement().satisfies(slice -> {
                assertThat(slice.state()).isEqualTo(SliceState.READING);
                assertThat(slice.readFrom()).isNotNull();
                assertThat(slice.readTo()).isNull();
            });

            slices.abandon(sweep, new ConnectException());
            assertThat(mirror.relais().slices().of(sweep.id())).singleElement().satisfies(slice -> {
                assertThat(slice.state()).isEqualTo(SliceState.UNPROVED);
                assertThat(slice.reason()).contains("ConnectException");
                assertThat(slice.readTo()).isAfterOrEqualTo(slice.readFrom());
            });

            mirror.bean(Sweeps.class).releaseLease(sweep);
            mirror.bean(Sweeps.class).open();
            assertThat(mirror.relais().slices().of(sweep.id())).singleElement().satisfies(slice -> {
                assertThat(slice.state()).isEqualTo(SliceState.PLANNED);
                assertThat(slice.readFrom()).isNull();
                assertThat(slice.readTo()).isNull();
            });
        }
    }
}
