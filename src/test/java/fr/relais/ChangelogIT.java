package fr.relais;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import fr.relais.changelog.Changelog;
import fr.relais.changelog.Document;
import fr.relais.changelog.MethodVersion;
import fr.relais.changelog.Publication;
import fr.relais.changelog.UnpublishedChangelog;
import fr.relais.simulator.SettableClock;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import fr.relais.sweep.SweepState;
import fr.relais.sweep.SweepSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Integration tests of {@code 70-changelog.camel.yaml}. */
@Tag("long")
class ChangelogIT {

    private static final String TRANSFORM_OFFER = """
            - route:
                id: relais-transform-offer
                description: Le nombre de lettres de chaque offre est ajouté.
                routeConfigurationId: relais-rethrow
                from:
                  uri: direct:relais-transform-offer
                  steps:
                    - to:
                        uri: sql
                        parameters:
                          dataSource: "#relaisDataSource"
                          query: >-
                            insert into addition (offer_id, letters) values (:#${body.id}, 17)
                            on duplicate key update letters = 17
            """;

    @TempDir
    private Path routes;

    private SourceSimulator source;
    private Mirror mirror;

    @BeforeEach
    void start() throws Exception {
        source = SourceSimulator.start(SimulatorOptions.defaults());
        mirror = Mirror.of(source);
    }

    @AfterEach
    void stop() {
        mirror.close();
        source.close();
    }

    @Test
    void method_and_modifications_are_published_only_when_they_change() throws Exception {
        mirror.start().publish();
        assertThat(files()).containsOnlyKeys("modifications.atom", "modifications.csv", "modifications.json");
        assertThat(json().path("methode")).hasSize(1);
        assertThat(json().path("derniereMiseAJour").isNull()).isTrue();
        assertThat(json().path("balayages")).isEmpty();
        String publishedAt = publishedAt();
        Map<String, String> files = files();

        mirror.publish();
        assertThat(publishedAt()).isEqualTo(publishedAt);

        plant("123ABCD");
        SweepSummary summary = mirror.sweep();
        assertThat(json().at("/balayages/0/creees").asInt()).isEqualTo(1);
        assertThat(json().path("derniereMiseAJour").asText())
                .isEqualTo(summary.startedAt().toString());
        assertThat(files()).doesNotContainEntry("modifications.csv", files.get("modifications.csv"));
        for (Document document : changelog().documents()) {
            assertThat(document.content()).asString(ISO_8859_1).isEqualTo(files().get(document.name()));
        }
        assertThat(files().toString()).doesNotContain("123ABCD", "Soudeur");
    }

    @Test
    void a_changed_method_is_a_new_version_with_a_readable_difference() throws Exception {
        mirror.start().publish();
        mirror.start().publish();
        assertThat(versions()).hasSize(1);

        mirror.with("relais.source.origins", "1,2").start().publish();

        assertThat(versions()).extracting(MethodVersion::number).containsExactly(2, 1);
        assertThat(versions().get(0).difference())
                .filteredOn(line -> line.matches("[-+][^-+].*"))
                .containsExactly(
                        "-Réglages : Origines des offres reprises (1 : celles de France Travail,"
                                + " 2 : celles de ses partenaires) : 1 (relais.source.origins)",
                        "+Réglages : Origines des offres reprises (1 : celles de France Travail,"
                                + " 2 : celles de ses partenaires) : 1,2 (relais.source.origins)");

        addTransformOffer();
        mirror.start().publish();
        assertThat(versions().get(0).difference().toString())
                .contains("+Nos ajouts : relais-transform-offer : Le nombre de lettres")
                .contains("+Fichiers de traitement : 36-mine.camel.yaml, ajouté par nous, SHA-256 ");

        mirror.jdbc
                .sql("insert into relais_schema_history"
                        + " values (99, '99', 'a_later_release', 'SQL', 'V99', 17, '', now(), 0, true)")
                .update();
        mirror.start().publish();
        assertThat(versions().get(0).difference())
                .contains("+Structure de la base de données : Version 99, a_later_release (somme de contrôle 17)");
        assertThat(versions()).hasSize(4);
    }

