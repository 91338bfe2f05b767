package fr.relais;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import fr.relais.simulator.Answer;
import fr.relais.simulator.Call;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packed {@code relais-exec.jar}, as an operator starts it: by settings alone. */
class StartIT {

    private static int schemas;

    private final Map<String, String> environment = new TreeMap<>();
    private SourceSimulator source;

    private record Ended(int exitCode, String output) {}

    @BeforeEach
    void start() throws Exception {
        source = SourceSimulator.start(SimulatorOptions.defaults());
        new OfferGenerator(1).fill(source.base(), 300, Instant.now(), Duration.ofDays(60), "1");
        environment.put("RELAIS_SOURCE_BASE_URL", source.baseUrl());
        environment.put("RELAIS_SOURCE_TOKEN_URL", source.tokenUrl());
        environment.put("RELAIS_SOURCE_CLIENT_ID", SimulatorOptions.defaults().clientId());
        environment.put(
                "RELAIS_SOURCE_CLIENT_SECRET", SimulatorOptions.defaults().clientSecret());
        environment.put("SPRING_DATASOURCE_URL", EmbeddedDatabase.shared().schema("start" + ++schemas));
        environment.put("SPRING_DATASOURCE_USERNAME", "root");
        environment.put("SPRING_DATASOURCE_PASSWORD", "");
        environment.put("SERVER_PORT", "0");
    }

    @AfterEach
    void stop() {
        source.close();
    }

    @Test
    void sync_ends_0_with_one_summary_line_and_nothing_else() throws Exception {
        Ended sync = run("sync");

        assertThat(sync.exitCode()).as(sync.output()).isZero();
        assertThat(sync.output().strip()).matches("Sweep 1 proved: 300 created, .*");
    }

    @Test
    void sync_ends_2_when_the_sweep_is_incomplete() throws Exception {
        source.onCall((exchange, call) -> {
            // The first search is that of the start.
            if (call.kind() == Call.Kind.SEARCH && call.number() > 1) {
                Answer.empty(400).sendTo(exchange);
                return true;
            }
            return false;
        });

        assertThat(run("sync").exitCode()).isEqualTo(2);
    }

    @Test
    void a_missing_setting_is_named_with_its_remedy() throws Exception {
        environment.remove("RELAIS_SOURCE_CLIENT_ID");

        assertFailsWith(run("sync"), "relais.source.client-id", "RELAIS_SOURCE_CLIENT_ID");
    }

    @Test
    void a_wrong_setting_is_named_with_what_it_takes() throws Exception {
        environment.put("RELAIS_SOURCE_ORIGINS", "3");

        assertFailsWith(run("sync"), "relais.source.origins", "takes 1, 2 or 1,2");
    }

    @Test
    void a_schedule_that_is_none_is_named() throws Exception {
        environment.put("RELAIS_SWEEP_CRON", "0 0 25 * * ?");

        assertFailsWith(run("sync"), "relais.sweep.cron", "takes a Quartz cron expression");
    }

    @Test
    void a_misspelt_verb_is_refused() throws Exception {
        Ended ended = run("snyc");

        assertThat(ended.exitCode()).isNotZero();
        assertThat(ended.output()).contains("Unknown: snyc", "sync");
    }

    @Test
    void a_port_in_use_is_told() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            environment.put("SERVER_PORT", Integer.toString(taken.getLocalPort()));

            assertFailsWith(run(), "port", Integer.toString(taken.getLocalPort()), "already in use");
        }
    }

    @Test
    void a_misspelt_setting_is_named() throws Exception {
        assertFailsWith(run("sync", "--relais.sweep.crom=x"), "relais.sweep.crom", "does not exist");
    }

    @Test
    void wrong_credentials_are_told_without_the_secret() throws Exception {
        environment.put("RELAIS_SOURCE_CLIENT_SECRET", "canary-secret");

        Ended sync = run("sync");

        assertFailsWith(sync, "relais.source.client-secret", "invalid_client");
        assertThat(sync.output()).doesNotContain("canary-secret");
    }

    @Test
    void a_database_that_cannot_be_reached_is_told() throws Exception {
        environment.put("SPRING_DATASOURCE_URL", "jdbc:mariadb://127.0.0.1:" + unusedPort() + "/relais");

        assertFailsWith(run("sync"), "The database cannot be used", "spring.datasource.url");
    }

    @Test
    void a_source_that_cannot_be_reached_is_told() throws Exception {
        environment.put("RELAIS_SOURCE_BASE_URL", "http://127.0.0.1:" + unusedPort() + "/x");

        assertFailsWith(run("sync"), "The source cannot be used", "relais.source.base-url");
    }

    @Test
    void the_service_too_ends_1_when_it_cannot_start() throws Exception {
        environment.put("RELAIS_SOURCE_CLIENT_SECRET", "wrong");

        assertFailsWith(run(), "relais.source.client-secret");
    }

    @Test
    void a_broken_route_file_is_named_with_line_and_column(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("35-transform.camel.yaml"), """
                - route:
                    id: transform-offer
                    from:
                      uri: direct:transform-offer
                      steps:
                        - nosuchstep: {}
                """);
        environment.put("RELAIS_ROUTES", folder.toString());

        assertFailsWith(run("sync"), "35-transform.camel.yaml", "line 6", "column", "nosuchstep");
    }

    private static void assertFailsWith(Ended ended, String... words) {
        assertThat(ended.exitCode()).as(ended.output()).isEqualTo(1);
        assertThat(ended.output()).contains(words).doesNotContain("\tat ");
    }

    private Ended run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-jar",
                Path.of("target", "relais-exec.jar").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("RELAIS_") || name.startsWith("SPRING_"));
        builder.environment().putAll(environment);
        Path output = Files.createTempFile(Path.of("target"), "start", ".log");
        Process process = builder.redirectOutput(output.toFile()).start();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("it ends").isTrue();
            return new Ended(process.exitValue(), Files.readString(output, UTF_8));
        } finally {
            process.destroyForcibly();
            Files.delete(output);
        }
    }

    private static int unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
