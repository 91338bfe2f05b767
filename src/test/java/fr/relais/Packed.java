package fr.relais;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import fr.relais.app.CommandHost;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.context.ApplicationContextInitializer;

/**
 * The packed application, started as an operator starts it: with settings only. It is extracted once, by its own tools,
 * so that its processes can use a {@link ClassArchive}. Commands share processes unless a test requires a process of
 * its own.
 */
final class Packed {

    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final Path JAR = Path.of("target", "relais-exec.jar").toAbsolutePath();
    private static final ClassArchive ARCHIVE = new ClassArchive("application");
    /** The hosts that wait for a command. Their number is the largest number of commands that ran at the same time. */
    private static final Deque<Host> HOSTS = new ConcurrentLinkedDeque<>();

    private static Path unpacked;

    final Map<String, String> environment = new TreeMap<>();
    private final List<String> javaOptions = new ArrayList<>();
    private final Path output;
    private final Path work;
    private final Path temporary;

    /**
     * The end of a process or a command.
     *
     * @param output standard output and standard error, in the order of writing
     */
    record Ended(int exitCode, String output) {}

    /** @param folder an empty folder for all files that the processes write */
    Packed(Path folder, SourceSimulator source) throws IOException {
        output = folder.resolve("output.log");
        work = Files.createDirectory(folder.resolve("work"));
        temporary = Files.createDirectory(folder.resolve("tmp"));
        environment.put("RELAIS_SOURCE_BASE_URL", source.baseUrl());
        environment.put("RELAIS_SOURCE_TOKEN_URL", source.tokenUrl());
        environment.put("RELAIS_SOURCE_CLIENT_ID", SimulatorOptions.defaults().clientId());
        environment.put(
                "RELAIS_SOURCE_CLIENT_SECRET", SimulatorOptions.defaults().clientSecret());
        // A source that does not answer is called six times; with the default delay this takes 15 seconds.
        environment.put("RELAIS_SOURCE_RETRY_DELAY", "10");
        environment.put("SPRING_DATASOURCE_URL", EmbeddedDatabase.shared().newSchema());
        environment.put("SPRING_DATASOURCE_USERNAME", "root");
        environment.put("SPRING_DATASOURCE_PASSWORD", "");
        environment.put("SERVER_PORT", "0");
        environment.put("MANAGEMENT_SERVER_PORT", "0");
        environment.put("RELAIS_CONSOLE_LOCAL", "true");
        // Where a Mirror with the same database remembers it.
        environment.put(
                "RELAIS_RESTORE_FOLDER",
                Path.of("target", "test-state").toAbsolutePath().toString());
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

    /** Runs a command in a JVM that other commands share, and waits until the command ends. */
    Ended run(String... arguments) throws Exception {
        Host host = HOSTS.poll();
        if (host == null) {
            host = new Host();
        }
        Map<String, String> variables = new TreeMap<>(environment);
        // The default is a folder in the working directory, which all commands of a host share.
        variables.putIfAbsent("RELAIS_CHANGELOG_URI", "file:" + work.resolve("changelog"));
        Ended ended = host.run(variables, arguments);
        HOSTS.push(host);
        return ended;
    }

    /** Runs a command in a process of its own, and waits until it ends. */
    Ended runAlone(String... arguments) throws Exception {
        return end(launch(unpacked(), javaOptions(), arguments));
    }

    /**
     * Runs a command in a process of its own, and waits until it ends.
     *
     * @param errors the file that gets standard error, which the result then does not contain
     */
    Ended runAlone(Path errors, String... arguments) throws Exception {
        return end(builder(unpacked(), javaOptions(), arguments)
                .redirectError(errors.toFile())
                .start());
    }

    /** Runs a command as an operator does, with {@code java -jar relais-exec.jar}, and waits until it ends. */
    Ended runJar(String... arguments) throws Exception {
        return end(launch(JAR, javaOptions, arguments));
    }

    private Ended end(Process process) throws IOException, InterruptedException {
        try {
            assertThat(process.waitFor(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS))
                    .as("the process has ended in time")
                    .isTrue();
            return new Ended(process.exitValue(), output());
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** Starts the service and waits until it is ready. */
    Service start() throws Exception {
        return start(unpacked(), javaOptions());
    }

    /** Starts the service as an operator does, with {@code java -jar relais-exec.jar}, and waits until it is ready. */
    Service startJar() throws Exception {
        return start(JAR, javaOptions);
    }

    private Service start(Path jar, List<String> javaOptions) throws Exception {
        Process process = launch(jar, javaOptions);
        try {
            await().atMost(TIMEOUT).until(() -> !process.isAlive() || output().contains("Relais is ready"));
            Matcher ready =
                    Pattern.compile("console on (http://localhost:\\d+)").matcher(output());
            assertThat(ready.find()).as(output()).isTrue();
            return new Service(process, ready.group(1));
        } catch (RuntimeException | Error e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private List<String> javaOptions() {
        List<String> options = new ArrayList<>(ARCHIVE.options(Packed::train));
        options.addAll(javaOptions);
        return options;
    }

    /** Runs the service, which loads the classes of the web and most classes of the commands. */
    private static void train(List<String> javaOptions) throws Exception {
        Path folder = Files.createDirectory(ClassArchive.folder().resolve("training"));
        try (SourceSimulator source = SourceSimulator.start(SimulatorOptions.defaults())) {
            new OfferGenerator(1).fill(source.base(), 20, Instant.now(), Duration.ofDays(60), "1");
            Packed packed = new Packed(folder, source);
            try (Service service = packed.start(unpacked(), javaOptions)) {
                service.get("/console");
            }
        }
    }

    private static synchronized Path unpacked() throws Exception {
        if (unpacked == null) {
            Path folder = ClassArchive.folder().resolve("application");
            Process process = new ProcessBuilder(
                            java(),
                            "-Djarmode=tools",
                            "-jar",
                            JAR.toString(),
                            "extract",
                            "--destination",
                            folder.toString())
                    .inheritIO()
                    .start();
            assertThat(process.waitFor()).isZero();
            unpacked = folder.resolve(JAR.getFileName());
        }
        return unpacked;
    }

    /** A process that runs commands one after the other ({@link CommandHost}), until it fails or the tests end. */
    private static final class Host {

        private final Process process;
        private final DataInputStream in;
        private final DataOutputStream out;

        Host() throws Exception {
            // Only the class of the host, because the class path of the tests contains a logging configuration.
            Path classes = Files.createTempDirectory(ClassArchive.folder(), "host");
            Path file = classes.resolve(CommandHost.class.getName().replace('.', '/') + ".class");
            Files.createDirectories(file.getParent());
            try (InputStream code = Packed.class
                    .getClassLoader()
                    .getResourceAsStream(classes.relativize(file).toString())) {
                Files.copy(code, file);
            }
            Files.writeString(
                    Files.createDirectory(classes.resolve("META-INF")).resolve("spring.factories"),
                    Stream.of(EnvironmentPostProcessor.class, ApplicationContextInitializer.class)
                            .map(type -> type.getName() + "=" + CommandHost.class.getName() + "\n")
                            .collect(Collectors.joining()));
            ProcessBuilder builder = new ProcessBuilder(
                            java(),
                            "-Xmx256m",
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-cp",
                            unpacked() + System.getProperty("path.separator") + classes,
                            CommandHost.class.getName())
                    .directory(classes.toFile())
                    .redirectError(classes.resolve("errors.log").toFile());
            process = builder.start();
            in = new DataInputStream(new BufferedInputStream(process.getInputStream()));
            out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
        }

        Ended run(Map<String, String> variables, String... arguments) throws Exception {
            try {
                out.writeInt(variables.size());
                for (Map.Entry<String, String> variable : variables.entrySet()) {
                    out.writeUTF(variable.getKey());
                    out.writeUTF(variable.getValue());
                }
                out.writeInt(arguments.length);
                for (String argument : arguments) {
                    out.writeUTF(argument);
                }
                out.flush();
                return CompletableFuture.supplyAsync(this::read, task -> new Thread(task).start())
                        .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            } catch (Exception e) {
                process.destroyForcibly();
                throw e;
            }
        }

        private Ended read() {
            try {
                int exitCode = in.readInt();
                return new Ended(exitCode, new String(in.readNBytes(in.readInt()), UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** A running service. Closing it stops the process. */
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

    /** Returns the output of the last process, standard output and standard error. */
    String output() throws IOException {
        return Files.readString(output, UTF_8);
    }

    /**
     * Returns the files in the working directory and the temporary directory of the processes: content by path, with
     * one character for each byte.
     */
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

    private Process launch(Path jar, List<String> options, String... arguments) throws IOException {
        return builder(jar, options, arguments).redirectErrorStream(true).start();
    }

    private ProcessBuilder builder(Path jar, List<String> options, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(java(), "-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.add("-Djava.io.tmpdir=" + temporary);
        command.addAll(options);
        command.addAll(List.of("-jar", jar.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(work.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("RELAIS_") || name.startsWith("SPRING_"));
        builder.environment().putAll(environment);
        return builder.redirectOutput(output.toFile());
    }
}
