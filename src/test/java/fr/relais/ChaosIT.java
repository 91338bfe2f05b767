package fr.relais;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import fr.relais.simulator.Call;
import fr.relais.simulator.Fault;
import fr.relais.simulator.FaultKind;
import fr.relais.simulator.Faults;
import fr.relais.simulator.Reply;
import fr.relais.simulator.SettableClock;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import fr.relais.simulator.Truth;
import fr.relais.sweep.SweepState;
import fr.relais.sweep.SweepSummary;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Sweeps of a source that changes while it is read and that has every kind of fault. Whatever happens, no offer is
 * removed that the source still has, and a sweep is proved only if it has read everything.
 *
 * <p>Each test prints its seed. {@code mvn -Plong verify -Dit.test=ChaosIT -Dtests.seed=N} runs each kind of fault,
 * and one mixture of kinds, with the seed N. The seed determines the base, its history, the faults that are possible
 * in each sweep, and what happens to the nth call to an endpoint. The threads determine which slice makes the nth
 * call.
 */
@ExtendWith(Seeds.class)
@Tag("long")
@Execution(ExecutionMode.CONCURRENT)
class ChaosIT {

    private static final int SWEEPS_ALONE = 3;
    private static final int SWEEPS_MIXED = 5;
    private static final int MIXTURES = Integer.getInteger("tests.mixtures", 2);

    static Stream<Arguments> kinds() {
        return Arrays.stream(FaultKind.values()).flatMap(kind -> Seeds.one().map(seed -> Arguments.of(kind, seed)));
    }

    static Stream<Integer> seeds() {
        return Seeds.draw(MIXTURES);
    }

    @ParameterizedTest(name = "{0}, seed {1}")
    @MethodSource("kinds")
    void no_offer_is_lost_to_faults_of_one_kind(FaultKind kind, int seed) throws Exception {
        Random random = new Random(seed);
        try (Life life = new Life(random)) {
            for (int sweep = 0; sweep < SWEEPS_ALONE; sweep++) {
                // The last sweep is an outage: the fault happens to every call that it can happen to.
                life.sweep(EnumSet.of(kind), sweep == SWEEPS_ALONE - 1 ? 1 : 0.02 + 0.3 * random.nextDouble());
            }
            life.sweepWithoutFaults();

            System.out.println(kind + ": " + life);
            assertThat(life.happened).as("the fault really happened").containsOnlyKeys(kind);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void no_offer_is_lost_to_faults_of_many_kinds(int seed) throws Exception {
        Random random = new Random(seed);
        try (Life life = new Life(random)) {
            for (int sweep = 0; sweep < SWEEPS_MIXED; sweep++) {
                Set<FaultKind> kinds = EnumSet.allOf(FaultKind.class);
                // If one call in twenty has one of these faults, nearly every sweep suspends the account.
                if (random.nextInt(4) > 0) {
                    kinds.removeAll(EnumSet.of(FaultKind.FORBIDDEN, FaultKind.REFUSED_CREDENTIALS));
                }
                kinds.removeIf(kind -> random.nextInt(3) == 0);
                life.sweep(kinds, 0.3 * random.nextDouble());
            }
            life.sweepWithoutFaults();

            System.out.println("Mixture: " + life);
            assertThat(life.happened).as("faults really happened").isNotEmpty();
        }
    }

    /** A source, its history, and its mirror. Pages and windows are small, so that a small base has many slices. */
    private static final class Life implements AutoCloseable {

        private final Random random;
        private final SettableClock clock = new SettableClock(Instant.now());
        private final SourceSimulator source;
        private final Mirror mirror;
        private final History history;
        private final Map<FaultKind, Integer> happened = new EnumMap<>(FaultKind.class);
        private final List<SweepState> states = new ArrayList<>();

        Life(Random random) throws Exception {
            this.random = random;
            source = SourceSimulator.start(
                    SimulatorOptions.defaults().withClock(clock).withShuffleTies(random.nextBoolean()));
            mirror = Mirror.of(source)
                    .with("relais.source.page-size", "5")
                    .with("relais.source.window", "15")
                    .with("relais.source.retry-delay", "1")
                    .with("relais.source.timeout", "300")
                    .start(clock);
            // The history has its own random numbers, because its progress during a sweep depends on the threads.
            history = new History(source.base(), new Random(random.nextLong()));
            history.proceed(80);
            if (random.nextBoolean()) {
                mirror.sweep();
            }
        }

        void sweep(Set<FaultKind> kinds, double probability) {
            history.proceed(random.nextInt(15));
            history.mark();
            Map<String, String> before = Mirror.offers(source, "1");
            Set<String> mirrored = mirror.offers().keySet();
            Faults faults = Faults.of(random.nextLong(), probability, kinds);
            source.onCall(whileChanging(faults));

            SweepSummary summary = mirror.sweep();

            source.onCall(Fault.NONE);
            faults.counts().forEach((kind, count) -> happened.merge(kind, count, Integer::sum));
            states.add(summary.state());
            Map<String, String> after = mirror.offers();
            Set<String> touched = history.touched();
            Set<String> lost = new TreeSet<>(mirrored);
            lost.removeAll(after.keySet());
            lost.removeAll(touched);
            assertThat(lost)
                    .as("offers that the source had all the time, after " + summary)
                    .doesNotContainAnyElementsOf(before.keySet());
            if (summary.state() == SweepState.PROVED) {
                before.keySet().removeAll(touched);
                assertThat(after).as(summary.toString()).containsAllEntriesOf(before);
            }
            // After two hours, tokens have expired and a suspended account may be probed.
            clock.advance(Duration.ofHours(2));
        }

        /** Checks that one sweep without faults is proved and completes the mirror. */
        void sweepWithoutFaults() {
            SweepSummary summary = mirror.sweep();

            assertThat(summary.state()).as(summary.toString()).isEqualTo(SweepState.PROVED);
            assertThat(mirror.offers()).isEqualTo(Mirror.offers(source, "1"));
        }

        @Override
        public String toString() {
            return "sweeps " + states + ", faults " + happened;
        }

        private Fault whileChanging(Faults faults) {
            return new Fault() {
                @Override
                public boolean answer(HttpExchange exchange, Call call) {
                    if (call.number() % 4 == 0) {
                        history.proceed(1);
                    }
                    return false;
                }

                @Override
                public Reply reply(Call call, Truth truth) {
                    return faults.reply(call, truth);
                }
            };
        }

        @Override
        public void close() {
            mirror.close();
            source.close();
        }
    }
}
