package fr.relais;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The packed {@code relais-exec.jar}, in processes of its own, as an operator starts it: by settings alone. */
final class Packed {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    final Map<String, String> environment = new TreeMap<>();
    private final List<String> javaOptions = new ArrayList<>();
    private final Path output;
    private final Path work;
    private final Path temporary;

    /** @param output both streams, in order */
    record Ended(int exitCode, String output) {}

    /** @param folder an empty one for all that the processes write */
    Packed(Path folder, SourceSimulator source, String databaseUrl) throws IOException {
        output = folder.resolve("output.log");
        work = Files.createDirectory(folder.resolve("work"));
        temporary = Files.createDirectory(folder.resolve("tmp"));
        environment.put("RELAIS_SOURCE_BASE_URL", source.baseUrl());
        environment.put("RELAIS_SOURCE_TOKEN_URL", source.tokenUrl());
        environment.put("RELAIS_SOURCE_CLIENT_ID", SimulatorOptions.defaults().clientId());
        environment.put(
                "RELAIS_SOURCE_CLIENT_SECRET", SimulatorOptions.defaults().clientSecret());
        // A source that does not answer is asked six times, and the waits between grow to minutes.
        environment.put("RELAIS_SOURCE_RETRY_DELAY", "10");
        environment.put("SPRING_DATASOURCE_URL", databaseUrl);
        environment.put("SPRING_DATASOURCE_USERNAME", "root");
        environment.put("SPRING_DATASOURCE_PASSWORD", "");
        environment.put("SERVER_PORT", "0");
    }

    Packed with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    Packed without(String... variables) {
        environment.keySet().removeAll(List.of(variables));
        return this;
    }

    Packed withJavaOptions(String... options) {
        javaOptions.addAll(List.of(options));
        return this;
    }

    /** Waits until it ends. */
    Ended run(String... arguments) throws IOException, InterruptedException {
        Process process = launch(arguments);
        try {
            assertThat(process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                    .as("it ends")
                    .isTrue();
            return new Ended(process.exitValue(), output());
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** The service; waits until it is ready. */
    Service start() throws IOException {
        Process process = launch();
        try {
            await().atMost(PATIENCE).until(() -> !process.isAlive() || output().contains("Relais is ready"));
            Matcher ready =
                    Pattern.compile("console on (http://localhost:\\d+)").matcher(output());
            assertThat(ready.find()).as(output()).isTrue();
            return new Service(process, ready.group(1));
        } catch (RuntimeException | Error e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** A running service, until it is closed. */
    record Service(Process process, String address) implements AutoCloseable {

        private static final HttpClient CLIENT = HttpClient.newHttpClient();

        HttpResponse<String> get(String path) throws IOException, InterruptedException {
            return CLIENT.send(
                    HttpRequest.newBuilder(URI.create(address + path)).build(), HttpResponse.BodyHandlers.ofString());
        }

        @Override
        public void close() throws InterruptedException {
            process.destroy();
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
    }

    /** What the last process has said, on both streams. */
    String output() throws IOException {
        return Files.readString(output, UTF_8);
    }

    /** Name and content, byte by byte, of what the processes have left in their working and their temporary directory. */
    Map<String, String> files() throws IOException {
        Map<String, String> files = new TreeMap<>();
        for (Path folder : List.of(work, temporary)) {
            try (Stream<Path> paths = Files.walk(folder)) {
                for (Path path : paths.filter(Files::isRegularFile).toList()) {
                    files.put(path.toString(), Files.readString(path, ISO_8859_1));
                }
            }
        }
        return files;
    }

    private Process launch(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC"));
        command.add("-Djava.io.tmpdir=" + temporary);
        command.addAll(javaOptions);
        command.addAll(List.of(
                "-jar", Path.of("target", "relais-exec.jar").toAbsolutePath().toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(work.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("RELAIS_") || name.startsWith("SPRING_"));
        builder.environment().putAll(environment);
        return builder.redirectOutput(output.toFile()).start();
    }
}
