package fr.relais.web.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import fr.relais.JsonText;
import fr.relais.simulator.OfferGenerator;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Licence, article 5.3: the whole content is on the page. */
class OfferPageTest {

    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private static final Set<String> ELEMENTS = Set.of(
            "#root", "html", "head", "meta", "title", "link", "body", "a", "header", "nav", "main", "article", "h1",
            "h2", "p", "img", "section", "dl", "div", "dt", "dd", "span", "i", "em", "bdi", "footer", "time", "script");

    private static final Set<String> ATTRIBUTES = Set.of(
            "lang",
            "charset",
            "name",
            "content",
            "rel",
            "href",
            "type",
            "title",
            "class",
            "aria-label",
            "id",
            "tabindex",
            "dir",
            "src",
            "alt",
            "height",
            "datetime");

    private final Rendering rendering = new Rendering();

    @Test
    void shows_each_leaf_of_ten_thousand_generated_offers() throws Exception {
        OfferGenerator generator = new OfferGenerator(5);
        Instant now = Instant.parse("2026-11-01T00:00:00Z");
        int leaves = 0;
        Set<String> fields = new TreeSet<>();
        for (int i = 0; i < 10_000; i++) {
            JsonNode offer = generator.offer(now.minusSeconds(i), i % 4 == 0 ? "2" : "1");
            offer.fieldNames().forEachRemaining(fields::add);
            leaves += assertComplete(offer.get("id").asText(), offer.toString());
        }
        assertThat(fields).as("different fields of the generated offers").hasSizeGreaterThan(45);
        assertThat(leaves).isGreaterThan(300_000);
    }

    @Property(tries = 2000)
    void shows_each_leaf_of_any_json_object(@ForAll("objects") Map<String, Object> offer, @ForAll long seed)
            throws Exception {
        assertComplete("A", JsonText.write(offer, new Random(seed)));
    }

    @Provide
    Arbitrary<Map<String, Object>> objects() {
        return JsonText.objects();
    }

    @Test
    void shows_numbers_as_received_and_fields_that_occur_twice() {
        // The longest number that the mirror accepts.
        String longest = "7".repeat(10_000);
        Document page = rendering.document(
                "A1",
                "{\"id\":\"A1\",\"nouveau\":[1.50,-0.0,1e3," + longest + "],\"double\":\"un\",\"double\":\"deux\"}");

        assertThat(shown(page)).contains("1.50", "-0.0", "1e3", longest, "un", "deux");
    }

    @Test
    void puts_known_fields_under_their_labels_and_others_under_a_heading_of_their_own() {
        Document page = rendering.document(
                "A1",
                "{\"id\":\"A1\",\"intitule\":\"Soudeur\",\"salaire\":{\"libelle\":\"Mensuel\",\"prime\":\"oui\"},"
                        + "\"mystere\":{\"x\":{\"y\":\"z\"}},"
                        + "\"langues\":[{\"libelle\":\"Anglais\",\"exigence\":\"E\"}]}");

        assertThat(page.select("h1").text()).isEqualTo("Soudeur");
        assertThat(page.select(".relais-essentiel dt").eachText()).containsExactly("Salaire");
        assertThat(page.select(".relais-conditions dl").text()).isEqualTo("salaire › prime oui");
        assertThat(page.select(".relais-autres dl").text()).isEqualTo("mystere › x › y z");
        assertThat(page.select(".relais-autres h2").text()).isEqualTo("Autres informations");
        assertThat(page.select(".relais-profil dd").text()).isEqualTo("Anglais · niveau d’exigence : E (exigé)");
    }

    @Test
    void shows_the_dates_as_received() {
        Document page = rendering.document(
                "A1",
                "{\"id\":\"A1\",\"dateCreation\":\"2025-08-21T23:48:27.000Z\","
                        + "\"dateActualisation\":\"n’importe quoi\"}");

        assertThat(shown(page)).contains("2025-08-21T23:48:27.000Z", "n’importe quoi");
        assertThat(page.select("article > header p").text()).isEqualTo("Offre n° A1 · publiée le 21 août 2025");
    }

