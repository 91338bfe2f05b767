package fr.relais.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The generated pages of {@code src/docs/reference} and the metadata of the settings are current. {@code mvn test
 * -Dtest=ReferenceTest -Dtests.write} writes them.
 */
class ReferenceTest {

    private static final Path REFERENCE = Path.of("src", "docs", "reference");
    private static final boolean WRITE = System.getProperty("tests.write") != null;

    private static final Path RESOURCES = Path.of("src", "main", "resources");
    private static final Path SETTINGS = RESOURCES.resolve("fr/relais/relais.properties");

    @Test
    void settings() throws IOException {
        requireCurrent(REFERENCE.resolve("settings.md"), SettingsPage.of(SETTINGS));
    }

    @Test
    void metadata_of_settings() throws IOException {
        requireCurrent(RESOURCES.resolve("META-INF/spring-configuration-metadata.json"), SettingsMetadata.of(SETTINGS));
    }

    @Test
    void routes() throws IOException {
        requireCurrent(REFERENCE.resolve("routes.md"), RoutesPage.of(Path.of("routes")));
    }

    private static void requireCurrent(Path page, String generated) throws IOException {
        if (WRITE) {
            Files.writeString(page, generated);
        }
        assertThat(Files.readString(page, UTF_8))
                .as("%s is stale; run mvn test -Dtest=ReferenceTest -Dtests.write", page)
                .isEqualTo(generated);
    }
}