    @Test
    void the_published_method_contains_no_secret_and_no_address_except_that_of_the_source() throws Exception {
        mirror.with("relais.source.client-secret", "s3cr3t-word")
                .with("relais.report.bcc", "copy@example.org")
                .with("relais.source.base-url", "http://user:pass-word@localhost:1/api?key=key-word")
                .start()
                .publish();

        assertThat(files().toString())
                .contains("http://localhost:1/api (relais.source.base-url)")
                .doesNotContain("s3cr3t-word", "pass-word", "key-word", "PAR_", "example.org", folder().toString());
    }

    @Test
    void processes_that_start_together_record_one_version() throws Exception {
        mirror.start();
        try (Mirror twin = mirror.secondProcess().start()) {
            CompletableFuture.allOf(
                            CompletableFuture.runAsync(mirror::publish), CompletableFuture.runAsync(twin::publish))
                    .join();

            assertThat(versions()).hasSize(1);
            assertThat(json().path("methode")).hasSize(1);
        }
    }

    @Test
    void processes_of_two_releases_that_run_side_by_side_record_one_version_each() throws Exception {
        mirror.start().publish();
        try (Mirror newer = mirror.secondProcess()
                .with("relais.sweep.cron", "0 0 0 1 1 ? 2098")
                .start()) {
            for (int i = 0; i < 3; i++) {
                newer.publish();
                mirror.publish();
            }
        }

        assertThat(versions()).hasSize(2);
    }

    @Test
    void a_version_lost_by_a_restore_is_recorded_again() throws Exception {
        mirror.start().publish();
        mirror.jdbc.sql("delete from method").update();

        mirror.publish();

        assertThat(versions()).hasSize(1);
    }

    @Test
    void offers_that_transform_offer_changes_are_counted_and_never_named() throws Exception {
        addTransformOffer();
        mirror.start();
        plant("123ABCD");
        plant("123ABCE");
        plant("123ABCF");
        mirror.sweep();
        source.base().remove("123ABCE");
        plantChanged("123ABCF");
        mirror.sweep();

        assertThat(json().path("balayages").findValuesAsText("creees")).containsExactly("0", "3");
        assertThat(json().path("balayages").findValuesAsText("misesAJour")).containsExactly("1", "0");
        assertThat(json().at("/methode/0/rubriques").toString())
                .contains("Nous complétons ou modifions chaque offre créée")
                .contains("Le bilan de chaque balayage indique le nombre de ces offres");
        assertThat(files().toString()).doesNotContain("123ABC", "Soudeur");
    }

    @Test
    void documents_are_made_once_for_each_edition() throws Exception {
        mirror.start().publish();
        List<Document> documents = changelog().documents();

        assertThat(changelog().documents()).isSameAs(documents);
        plant("123ABCD");
        mirror.sweep();
        assertThat(changelog().documents()).doesNotContainAnyElementsOf(documents);
    }

