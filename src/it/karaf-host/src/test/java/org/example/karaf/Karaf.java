package org.example.karaf;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A Karaf in a process of its own, without SSH and JMX ports. The files in its folder control it. */
final class Karaf implements AutoCloseable {

    private static final Path HOME = Path.of(System.getProperty("karaf.home"));

    private final Path folder;
    private Process process;

    /** @param folder gets the configuration and the data of this Karaf */
    Karaf(Path folder, Path mavenRepository) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder.resolve("deploy"));
        copy(HOME.resolve("etc"), folder.resolve("etc"));
        edit("org.apache.karaf.features.cfg", "(ssh|management)/[0-9.]+, \\\\\\s+", "");
        append("org.ops4j.pax.logging.cfg", "log4j2.logger.mariadb.name = org.mariadb.jdbc.message.server");
        append("org.ops4j.pax.logging.cfg", "log4j2.logger.mariadb.level = OFF");
        append("org.ops4j.pax.url.mvn.cfg", "org.ops4j.pax.url.mvn.repositories =");
        append("org.ops4j.pax.url.mvn.cfg", "org.ops4j.pax.url.mvn.localRepository = " + mavenRepository);
    }

    void start(Map<String, String> environment) throws IOException {
        ProcessBuilder karaf = new ProcessBuilder(
                        HOME.resolve("bin").resolve("karaf").toString(), "daemon")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.txt").toFile());
        karaf.environment().put("KARAF_BASE", folder.toString());
        karaf.environment().put("JAVA_HOME", System.getProperty("java.home"));
        // Clears soft references at once. Otherwise classes that only caches refer to would look like a leak.
        karaf.environment().put("EXTRA_JAVA_OPTS", "-XX:SoftRefLRUPolicyMSPerMB=0");
        karaf.environment().putAll(environment);
        process = karaf.start();
    }

    /** Stops Karaf with the signal that a service manager sends. */
    void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(1, TimeUnit.MINUTES)) {
            throw new IllegalStateException("Karaf does not stop");
        }
    }

    Path deploy() {
        return folder.resolve("deploy");
    }

    /** Replaces a configuration file atomically, so that Karaf never reads half of it. */
    void configure(String name, Map<String, String> properties) throws IOException {
        Path draft = folder.resolve(name + ".draft");
        Files.writeString(
                draft,
                new TreeMap<>(properties)
                        .entrySet().stream()
                                .map(property -> property.getKey() + " = " + property.getValue() + "\n")
                                .collect(Collectors.joining()));
        Files.move(
                draft,
                folder.resolve("etc").resolve(name + ".cfg"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    boolean hasConfiguration(String name) {
        return Files.exists(folder.resolve("etc").resolve(name + ".cfg"));
    }

    /** Returns the lines of the log. */
    List<String> log() throws IOException {
        Path log = folder.resolve("data").resolve("log").resolve("karaf.log");
        return Files.exists(log) ? Files.readAllLines(log) : List.of();
    }

    /** Returns the output of a command of {@code jcmd}. */
    String jcmd(String... command) throws IOException {
        String tool = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process asked = new ProcessBuilder(
                        Stream.concat(Stream.of(tool, Long.toString(process.pid())), Stream.of(command))
                                .toList())
                .redirectErrorStream(true)
                .start();
        return new String(asked.getInputStream().readAllBytes(), UTF_8);
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    private void edit(String name, String pattern, String replacement) throws IOException {
        Path file = folder.resolve("etc").resolve(name);
        Files.writeString(file, Files.readString(file).replaceAll(pattern, replacement));
    }

    private void append(String name, String line) throws IOException {
        edit(name, "\\z", "\n" + line + "\n");
    }

    private static void copy(Path source, Path target) throws IOException {
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.toList()) {
                Files.copy(file, target.resolve(source.relativize(file).toString()));
            }
        }
    }
}
