package fr.relais.changelog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import fr.relais.audit.SelfAudit;
import fr.relais.ledger.Anchor;
import fr.relais.licence.Mentions;
import fr.relais.sweep.SweepState;
import fr.relais.sweep.SweepSummary;
import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The changelog as CSV, JSON and Atom. */
class DocumentsTest {

    private static final Instant NOW = Instant.parse("2026-11-24T03:00:00.123Z");
    private static final UUID FEED = UUID.fromString("6ba7b810-9dad-11d1-80b4-00c04fd430c8");

    @Property(tries = 200)
    void csv_json_and_atom_agree_for_any_text(@ForAll String note) throws Exception {
        ChangelogContent content = content(note);
        MethodVersion version = content.versions().get(0);
        List<String> lines = version.method().sections().stream()
                .flatMap(section -> section.lines().stream())
                .toList();

        JsonNode json = new ObjectMapper().readTree(ChangelogJson.write(content));
        assertThat(texts(json.at("/methode/0/rubriques").findValues("lignes"))).isEqualTo(lines);
        assertThat(texts(List.of(json.at("/methode/0/difference")))).isEqualTo(version.difference());

        List<CSVRecord> csv = csv(content);
        assertThat(csv).allMatch(row -> row.size() == 12);
        assertThat(csv.stream()
                        .filter(row -> row.get("rubrique").equals("METHODE")
                                && row.get("numero").equals("2")
                                && !row.get("libelle").equals("sha256"))
                        .map(row -> unguarded(row.get("texte"))))
                .containsExactlyElementsOf(lines);
        assertThat(csv.stream()
                        .filter(row -> row.get("rubrique").equals("DIFFERENCE"))
                        .map(row -> unguarded(row.get("texte"))))
                .containsExactlyElementsOf(version.difference());

        assertThat(elements(atom(content), "content").get(1).getTextContent())
                .isEqualTo(String.join("\n", version.difference()) + "\n");
    }

    @Test
    void all_documents_have_the_mentions() throws Exception {
        ChangelogContent content = content("");
        Mentions mentions = content.mentions();

        JsonNode json = new ObjectMapper().readTree(ChangelogJson.write(content));
        assertThat(json.path("source").asText()).isEqualTo(mentions.source());
        assertThat(json.path("derniereMiseAJour").asText()).isEqualTo(NOW.toString());
        assertThat(json.path("licence").asText()).isEqualTo(mentions.licence());
        assertThat(json.path("versionLicence").asText()).isEqualTo("2");
        assertThat(json.path("urlLicence").asText()).isEqualTo(mentions.licenceUrl());
        assertThat(json.path("urlModifications").asText()).isEqualTo(mentions.changelogUrl());
        assertThat(new String(ChangelogCsv.write(content), UTF_8))
                .contains(
                        mentions.source(),
                        NOW.toString(),
                        mentions.licence(),
                        mentions.licenceUrl(),
                        mentions.changelogUrl());
        assertThat(new String(ChangelogAtom.write(content), UTF_8))
                .contains(
                        mentions.source(),
                        mentions.updatedAtText(),
                        mentions.licence(),
                        mentions.licenceUrl().replace("&", "&amp;"),
                        mentions.changelogUrl());
    }

    @Test
    void all_documents_name_the_last_sweep_in_the_ledger() {
        ChangelogContent content = content("");

        for (byte[] document :
                List.of(ChangelogCsv.write(content), ChangelogJson.write(content), ChangelogAtom.write(content))) {
            assertThat(new String(document, UTF_8)).contains("12:" + "a".repeat(64));
        }
    }

    @Test
    void all_documents_have_the_result_of_the_last_self_audit_but_not_the_fields_that_differ() {
        ChangelogContent content = content("");

        assertThat(new String(ChangelogCsv.write(content), UTF_8)).contains("1\u202f000 offres", "au plus 0,48 %");
        assertThat(new String(ChangelogAtom.write(content), UTF_8)).contains("1\u202f000 offres", "au plus 0,48 %");
        assertThat(new String(ChangelogJson.write(content), UTF_8))
                .contains("\"comparees\":1000,\"differentes\":1,\"partMaximale\":0.0047")
                .doesNotContain("intitule");
    }

