package fr.relais.web.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.Test;

class ConsoleMessagesTest {

    private static final Path MAIN = Path.of("src", "main");
    private static final Path MESSAGES = MAIN.resolve("resources/fr/relais");

    /** A message in a template. A name that is put together, such as {@code #{|nav.${name}|}}, has its beginning. */
    private static final Pattern IN_TEMPLATE = Pattern.compile("#\\{\\|?([A-Za-z0-9.-]+)");

    /** A message in Java: a text that begins with the prefix of a page. */
    private static final Pattern IN_JAVA = Pattern.compile("\"([a-z]+(?:\\.[A-Za-z0-9-]+)*\\.?)\"");

    @Test
    void both_languages_have_the_same_texts() throws IOException {
        assertThat(keys("console_fr.properties")).isEqualTo(keys("console.properties"));
    }

    @Test
    void no_text_of_the_console_has_the_name_of_a_public_text() throws IOException {
        assertThat(keys("console.properties")).doesNotContainAnyElementsOf(keys("messages.properties"));
    }

    @Test
    void every_text_that_a_template_shows_exists() throws IOException {
        Set<String> keys = keys("console.properties");
        for (String used : used("resources/templates/console", IN_TEMPLATE)) {
            assertThat(keys).as(used).anyMatch(key -> isUse(used, key));
        }
    }

    @Test
    void every_text_is_shown() throws IOException {
        Set<String> used = used("resources/templates/console", IN_TEMPLATE);
        used.addAll(used("java/fr/relais/web/console", IN_JAVA));
        for (String key : keys("console.properties")) {
            assertThat(used).as(key).anyMatch(use -> isUse(use, key));
        }
    }

    /** A live region is rendered without a request, on which such a link depends. */
    @Test
    void live_regions_have_no_links_that_depend_on_the_request() throws IOException {
        try (Stream<Path> templates = Files.list(MAIN.resolve("resources/templates/console"))) {
            assertThat(templates)
                    .flatExtracting(
                            template -> Jsoup.parse(Files.readString(template)).select("[data-live]"))
                    .isNotEmpty()
                    .noneMatch(region -> region.outerHtml().contains("@{"));
        }
    }

    private static boolean isUse(String use, String key) {
        return use.endsWith(".") ? key.startsWith(use) : key.equals(use);
    }

    private static Set<String> used(String folder, Pattern pattern) throws IOException {
        try (Stream<Path> files = Files.walk(MAIN.resolve(folder))) {
            return files.filter(Files::isRegularFile)
                    .flatMap(file -> pattern.matcher(read(file)).results().map(use -> use.group(1)))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Set<String> keys(String file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(MESSAGES.resolve(file), UTF_8)) {
            properties.load(reader);
        }
        return new TreeSet<>(properties.stringPropertyNames());
    }
}
