package fr.relais.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import fr.relais.EmbeddedDatabase;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A comparison of Relais with its floor, in one run, on one database and one simulated source. It is run by
 * {@code mvn -Pbench verify}.
 */
class MirrorBenchmark {

    private static final int OFFERS = Integer.getInteger("tests.benchmark.offers", 50_000);
    private static final int THREADS = 8;
    private static final String[] JOBS = {"initial load", "unchanged", "5 % changed"};

    private record Figures(double seconds, double cpuSeconds, int peakMegabytes, int calls) {}

    @Test
    void compares_relais_with_its_floor() throws Exception {
        try (EmbeddedDatabase database = EmbeddedDatabase.start(Path.of(
                        "target",
                        "benchmark-database",
                        Long.toString(ProcessHandle.current().pid())));
                SourceSimulator source = SourceSimulator.start(SimulatorOptions.defaults())) {
            OfferGenerator generator = new OfferGenerator(1);
            generator.fill(source.base(), OFFERS, Instant.now(), Duration.ofDays(60), "1");
            // The first contender runs on a cold source and a cold database, so its figures are discarded.
            run("floor", database.schema("warmup"), source, generator);
            List<Figures> floor = run("floor", database.schema("floor"), source, generator);
            List<Figures> relais = run("relais", database.schema("relais"), source, generator);
            print(floor, relais);
            double sustained = sustainedCallsPerSecond(database);
            System.out.printf(Locale.ROOT, "%nCalls per second under a limit of 10: %.2f%n", sustained);
            assertThat(relais).hasSize(JOBS.length);
        }
    }

    private static List<Figures> run(
            String contender, String database, SourceSimulator source, OfferGenerator generator) throws Exception {
        List<Figures> figures = new ArrayList<>();
        Process process = start(contender, database, source, "0");
        try (PrintWriter commands = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
                BufferedReader answers = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(answers.readLine()).isEqualTo("ready");
            for (int job = 0; job < JOBS.length; job++) {
                if (job == 2) {
                    source.base().ids().stream()
                            .sorted(Comparator.comparingInt(String::hashCode))
                            .limit(OFFERS / 20)
                            .forEach(id -> source.base().change(id, generator::change));
                }
                source.resetCounters();
                commands.println("sweep");
                String[] answer = answers.readLine().split(" ");
                figures.add(new Figures(
                        Double.parseDouble(answer[0]),
                        Double.parseDouble(answer[1]),
                        Integer.parseInt(answer[2]),
                        source.searches() + source.details()));
            }
        }
        process.waitFor();
        return figures;
    }

    /** Returns the calls per second of a sweep of a source that allows ten. */
    private static double sustainedCallsPerSecond(EmbeddedDatabase database) throws Exception {
        try (SourceSimulator source =
                SourceSimulator.start(SimulatorOptions.defaults().withCallsPerSecond(10))) {
            new OfferGenerator(2).fill(source.base(), OFFERS, Instant.now(), Duration.ofDays(60), "1");
            Process process = start("relais", database.schema("limited"), source, "10");
            try (PrintWriter commands = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
                    BufferedReader answers = process.inputReader(StandardCharsets.UTF_8)) {
                assertThat(answers.readLine()).isEqualTo("ready");
                commands.println("sweep");
                answers.readLine();
            }
            process.waitFor();
            assertThat(source.refusedByRate()).isZero();
            List<Instant> times = source.callTimes().stream().sorted().toList();
            double seconds =
                    Duration.between(times.get(0), times.get(times.size() - 1)).toMillis() / 1000.0;
            return (times.size() - 1) / seconds;
        }
    }

    static Process start(String contender, String database, SourceSimulator source, String callsPerSecond)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Contender.class.getName(),
                        contender)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment()
                .putAll(Map.of(
                        "DATABASE", database,
                        "BASE_URL", source.baseUrl(),
                        "TOKEN_URL", source.tokenUrl(),
                        "CLIENT_ID", SimulatorOptions.defaults().clientId(),
                        "CLIENT_SECRET", SimulatorOptions.defaults().clientSecret(),
                        "CALLS_PER_SECOND", callsPerSecond,
                        "THREADS", Integer.toString(THREADS)));
        return builder.start();
    }

    private static void print(List<Figures> floor, List<Figures> relais) {
        int minimum = (OFFERS + 149) / 150;
        System.out.printf(
                "%n%,d offers, %d threads, heap 512 MB, %s, %d cores, Java %s%n%n",
                OFFERS,
                THREADS,
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.version"));
        System.out.println("| Job | offers/s | floor | ratio | CPU s | floor | peak MB | floor | calls | / minimum |");
        System.out.println("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        for (int job = 0; job < JOBS.length; job++) {
            Figures ours = relais.get(job);
            Figures least = floor.get(job);
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %,.0f | %,.0f | %.2f | %.1f | %.1f | %d | %d | %d | %.3f |%n",
                    JOBS[job],
                    OFFERS / ours.seconds(),
                    OFFERS / least.seconds(),
                    least.seconds() / ours.seconds(),
                    ours.cpuSeconds(),
                    least.cpuSeconds(),
                    ours.peakMegabytes(),
                    least.peakMegabytes(),
                    ours.calls(),
                    (double) ours.calls() / minimum);
        }
    }
}