    @Test
    void a_reader_never_sees_an_incomplete_or_missing_file() throws Exception {
        plant("123ABCD");
        mirror.start().sweep();
        // A process that dies while it writes leaves such a temporary file.
        Files.writeString(folder().resolve(".modifications.json"), "x".repeat(1_000_000));
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger reads = new AtomicInteger();
        CompletableFuture<Void> reader = CompletableFuture.runAsync(() -> {
            while (!done.get()) {
                try {
                    json();
                    assertThat(Files.readString(folder().resolve("modifications.csv")))
                            .endsWith("\r\n");
                    assertThat(Files.readString(folder().resolve("modifications.atom")))
                            .endsWith("</feed>");
                    reads.incrementAndGet();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
        });
        for (int i = 1; i <= 200; i++) {
            mirror.jdbc.sql("update sweep set unchanged = :i").param("i", i).update();
            mirror.publish();
        }
        done.set(true);
        reader.join();

        assertThat(reads).hasValueGreaterThan(200);
        assertThat(json().at("/balayages/0/inchangees").asInt()).isEqualTo(200);
        assertThat(files()).hasSize(3);
    }

    @Test
    void a_failed_publication_is_retried_and_raises_an_alert_until_it_succeeds() throws Exception {
        SettableClock clock = new SettableClock(Instant.now());
        mirror.start(clock);
        Files.createDirectories(folder().getParent());
        Files.writeString(folder(), "a file where the folder should be");
        plant("123ABCD");

        SweepSummary summary = mirror.sweep();
        assertThat(summary.state()).isEqualTo(SweepState.PROVED);
        mirror.publish();
        mirror.publish();
        assertThat(publication().unpublished()).isEmpty();
        mirror.publish();
        UnpublishedChangelog unpublished = publication().unpublished().orElseThrow();
        assertThat(unpublished.attempts()).isEqualTo(4);
        assertThat(unpublished.reason())
                .contains("GenericFileOperationFailedException")
                .doesNotContain("/");
        assertThat(mirror.alerts()).singleElement().asString().contains("relais.changelog.uri", unpublished.reason());
        assertThat(mirror.alerts()).isEmpty();

        Files.delete(folder());
        mirror.publish();

        assertThat(json().at("/balayages/0/creees").asInt()).isEqualTo(1);
        assertThat(publication().unpublished()).isEmpty();
        assertThat(mirror.alerts()).containsExactly("Resolved: changelog unpublished");
    }

    @Test
    void an_hour_without_success_counts_as_unpublished_even_after_one_attempt() throws Exception {
        SettableClock clock = new SettableClock(Instant.now());
        mirror.with("relais.changelog.uri", "direct:relais-no-mail-server")
                .start(clock)
                .publish();
        assertThat(publication().unpublished()).isEmpty();

        clock.advance(Duration.ofMinutes(61));

        assertThat(publication().unpublished().orElseThrow().attempts()).isEqualTo(1);
    }

    @Test
    void a_claimed_edition_is_left_alone_until_the_claim_expires() throws Exception {
        SettableClock clock = new SettableClock(Instant.now());
        mirror.start(clock);
        changelog().recordMethod();
        assertThat(publication().claimEdition().documents()).hasSize(3);

        assertThat(publication().claimEdition().documents()).isEmpty();
        mirror.publish();
        assertThat(folder()).doesNotExist();

        clock.advance(Duration.ofMinutes(10));
        mirror.publish();
        assertThat(files()).hasSize(3);
    }

    @Test
    void a_new_destination_gets_the_same_changelog() throws Exception {
        mirror.start().publish();
        String elsewhere = "file:" + routes.resolve("elsewhere");

        mirror.with("relais.changelog.uri", elsewhere).start().publish();

        assertThat(routes.resolve("elsewhere/modifications.csv")).isNotEmptyFile();
        assertThat(versions()).hasSize(1);
    }

    /** Adds a {@code relais-transform-offer} that writes a row for each offer. Takes effect at the next start. */
    private void addTransformOffer() throws IOException {
        Files.writeString(routes.resolve("36-mine.camel.yaml"), TRANSFORM_OFFER);
        mirror.with("relais.routes", routes.toString());
        mirror.jdbc
                .sql("create table if not exists addition"
                        + " (offer_id varchar(64) character set ascii collate ascii_bin primary key, letters int)")
                .update();
    }

    private Publication publication() {
        return changelog().publication();
    }

    private Changelog changelog() {
        return mirror.relais().changelog();
    }

    private List<MethodVersion> versions() {
        return changelog().read().versions();
    }

    private String publishedAt() {
        return mirror.jdbc
                .sql("select published_at from publication")
                .query(String.class)
                .single();
    }

    private Path folder() {
        return Path.of(mirror.settings().get("relais.changelog.uri").replaceAll("^file:|\\?.*$", ""));
    }

    /** Returns the files in the folder of the changelog, hidden ones included: content by name. */
    private Map<String, String> files() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> paths = Files.list(folder())) {
            for (Path path : paths.toList()) {
                files.put(path.getFileName().toString(), Files.readString(path, ISO_8859_1));
            }
        }
        return files;
    }

    private JsonNode json() throws IOException {
        return new ObjectMapper().readTree(Files.readAllBytes(folder().resolve("modifications.json")));
    }

    private void plant(String id) {
        plant(id, "{\"id\":\"" + id + "\",\"intitule\":\"Soudeur\"}");
    }

    private void plantChanged(String id) {
        plant(id, "{\"id\":\"" + id + "\",\"intitule\":\"Soudeuse\"}");
    }

    private void plant(String id, String json) {
        source.base().putRaw(id, Instant.now().minusSeconds(60), "1", json.getBytes(UTF_8));
    }
}
