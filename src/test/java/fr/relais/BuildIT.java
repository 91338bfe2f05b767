package fr.relais;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

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
}
