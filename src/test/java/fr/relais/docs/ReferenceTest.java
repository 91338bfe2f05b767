package fr.relais.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The generated pages of {@code src/docs/reference} are current. {@code mvn test -Dtest=ReferenceTest -Drelais.write}
 * writes them.
 */
class ReferenceTest {

    private static final Path REFERENCE = Path.of("src", "docs", "reference");
    private static final boolean WRITE = System.getProperty("relais.write") != null;

    @Test
    void settings() throws IOException {
        requireCurrent("settings.md", SettingsPage.of(Path.of("src/main/resources/fr/relais/relais.properties")));
    }

    @Test
    void routes() throws IOException {
        requireCurrent("routes.md", RoutesPage.of(Path.of("routes")));
    }

    private static void requireCurrent(String name, String generated) throws IOException {
        Path page = REFERENCE.resolve(name);
        if (WRITE) {
            Files.writeString(page, generated);
        }
        assertThat(Files.readString(page, UTF_8))
                .as("%s is stale; run mvn test -Dtest=ReferenceTest -Drelais.write", page)
                .isEqualTo(generated);
    }
}
