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
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random histories of the source, driven through sweeps. Pages and windows are tiny, so that small bases have many slices.
 *
 * <p>Each test prints its seed. {@code mvn verify -Dit.test=HistoryIT -Drelais.seed=N} runs each once, with the seed N. It settles the
 * source's options and the events of its history. Between which two calls an event falls is up to the threads.
 */
@ExtendWith(Seeds.class)
@Execution(ExecutionMode.CONCURRENT)
class HistoryIT {

    static Stream<Integer> seeds() {
        return Seeds.draw(Integer.getInteger("relais.histories", 10));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void after_any_history_the_mirror_is_the_source(int seed) throws Exception {
        Random random = new Random(seed);
        try (SourceSimulator source = SourceSimulator.start(options(random));
                Mirror mirror = tinyPages(source)) {
            mirror.start();
            History history = new History(source.base(), new Random(random.nextLong()));
            for (int sweep = 0; sweep < 6; sweep++) {
                // Not one event only, which may leave a base that has nothing at all.
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
    void a_source_that_changes_while_it_is_read_loses_nothing_that_lives(int seed) throws Exception {
        Random random = new Random(seed);
        try (SourceSimulator source = SourceSimulator.start(options(random));
                Mirror mirror = tinyPages(source)) {
            mirror.start();
            History history = new History(source.base(), new Random(random.nextLong()));
            history.proceed(150);
            mirror.sweep();
            // With pages of 5 offers one event a call is a storm; it has to pass for a sweep to end.
            AtomicInteger left = new AtomicInteger();
            source.onCall((exchange, call) -> {
                if (left.getAndDecrement() > 0) {
                    history.proceed(1);
                }
                return false;
            });
            for (int sweep = 0; sweep < 3; sweep++) {
                left.set(40);
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