    @Test
    void links_only_safe_addresses_and_shows_the_others_as_text() {
        Document page = rendering.document(
                "A1",
                "{\"id\":\"A1\",\"entreprise\":{\"url\":\"javascript:alert(1)\","
                        + "\"logo\":\"https://images.example/l.png\"},"
                        + "\"contact\":{\"urlPostulation\":\"https://emploi.example/a?b=1&c=2\","
                        + "\"urlRecruteur\":\"data:text/html,x\"},"
                        + "\"origineOffre\":{\"urlOrigine\":\"https://candidat.example/A1\","
                        + "\"partenaires\":[{\"url\":\"https://p.example/?utm_source=x\"}]}}");

        assertThat(page.select("article a[rel~=external]").eachAttr("href"))
                .containsExactlyInAnyOrder(
                        "https://candidat.example/A1?at_medium=partner&at_offer=A1",
                        "https://candidat.example/A1?at_medium=partner&at_offer=A1",
                        "https://emploi.example/a?b=1&c=2",
                        "https://p.example/?utm_source=x");
        assertThat(shown(page)).contains("javascript:alert(1)", "data:text/html,x", "https://images.example/l.png");
        assertThat(page.select("img").eachAttr("src")).containsExactly("/logo");
    }

    @Test
    void the_fragment_has_the_same_content() {
        String json = new OfferGenerator(7).offer(Instant.EPOCH, "2").toString();
        String fragment = rendering.fragment("A1", json);

        assertThat(fragment.strip()).startsWith("<article").endsWith("</article>");
        Document parsed = Jsoup.parse(fragment);
        assertThat(parsed.select("bdi").eachText())
                .isEqualTo(rendering.document("A1", json).select("bdi").eachText());
        assertThat(parsed.select("img").eachAttr("src")).containsExactly("https://relais.example/logo");
        assertThat(parsed.select(".relais-mentions a").eachAttr("href"))
                .containsExactly("https://licence.example/", "https://relais.example/modifications");
    }

