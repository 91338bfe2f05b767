package fr.relais.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import fr.relais.EmbeddedDatabase;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import java.io.BufferedReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * What the metrics cost: sweeps of an unchanged base with and without them, alternating, on one database and one
 * simulated source. It is run by {@code mvn -Pbench verify}.
 */
class MetricsBenchmark {

    private static final int OFFERS = Integer.getInteger("tests.benchmark.offers", 50_000);
    private static final int ROUNDS = Integer.getInteger("tests.benchmark.rounds", 15);

    /** The sweeps of each contender that only warm up its JVM. The first one loads the offers. */
    private static final int WARM_UPS = 4;

    private static final double MAX_RATIO = 1.03;

    private static final class Contestant implements AutoCloseable {

        private final List<Double> seconds = new ArrayList<>();
        private final List<Double> cpuSeconds = new ArrayList<>();
        private final Process process;
        private final PrintWriter commands;
        private final BufferedReader answers;

        Contestant(String contender, EmbeddedDatabase database, SourceSimulator source) throws Exception {
            process = MirrorBenchmark.start(contender, database.schema(contender.replace('-', '_')), source, "0");
            commands = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
            answers = process.inputReader(StandardCharsets.UTF_8);
            assertThat(answers.readLine()).isEqualTo("ready");
        }

        void sweep(int round) throws Exception {
            commands.println("sweep");
            String[] answer = answers.readLine().split(" ");
            if (round >= WARM_UPS) {
                seconds.add(Double.parseDouble(answer[0]));
                cpuSeconds.add(Double.parseDouble(answer[1]));
            }
        }

        @Override
        public void close() throws Exception {
            commands.close();
            process.waitFor();
        }
    }

    @Test
    void an_unchanged_sweep_takes_hardly_longer_with_metrics() throws Exception {
        try (EmbeddedDatabase database = EmbeddedDatabase.start(Path.of(
                        "target",
                        "benchmark-database",
                        Long.toString(ProcessHandle.current().pid())));
                SourceSimulator source = SourceSimulator.start(SimulatorOptions.defaults())) {
            new OfferGenerator(1).fill(source.base(), OFFERS, Instant.now(), Duration.ofDays(60), "1");
            try (Contestant without = new Contestant("relais", database, source);
                    Contestant with = new Contestant("relais-with-metrics", database, source)) {
                for (int round = 0; round < WARM_UPS + ROUNDS; round++) {
                    // Each is first in every other round.
                    (round % 2 == 0 ? without : with).sweep(round);
                    (round % 2 == 0 ? with : without).sweep(round);
                }
                double ratio = median(with.seconds) / median(without.seconds);
                System.out.printf(
                        Locale.ROOT,
                        "%n%,d unchanged offers, %d rounds: with metrics %.2f s (CPU %.2f s),"
                                + " without %.2f s (CPU %.2f s), ratio %.3f (CPU %.3f)%n",
                        OFFERS,
                        ROUNDS,
                        median(with.seconds),
                        median(with.cpuSeconds),
                        median(without.seconds),
                        median(without.cpuSeconds),
                        ratio,
                        median(with.cpuSeconds) / median(without.cpuSeconds));
                assertThat(ratio).isLessThanOrEqualTo(MAX_RATIO);
            }
        }
    }

    private static double median(List<Double> figures) {
        return figures.stream().sorted().toList().get(figures.size() / 2);
    }
}
