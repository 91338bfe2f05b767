package fr.relais;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files that the build leaves in {@code target}. */
class BuildIT {

    private static final Path BILL_OF_MATERIALS = Path.of("target", "relais.cdx.json");

    @Test
    void the_bill_of_materials_lists_exactly_the_libraries_of_the_packed_application() throws IOException {
        if (!Files.exists(BILL_OF_MATERIALS)) {
            assertThat(System.getenv("CI")).as("CI builds online").isNotEqualTo("true");
            assumeTrue(false, "mvn -o makes no bill of materials");
        }
        Set<String> listed = new TreeSet<>();
        for (JsonNode component :
                new ObjectMapper().readTree(BILL_OF_MATERIALS.toFile()).path("components")) {
            listed.add(component.path("name").asText() + "-"
                    + component.path("version").asText() + ".jar");
        }
        // Starters contain no classes, so Spring Boot leaves its own out of the jar.
        listed.removeIf(name -> name.startsWith("spring-boot-starter-"));
        Set<String> packed;
        try (JarFile jar = new JarFile(Path.of("target", "relais-exec.jar").toFile())) {
            packed = jar.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> name.matches("BOOT-INF/lib/.+"))
                    .map(name -> name.substring("BOOT-INF/lib/".length()))
                    // Spring Boot adds this tool, which extracts the jar.
                    .filter(name -> !name.startsWith("spring-boot-jarmode-tools-"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        assertThat(listed).isEqualTo(packed).isNotEmpty();
    }

    @Test
    void the_library_contains_the_pipeline_and_nothing_that_a_host_could_also_have() throws IOException {
        try (JarFile jar = new JarFile(Path.of("target", "relais.jar").toFile())) {
            assertThat(jar.stream().filter(entry -> !entry.isDirectory()).map(ZipEntry::getName))
                    .contains("fr/relais/Relais.class", "fr/relais/routes/10-sweep.camel.yaml")
                    .allMatch(name -> name.startsWith("fr/relais/") || name.startsWith("META-INF/"))
                    .noneMatch(name -> name.matches("fr/relais/(app|budget|web)/.*"))
                    .filteredOn(name -> name.startsWith("META-INF/"))
                    .containsExactlyInAnyOrder(
                            "META-INF/MANIFEST.MF",
                            "META-INF/maven/fr.relais/relais/pom.properties",
                            "META-INF/maven/fr.relais/relais/pom.xml",
                            "META-INF/spring-configuration-metadata.json",
                            "META-INF/spring/org.springframework.boot.autoconfigure.AutoConfiguration.imports");
        }
    }

    @Test
    @Tag("long")
    void two_builds_of_the_same_source_leave_identical_files(@TempDir Path folder) throws Exception {
        Path one = build(folder.resolve("one"));
        Path other = build(folder.resolve("elsewhere").resolve("other"));

        for (String file : List.of("relais.jar", "relais-exec.jar", "relais.cdx.json")) {
            assertThat(Files.mismatch(one.resolve(file), other.resolve(file)))
                    .as("the first byte of %s that differs", file)
                    .isEqualTo(-1);
        }
    }

    /** Builds a copy of the source, and returns the folder with the files. */
    private static Path build(Path folder) throws Exception {
        for (String source : List.of("pom.xml", "routes", "src/main")) {
            try (Stream<Path> files = Files.walk(Path.of(source))) {
                for (Path file : files.toList()) {
                    Path copy = folder.resolve(file);
                    Files.createDirectories(Files.isDirectory(file) ? copy : copy.getParent());
                    if (Files.isRegularFile(file)) {
                        Files.copy(file, copy);
                    }
                }
            }
        }
        Process maven = new ProcessBuilder("mvn", "-B", "-q", "package", "-Dspotless.check.skip")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(maven.getInputStream().readAllBytes(), UTF_8);
        assertThat(maven.waitFor()).as(output).isZero();
        return folder.resolve("target");
    }
}
