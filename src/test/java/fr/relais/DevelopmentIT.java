package fr.relais;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The development run, {@code mvn spring-boot:test-run}, in a folder of its own. */
@Tag("long")
class DevelopmentIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final String HOOK = """
            - route:
                id: relais-transform-offer
                description: Elle compte les offres.
                from:
                  uri: direct:relais-transform-offer
                  steps:
                    - log:
                        logName: fr.relais.mine
                        message: A new offer
            """;

    @TempDir
    private Path folder;

    @Test
    void it_starts_and_stops_quietly_and_reloads_routes() throws Exception {
        Path log = folder.resolve("output.log");
        Path routes = copyRoutes();
        Path watch = routes.resolve("80-watch.camel.yaml");
        String unchanged = Files.readString(watch);
        Files.createDirectories(folder.resolve("target"));
        Files.createDirectories(Path.of("target", "mariadb"));
        Files.createSymbolicLink(
                folder.resolve("target").resolve("mariadb"),
                Path.of("target", "mariadb").toAbsolutePath());
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        ClassArchive.classPath(),
                        RelaisDevelopment.class.getName())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("SERVER_PORT", "0");
        builder.environment()
                .put(
                        "RELAIS_DISPLAY_LOGO",
                        Path.of("src/test/resources/logo.svg").toAbsolutePath().toString());
        Process process = builder.start();
        try {
            awaitLine(process, log, "Sweep 1 proved: 5000 created");

            Files.writeString(watch, unchanged.replaceFirst("direct:relais-send-alert", "direct:send-alrt"));
            awaitLine(process, log, "80-watch.camel.yaml:");
            assertThat(Files.readString(log)).contains("direct:send-alrt", "Did you mean direct:relais-send-alert?");

            Files.writeString(watch, unchanged.replace("Check every", "Look every"));
            awaitLine(process, log, "The routes were reloaded");

            awaitLine(process, log, "Sweep 2 proved");
            // The next scheduled sweep calls the hook in this file.
            Files.writeString(routes.resolve("36-mine.camel.yaml"), HOOK);
            // The process is stopped while that sweep is running.
            awaitLine(process, log, "A new offer");

            process.destroy();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(Files.readString(log, UTF_8)).doesNotContain("WARN", "ERROR", "Exception");
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private Path copyRoutes() throws IOException {
        Path routes = Files.createDirectory(folder.resolve("routes"));
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            for (Path file : files.toList()) {
                Files.copy(file, routes.resolve(file.getFileName()));
            }
        }
        return routes;
    }

    private static void awaitLine(Process process, Path log, String words) throws IOException {
        await().atMost(PATIENCE)
                .until(() -> !process.isAlive() || Files.readString(log, UTF_8).contains(words));
        assertThat(log).content().contains(words);
    }
}
