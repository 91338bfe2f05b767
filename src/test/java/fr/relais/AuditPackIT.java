package fr.relais;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import fr.relais.duty.DutyRecord;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SettableClock;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The audit pack, read as an auditor reads it. */
@Execution(ExecutionMode.CONCURRENT)
class AuditPackIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final SettableClock clock = new SettableClock(Instant.parse("2026-11-30T12:00:00Z"));
    private SourceSimulator source;
    private Mirror mirror;

    @BeforeEach
    void start() throws Exception {
        source = SourceSimulator.start(SimulatorOptions.defaults().withClock(clock));
        new OfferGenerator(1).fill(source.base(), 60, clock.instant(), Duration.ofDays(60), "1");
        mirror = Mirror.of(source)
                .with("relais.source.window", "150")
                .with("relais.source.page-size", "50")
                .with("relais.removal.guard", "0.01,3")
                .start(clock);
        mirror.recordSettings();
        mirror.sweep();
        recordDuties();
        clock.advance(Duration.ofHours(4));
        source.base().ids().stream().sorted().limit(8).toList().forEach(source.base()::remove);
        long held = mirror.sweep().id();
        mirror.relais().refuseRemovals(held, "Anna <&>");
    }

    @AfterEach
    void stop() {
        mirror.close();
        source.close();
    }

    @Test
    void a_pack_has_the_evidence_without_content_ids_and_secrets() throws Exception {
        Map<String, String> offers = new LinkedHashMap<>(mirror.offers());

        Map<String, String> files = files(pack(Optional.empty()));

        assertThat(files.keySet())
                .containsExactly(
                        "ledger.jsonl",
                        "certificates/1.json",
                        "method/1.txt",
                        "settings.json",
                        "duties.json",
                        "summary.html",
                        "README.txt",
                        "SHA256SUMS");
        List<String> entries = new ArrayList<>();
        mirror.relais().ledger().read(entry -> entries.add(entry.text() + "\n"));
        assertThat(files.get("ledger.jsonl")).isEqualTo(String.join("", entries));
        assertThat(files.get("settings.json")).contains("relais.removal.guard");
        assertThat(files.get("summary.html"))
                .contains("<td>2026-11</td><td>1</td><td>1</td>", "<td>refusées</td><td>8</td><td>Anna &lt;&amp;&gt;");
        JsonNode duties = JSON.readTree(files.get("duties.json"));
        assertThat(duties.path("at").asText()).isEqualTo("2026-11-30T12:00:00Z");
        assertThat(duties.path("clauses"))
                .extracting(clause -> clause.path("article").asText() + " "
                        + clause.path("state").asText())
                .hasSize(19)
                .contains("5.2 met", "8 not-configured");
        assertThat(files.get("summary.html"))
                .contains("<td>Un audit est possible à tout moment.</td><td>respectée</td>");
        String all = String.join("\n", files.values());
        assertThat(all).doesNotContain(SimulatorOptions.defaults().clientSecret());
        offers.forEach((id, content) -> assertThat(all).doesNotContain(id, title(content)));
    }

    @Test
    void a_pack_is_the_same_when_it_is_made_again_for_the_same_instant(@TempDir Path folder) throws Exception {
        Instant instant = clock.instant();
        byte[] first = pack(Optional.of(instant));
        assertThat(pack(Optional.empty())).isEqualTo(first);

        clock.advance(Duration.ofHours(4));
        Path profile = Files.writeString(folder.resolve("mine.yaml"), """
                name: Autre licence
                clauses:
                  - id: update
                    article: "5.2"
                    duty: Une mise à jour par jour.
                    mechanism: Des balayages.
                    settings: []
                    evidence: Le registre.
                    check: daily-update
                  - id: logo
                    article: "8"
                    duty: Le logo.
                    mechanism: Rien.
                    settings: []
                    evidence: Les pages.
                    check: logo
                    notApplicable: {reason: Aucun <b>rapprochement</b>, author: Anna, date: 2026-11-25}
                """);
        mirror.with("relais.removal.guard", "1")
                .with("relais.licence.profile", profile.toString())
                .start(clock);
        mirror.sweep();
        clock.advance(Duration.ofHours(13));
        recordDuties();

        assertThat(pack(Optional.of(instant))).isEqualTo(first);
        assertThat(files(pack(Optional.empty())).get("summary.html"))
                .contains(
                        "<td>à risque jusqu’au 01/12/2026 21:00</td>",
                        "<td>sans objet : Aucun &lt;b&gt;rapprochement&lt;/b&gt; (Anna, 2026-11-25)</td>");
        assertThat(files(pack(Optional.empty()))).containsKeys("certificates/1.json", "certificates/3.json");
        assertThat(files(pack(Optional.of(Instant.parse("2026-11-30T11:00:00Z"))))
                        .get("ledger.jsonl"))
                .isEmpty();
    }

    @Test
    void an_auditor_can_follow_the_instructions(@TempDir Path folder) throws Exception {
        assumeTools();
        for (Map.Entry<String, String> file : files(pack(Optional.empty())).entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        List<String> commands = commands(Files.readString(folder.resolve("README.txt")));
        assertThat(commands).hasSize(9);
        String head = mirror.relais().ledger().head().toString();

        assertThat(run(folder, commands.get(0))).contains("ledger.jsonl: OK", "summary.html: OK");
        assertThat(run(folder, commands.get(1))).isEqualTo(head + "\n");
        assertThat(run(folder, commands.get(2).replace("N=1", "N=" + head.split(":")[0])))
                .isEqualTo(head + "\n");
        assertThat(run(folder, commands.get(3))).isEqualTo("certificates/1.json: OK\n");
        assertThat(run(folder, commands.get(4))).isEqualTo("true\n");
        assertThat(run(folder, commands.get(5))).isEmpty();
        assertThat(run(folder, commands.get(6))).contains("modifications.csv");
        assertThat(run(folder, commands.get(7))).contains("8 not-configured Le logo");
        assertThat(run(folder, commands.get(8))).isEqualTo("OK\n");

        Path ledger = folder.resolve("ledger.jsonl");
        Files.writeString(ledger, Files.readString(ledger).replaceFirst("\"created\":60", "\"created\":61"));
        Path certificate = folder.resolve("certificates/1.json");
        Files.writeString(certificate, Files.readString(certificate).replaceFirst("\"offers\":60", "\"offers\":61"));

        assertThat(run(folder, commands.get(0)))
                .contains("ledger.jsonl: FAILED", "certificates/1.json: FAILED", "summary.html: OK");
        assertThat(run(folder, commands.get(1))).startsWith("L'entrée 3 ne suit pas la précédente\n");
        assertThat(run(folder, commands.get(3))).contains("certificates/1.json: FAILED");
    }

    private void recordDuties() {
        mirror.bean(DutyRecord.class).addChanges();
    }

    private byte[] pack(Optional<Instant> until) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        mirror.relais().overPipeline().auditPack().write(out, until);
        return out.toByteArray();
    }

    private static Map<String, String> files(byte[] pack) throws IOException {
        Map<String, String> files = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(pack))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), new String(zip.readAllBytes(), UTF_8));
            }
        }
        return files;
    }

    private static String title(String content) {
        try {
            JsonNode offer = JSON.readTree(content);
            return offer.path("intitule").asText();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the indented blocks behind the list of the files, without the SQL. */
    private static List<String> commands(String readme) {
        return Stream.of(readme.substring(readme.indexOf("1. ")).split("\n\n"))
                .map(block -> block.strip().lines().map(String::strip).collect(Collectors.joining("\n")))
                .filter(block ->
                        readme.contains("\n\n  " + block.lines().findFirst().orElse("?")))
                .filter(block -> !block.startsWith("select"))
                .toList();
    }

    private static String run(Path folder, String commands) throws Exception {
        Process bash = new ProcessBuilder("bash", "-c", commands)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(bash.getInputStream().readAllBytes(), UTF_8);
        bash.waitFor();
        return output;
    }

    private static void assumeTools() throws Exception {
        boolean isThere = Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "jq")));
        if (!isThere) {
            assertThat(System.getenv("CI")).as("CI has jq").isNull();
            assumeTrue(false, "jq is not installed");
        }
    }
}
