package fr.relais.docs;

import static org.assertj.core.api.Assertions.assertThat;

import fr.relais.watch.Alert;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documents are short enough to be read, and what they name exists. */
class DocumentationTest {

    private static final int COLUMNS = 120;
    private static final Pattern TEXT = Pattern.compile(".*\\.(java|ya?ml|md|properties|sql)");
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern MAVEN = Pattern.compile("mvn ([^`|\\n]+)");
    private static final Pattern PROFILE = Pattern.compile("-P([a-z]+)");
    private static final Pattern VERSION = Pattern.compile("<((?:[a-z-]+\\.)?version)>([^<$]+)</");
    private static final Pattern SNAPSHOT = Pattern.compile("\\d+\\.\\d+\\.\\d+-SNAPSHOT");
    private static final Pattern TEST = Pattern.compile("-D(?:it\\.)?test=([A-Za-z]+)");

    @Test
    void the_readme_has_at_most_150_lines() {
        assertThat(lines(Path.of("README.md"))).hasSizeLessThanOrEqualTo(150);
    }

    @Test
    void no_line_is_longer_than_120_columns() {
        List<String> tooLong = new ArrayList<>();
        for (Path file : files(TEXT)) {
            List<String> lines = lines(file);
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i);
                if (line.codePointCount(0, line.length()) > COLUMNS) {
                    tooLong.add(file + ":" + (i + 1));
                }
            }
        }
        assertThat(tooLong).isEmpty();
    }

    @Test
    void links_lead_to_files_and_headings_that_exist() {
        List<String> broken = new ArrayList<>();
        for (Path page : files(Pattern.compile(".*\\.md"))) {
            LINK.matcher(String.join("\n", lines(page)))
                    .results()
                    .map(link -> link.group(1))
                    .filter(link -> !link.matches("https?:.*"))
                    .filter(link -> !exists(page, link))
                    .forEach(link -> broken.add(page + ": " + link));
        }
        assertThat(broken).isEmpty();
    }

    private static boolean exists(Path page, String link) {
        String[] parts = link.split("#", 2);
        Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
        return Files.exists(target)
                && (parts.length == 1
                        || lines(target).stream()
                                .filter(line -> line.startsWith("#"))
                                .anyMatch(heading -> anchor(heading).equals(parts[1])));
    }

    @Test
    void each_kind_of_alert_has_a_runbook_and_each_runbook_its_kind() {
        String runbooks = String.join("\n", lines(Path.of("src/docs/guide/operate.md")))
                .replaceFirst("(?s)^.*\n## Runbooks\n", "")
                .replaceFirst("(?s)\n## .*", "");

        assertThat(runbooks.lines().filter(line -> line.startsWith("### ")).map(DocumentationTest::anchor))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(Alert.Kind.values())
                        .map(Alert.Kind::toString)
                        .toList());
    }

    /** Returns the anchor that code hosts derive from a heading. */
    private static String anchor(String heading) {
        return heading.replaceFirst("#+ ", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
    }

    @Test
    void maven_commands_name_profiles_and_tests_that_exist() {
        String pom = String.join("\n", lines(Path.of("pom.xml")));
        List<String> commands = new ArrayList<>();
        for (Path page : files(Pattern.compile(".*\\.md"))) {
            MAVEN.matcher(String.join("\n", lines(page))).results().forEach(command -> commands.add(command.group(1)));
        }
        assertThat(commands).hasSizeGreaterThan(5).allSatisfy(command -> {
            PROFILE.matcher(command).results().forEach(profile -> assertThat(pom)
                    .contains("<id>" + profile.group(1) + "</id>"));
            TEST.matcher(command).results().forEach(test -> assertThat(
                            files(Pattern.compile(".*/" + test.group(1) + "\\.java")))
                    .as(test.group(1))
                    .hasSize(1));
        });
    }

    @Test
    void the_guide_shows_the_listener_of_the_host_that_is_tested() throws IOException {
        Path listener = Path.of("src/it/war-host/src/main/java/org/example/board/RelaisListener.java");

        assertThat(Guide.read(Path.of("src/docs/guide/embed.md")).blocks("In a WAR", "java"))
                .singleElement()
                .satisfies(block -> assertThat(Files.readString(listener)).endsWith(" */\n" + block.code()));
    }

    @Test
    void the_bundle_for_karaf_has_the_version_of_relais_and_is_built_with_the_same_tools() {
        Map<String, String> relais = versions(Path.of("pom.xml"));
        Map<String, String> bundle = versions(Path.of("src", "karaf", "pom.xml"));
        bundle.keySet().retainAll(relais.keySet());

        assertThat(bundle).containsKeys("version", "compiler.version");
        assertThat(relais).containsAllEntriesOf(bundle);
    }

    @Test
    void the_documents_name_the_version_of_relais() {
        assertThat(files(Pattern.compile(".*\\.md")))
                .flatMap(page -> SNAPSHOT.matcher(String.join("\n", lines(page)))
                        .results()
                        .map(MatchResult::group)
                        .toList())
                .isNotEmpty()
                .containsOnly(versions(Path.of("pom.xml")).get("version"));
    }

    /** Returns the version of the project in a build file, as {@code version}, and the versions in its properties. */
    private static Map<String, String> versions(Path pom) {
        Map<String, String> versions = new HashMap<>();
        VERSION.matcher(String.join("\n", lines(pom)))
                .results()
                .forEach(version -> versions.putIfAbsent(version.group(1), version.group(2)));
        return versions;
    }

    private static List<Path> files(Pattern name) {
        List<Path> found = new ArrayList<>();
        for (String root :
                List.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "routes", "k8s", "src")) {
            try (Stream<Path> files = Files.walk(Path.of(root))) {
                files.filter(Files::isRegularFile)
                        .filter(file -> name.matcher(file.toString()).matches())
                        .forEach(found::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return found;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