    @ParameterizedTest
    @CsvSource({
        "75 - PARIS 10,75010,75110,Île-de-France,PARIS 10",
        "974 - ST DENIS,97400,97411,La Réunion,ST DENIS",
        "2A - AJACCIO,20000,2A004,Corse,AJACCIO",
        "38 - Isère,,,Auvergne-Rhône-Alpes,",
        "Localisation,69003,69383,Auvergne-Rhône-Alpes,",
        "Localisation,,2B033,Corse,",
        "France,69003,,Auvergne-Rhône-Alpes,",
        "PROVENCE ALPES COTE D'AZUR,,,Provence-Alpes-Côte d’Azur,",
        "France,,,,"
    })
    void a_job_posting_has_the_region_that_the_place_of_the_offer_has(
            String label, String postalCode, String commune, String region, String locality) throws Exception {
        ObjectNode offer = offer();
        offer.putObject("lieuTravail")
                .put("libelle", label)
                .put("codePostal", postalCode)
                .put("commune", commune);

        JsonNode address = posting(offer).at("/jobLocation/address");

        assertThat(address.path("addressCountry").asText()).isEqualTo("FR");
        assertThat(address.path("addressRegion").asText(null)).isEqualTo(region);
        assertThat(address.path("addressLocality").asText(null)).isEqualTo(locality);
        assertThat(address.path("postalCode").asText(null)).isEqualTo(postalCode);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Mensuel de 1850.0 Euros à 2100.0 Euros sur 12.0 mois | MONTH | 1850.0 | 2100.0 |",
                "Annuel de 28000 Euros à 34000,50 Euros | YEAR | 28000 | 34000.50 |",
                "Horaire de 12,02 Euros | HOUR | | | 12.02",
                "Mensuel de 45000 Euros à 60000 Euros sur 12 mois | | | |",
                "Annuel de 35.0 Euros | | | |",
                "Mensuel de 2100 Euros à 1850 Euros | | | |",
                "Mensuel de 1850 Euros selon profil | | | |",
                "Selon convention | | | |"
            })
    void a_job_posting_has_a_salary_only_when_its_text_is_clear_and_plausible(
            String label, String unit, Double least, Double most, Double exact) throws Exception {
        ObjectNode offer = offer();
        offer.putObject("salaire").put("libelle", label);

        JsonNode salary = posting(offer).path("baseSalary");

        assertThat(salary.path("currency").asText(null)).isEqualTo(unit == null ? null : "EUR");
        assertThat(salary.at("/value/unitText").asText(null)).isEqualTo(unit);
        assertThat(number(salary.at("/value/minValue"))).isEqualTo(least);
        assertThat(number(salary.at("/value/maxValue"))).isEqualTo(most);
        assertThat(number(salary.at("/value/value"))).isEqualTo(exact);
    }

    @ParameterizedTest
    @CsvSource({"intitule,' '", "description,''", "dateCreation,hier", "lieuTravail,"})
    void an_offer_without_a_required_property_has_no_job_posting(String field, String value) {
        assertThat(rendering.document("A1", offer().toString()).select("script"))
                .hasSize(1);
        assertThat(rendering
                        .document("A1", offer().put(field, value).toString())
                        .select("script"))
                .isEmpty();
    }

    /** Germany, Italy and Spain have postal codes of five digits, too. Country codes begin with 99. */
    @ParameterizedTest
    @CsvSource({"Étranger,,", "BERLIN,10115,", "Barcelona,08001,", ",34121,", "ROMA,00118,99127"})
    void an_offer_that_may_be_abroad_has_no_job_posting(String label, String postalCode, String commune) {
        ObjectNode offer = offer();
        offer.putObject("lieuTravail")
                .put("libelle", label)
                .put("codePostal", postalCode)
                .put("commune", commune);

        assertThat(rendering.document("A1", offer.toString()).select("script")).isEmpty();
    }

    private static Double number(JsonNode node) {
        return node.isMissingNode() ? null : node.doubleValue();
    }

    private static ObjectNode offer() {
        ObjectNode offer = MAPPER.createObjectNode()
                .put("intitule", "Soudeur")
                .put("description", "Souder")
                .put("dateCreation", "2025-08-21T23:48:27.000Z");
        offer.putObject("lieuTravail").put("libelle", "France");
        return offer;
    }

    private JsonNode posting(JsonNode offer) throws JsonProcessingException {
        return MAPPER.readTree(
                rendering.document("A1", offer.toString()).selectFirst("script").data());
    }

    /**
     * Asserts that the page shows each leaf of the JSON and that no text has become markup.
     *
     * @return the number of leaves
     */
    private int assertComplete(String id, String json) throws JsonProcessingException {
        String html = rendering.page(id, json);
        // A character that UTF-8 cannot encode would not arrive.
        Document page = Jsoup.parse(new String(html.getBytes(UTF_8), UTF_8));
        List<String> shown = shown(page);
        List<String> leaves = new ArrayList<>();
        leaves(MAPPER.readTree(json), leaves);
        List<String> missing = new ArrayList<>(leaves);
        for (String text : shown) {
            missing.remove(text);
        }
        if (!missing.isEmpty()) {
            // The same number can be written in several ways.
            missing.removeIf(leaf -> shown.stream().anyMatch(text -> sameNumber(leaf, text)));
        }
        assertThat(missing).as("not on the page of %s", json).isEmpty();
        Set<String> elements = new HashSet<>();
        Set<String> attributes = new HashSet<>();
        for (Element element : page.getAllElements()) {
            elements.add(element.tagName());
            element.attributes().forEach(attribute -> attributes.add(attribute.getKey()));
        }
        assertThat(ELEMENTS).as("nothing of the offer is markup").containsAll(elements);
        assertThat(ATTRIBUTES).containsAll(attributes);
        if (page.selectFirst("script") != null) {
            assertThat(page.select("script")).hasSize(1);
            JsonNode posting = MAPPER.readTree(page.selectFirst("script").data());
            assertThat(List.of("title", "description", "datePosted", "hiringOrganization", "jobLocation"))
                    .allMatch(required -> !posting.path(required).isMissingNode());
            assertThat(posting.has("validThrough")).isFalse();
        }
        return leaves.size();
    }

    private static List<String> shown(Document page) {
        return page.select("article h1, article bdi, article dd a").stream()
                .map(Element::wholeText)
                .map(OfferPageTest::normalized)
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private static void leaves(JsonNode node, List<String> leaves) {
        if (node.isContainerNode() && !node.isEmpty()) {
            node.forEach(child -> leaves(child, leaves));
        } else if (node.isBoolean()) {
            leaves.add(node.booleanValue() ? "Oui" : "Non");
        } else if (node.isNull() || node.isContainerNode() || node.asText().isEmpty()) {
            leaves.add("Non renseigné");
        } else {
            leaves.add(normalized(node.asText()));
        }
    }

    /** Replaces characters that no page can show, and collapses white space as browsers do. */
    private static String normalized(String text) {
        return text.replaceAll("[\\p{Cc}&&[^\\n\\r\\t]]|\\p{Cs}|[\\uFDD0-\\uFDEF\\uFFFE\\uFFFF]", "\uFFFD")
                .replaceAll("[ \\t\\r\\n]+", " ")
                .strip();
    }

    private static boolean sameNumber(String leaf, String text) {
        try {
            return new BigDecimal(leaf).compareTo(new BigDecimal(text)) == 0;
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
