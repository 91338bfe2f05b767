package fr.relais;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import fr.relais.docs.Guide;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands in README and in the guides, run as they stand there. */
@Tag("long")
class CommandsGuideIT {

    private static final String RELAIS = "java -jar target/relais-exec.jar";
    private static final Pattern WORD = Pattern.compile("\"[^\"]*\"|\\S+");
    private static final Pattern KEY = Pattern.compile("(?m)^(\\S{20,})$");

    @TempDir
    private Path folder;

    private SourceSimulator source;
    private Packed packed;

    @BeforeEach
    void start() throws Exception {
        source = SourceSimulator.start(SimulatorOptions.defaults());
        new OfferGenerator(1)
                .fill(source.base(), 20, Instant.now().minus(Duration.ofDays(2)), Duration.ofDays(30), "1");
        packed = new Packed(folder, source);
    }

    @AfterEach
    void stop() {
        source.close();
    }

    @Test
    void every_command_of_relais_runs() throws Exception {
        List<String> commands = commands()
                .filter(command -> command.startsWith(RELAIS + " "))
                .map(command -> command.substring(RELAIS.length() + 1))
                .distinct()
                // A key is revoked after it has been added, whichever guide is read first.
                .sorted(Comparator.comparing(command -> command.contains("revoke")))
                .toList();

        assertThat(commands).contains("sync", "probe", "approve-removals 42");
        for (String command : commands) {
            Packed.Ended ended = packed.run(words(command));
            if (command.matches("(api-key|licence (withdraw --)?api-change) .*")
                    || List.of(
                                    "sync",
                                    "probe",
                                    "audit verify",
                                    "audit pack audit.zip",
                                    "licence list",
                                    "duties",
                                    "residue")
                            .contains(command)) {
                assertThat(ended.exitCode()).as(ended.output()).isZero();
            } else {
                // There is no such sweep, month, version or file, no receiver of events and no terminal here, and the
                // command says so.
                assertThat(ended.exitCode()).as(command).isEqualTo(1);
                assertThat(ended.output())
                        .contains(
                                command.equals("replay")
                                        ? "relais.events.uri is empty"
                                        : command.replaceFirst(".*[ -](42|2026-10|licence[.]pdf|version 2).*", "$1"))
                        .doesNotContain("Usage");
            }
        }
    }

    /** Returns the words of a command, of which some are in quotation marks. */
    private static String[] words(String command) {
        return WORD.matcher(command)
                .results()
                .map(word -> word.group().replace("\"", ""))
                .toArray(String[]::new);
    }

    @Test
    void the_command_that_submits_views_runs() throws Exception {
        String key = packed.run("api-key", "add", "mysite").output();
        Matcher found = KEY.matcher(key);
        assertThat(found.find()).as(key).isTrue();
        String curl =
                blocks().filter(block -> block.startsWith("curl")).findFirst().orElseThrow();
        try (Packed.Service service = packed.start()) {
            Process process = new ProcessBuilder(
                            "bash",
                            "-c",
                            "KEY=" + found.group(1) + "\n"
                                    + curl.replace("https://relais.example.org", service.address())
                                            .replace("curl", "curl -sS -w '%{http_code}'"))
                    .redirectErrorStream(true)
                    .start();
            String answer = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(answer).endsWith("202");
        }
    }

    @Test
    void the_jars_of_a_component_are_collected() throws Exception {
        Guide operate = Guide.read(Path.of("src", "docs", "guide", "operate.md"));
        Guide.Block pom = operate.blocks("Add a Camel component", "xml").get(0);
        String command = commands()
                .filter(each -> each.startsWith("mvn dependency:") && each.contains(pom.file()))
                .findFirst()
                .orElseThrow();
        Files.writeString(folder.resolve(pom.file()), pom.code());

        Process maven = new ProcessBuilder("bash", "-c", command + " -B -q")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(maven.getInputStream().readAllBytes(), UTF_8);

        assertThat(maven.waitFor()).as(output).isZero();
        String version = CamelContext.class.getPackage().getImplementationVersion();
        assertThat(folder.resolve("components")).isDirectoryContaining("glob:**/camel-ftp-" + version + ".jar");
    }

    private static Stream<String> commands() {
        return blocks().flatMap(String::lines)
                .map(line -> line.replaceFirst("\\s+#.*", "").strip());
    }

    /** The blocks without a language. */
    private static Stream<String> blocks() {
        try (Stream<Path> guides = Files.list(Path.of("src", "docs", "guide"))) {
            return Stream.concat(Stream.of(Path.of("README.md")), guides.toList().stream())
                    .flatMap(CommandsGuideIT::read)
                    .filter(block -> block.language().isEmpty())
                    .map(Guide.Block::code);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Guide.Block> read(Path page) {
        try {
            return Guide.read(page).blocks();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
