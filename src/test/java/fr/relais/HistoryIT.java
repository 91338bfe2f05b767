package fr.relais;

import static org.assertj.core.api.Assertions.assertThat;

import fr.relais.simulator.Bounds;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import fr.relais.sweep.SweepState;
import fr.relais.sweep.SweepSummary;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Sweeps along random histories of the source. Pages and windows are small, so that a small base has many slices.
 *
 * <p>Each test prints its seed. {@code mvn -Plong verify -Dit.test=HistoryIT -Dtests.seed=N} runs each test once, with
 * the seed N. The seed determines the source's options and the events of its history. The threads determine between
 * which calls an event happens.
 */
@ExtendWith(Seeds.class)
@Tag("long")
@Execution(ExecutionMode.CONCURRENT)
class HistoryIT {

    static Stream<Integer> seeds() {
        return Seeds.draw(Integer.getInteger("tests.histories", 10));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void after_any_history_the_mirror_equals_the_source(int seed) throws Exception {
        Random random = new Random(seed);
        try (SourceSimulator source = SourceSimulator.start(options(random));
                Mirror mirror = tinyPages(source)) {
            mirror.start();
            History history = new History(source.base(), new Random(random.nextLong()));
            for (int sweep = 0; sweep < 6; sweep++) {
                // Many events, because the base must not be empty: an empty base proves nothing.
                history.proceed(20 + random.nextInt(40));
                Map<String, String> expected = Mirror.offers(source, "1");

                SweepSummary summary = mirror.sweep();

                assertThat(summary.state()).as(summary.toString()).isEqualTo(SweepState.PROVED);
                assertThat(mirror.offers()).as(summary.toString()).isEqualTo(expected);
                assertThat(summary.created() + summary.updated() + summary.unchanged())
                        .isEqualTo(expected.size());
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void no_living_offer_is_lost_when_the_source_changes_during_a_sweep(int seed) throws Exception {
        Random random = new Random(seed);
        try (SourceSimulator source = SourceSimulator.start(options(random));
                Mirror mirror = tinyPages(source)) {
            mirror.start();
            History history = new History(source.base(), new Random(random.nextLong()));
            history.proceed(150);
            mirror.sweep();
            // With pages of 5 offers, one event for each call is a lot. The events must stop so that the sweep can end.
            AtomicInteger eventsLeft = new AtomicInteger();
            source.onCall((exchange, call) -> {
                if (eventsLeft.getAndDecrement() > 0) {
                    history.proceed(1);
                }
                return false;
            });
            for (int sweep = 0; sweep < 3; sweep++) {
                eventsLeft.set(40);
                Set<String> mirrored = mirror.offers().keySet();
                Set<String> removedBefore = history.removed();

                SweepSummary summary = mirror.sweep();

                Set<String> lost = new TreeSet<>(mirrored);
                lost.removeAll(mirror.offers().keySet());
                Set<String> everRemoved = history.removed();
                everRemoved.addAll(removedBefore);
                assertThat(everRemoved).as(summary.toString()).containsAll(lost);
            }
            source.onCall((exchange, call) -> false);
            SweepSummary quiet = mirror.sweep();
            assertThat(quiet.state()).as(quiet.toString()).isEqualTo(SweepState.PROVED);
            assertThat(mirror.offers()).isEqualTo(Mirror.offers(source, "1"));
        }
    }

    private static SimulatorOptions options(Random random) {
        Bounds[] bounds = Bounds.values();
        return SimulatorOptions.defaults()
                .withBounds(bounds[random.nextInt(bounds.length)])
                .withDateShift(Duration.ofHours(random.nextInt(5) - 2))
                .withFilterShift(Duration.ofHours(random.nextInt(5) - 2))
                .withShuffleTies(random.nextBoolean());
    }

    private static Mirror tinyPages(SourceSimulator source) {
        return Mirror.of(source).with("relais.source.page-size", "5").with("relais.source.window", "15");
    }
}