    @Test
    void documents_of_a_mirror_that_was_never_updated_say_so() throws Exception {
        ChangelogContent content = new ChangelogContent(
                Mentions.of(null, Optional.empty(), "https://example.org", "m"),
                FEED,
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty());

        assertThat(new ObjectMapper()
                        .readTree(ChangelogJson.write(content))
                        .path("derniereMiseAJour")
                        .isNull())
                .isTrue();
        assertThat(new String(ChangelogCsv.write(content), UTF_8)).contains("aucune mise à jour");
        assertThat(elements(atom(content), "entry")).isEmpty();
    }

    @Test
    void the_feed_has_what_atom_requires() throws Exception {
        ChangelogContent content = content("Le métier est ajouté.");
        Element feed = atom(content);

        assertThat(feed.getNamespaceURI()).isEqualTo("http://www.w3.org/2005/Atom");
        assertThat(feed.getLocalName()).isEqualTo("feed");
        List<Element> all = new ArrayList<>(elements(feed, "entry"));
        assertThat(all).hasSize(4);
        all.add(feed);
        Set<String> ids = new HashSet<>();
        for (Element one : all) {
            assertThat(child(one, "title")).isNotBlank();
            assertThat(Instant.parse(child(one, "updated"))).isBefore(Instant.parse("2027-01-01T00:00:00Z"));
            assertThat(URI.create(child(one, "id")).isAbsolute()).isTrue();
            assertThat(ids.add(child(one, "id"))).isTrue();
        }
        assertThat(elements(feed, "author")).isNotEmpty();
        assertThat(feed.getTextContent()).contains("3 créées");
    }

    @Test
    void no_document_contains_the_reason_of_a_sweep() {
        ChangelogContent content = content("");

        for (byte[] document :
                List.of(ChangelogCsv.write(content), ChangelogJson.write(content), ChangelogAtom.write(content))) {
            assertThat(new String(document, UTF_8))
                    .doesNotContain("for a reason")
                    .contains("incomplet");
        }
    }

    /**
     * Returns a changelog with two versions of the method and one sweep.
     *
     * @param note the description of the route and the value of the setting in the newer version
     */
    private static ChangelogContent content(String note) {
        Method old = Method.of("1", Map.of(), List.of(), List.of(), List.of());
        Method method = Method.of(
                "1", Map.of("relais.sweep.cron", note), List.of(), List.of(), List.of(new Method.Route("mine", note)));
        return new ChangelogContent(
                Mentions.of(NOW, Optional.of("2"), "https://example.org/licence?a=1&b=2", "modifications"),
                FEED,
                List.of(
                        new MethodVersion(2, NOW, method.sha256(), method, MethodHistory.difference(1, old, 2, method)),
                        new MethodVersion(1, NOW.minusSeconds(60), old.sha256(), old, List.of())),
                List.of(new SweepSummary(
                        7,
                        NOW,
                        SweepState.INCOMPLETE,
                        "for a reason",
                        Duration.ofSeconds(5),
                        3,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        9)),
                Optional.of(new Anchor(12, "a".repeat(64))),
                Optional.of(new SelfAudit(NOW, 999, 3, 2, 1, 1, List.of("intitule"))));
    }

    private static List<CSVRecord> csv(ChangelogContent content) throws Exception {
        CSVFormat format = CSVFormat.RFC4180
                .builder()
                .setDelimiter(';')
                .setHeader()
                .setSkipHeaderRecord(true)
                .get();
        try (CSVParser parser =
                CSVParser.parse(new StringReader(new String(ChangelogCsv.write(content), UTF_8)), format)) {
            return parser.getRecords();
        }
    }

    /** Removes the apostrophe that protects spreadsheets from formulas. */
    private static String unguarded(String text) {
        return text.startsWith("'") ? text.substring(1) : text;
    }

    private static List<String> texts(List<JsonNode> arrays) {
        List<String> texts = new ArrayList<>();
        arrays.forEach(array -> array.forEach(text -> texts.add(text.asText())));
        return texts;
    }

    private static Element atom(ChangelogContent content) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        return factory.newDocumentBuilder()
                .parse(new ByteArrayInputStream(ChangelogAtom.write(content)))
                .getDocumentElement();
    }

    private static List<Element> elements(Element parent, String name) {
        NodeList found = parent.getElementsByTagNameNS("*", name);
        return IntStream.range(0, found.getLength())
                .mapToObj(i -> (Element) found.item(i))
                .toList();
    }

    private static String child(Element parent, String name) {
        return IntStream.range(0, parent.getChildNodes().getLength())
                .mapToObj(parent.getChildNodes()::item)
                .filter(node -> name.equals(node.getLocalName()))
                .findFirst()
                .orElseThrow()
                .getTextContent();
    }
}
