package fr.relais.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tests that generated offers have the shapes and sizes that the API's contract describes. */
class OfferGeneratorTest {

    private static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");

    private final OfferGenerator generator = new OfferGenerator(7);
    private final SimulatedBase base = new SimulatedBase(new SettableClock(NOW), Duration.ZERO);

    @Test
    void the_same_seed_gives_the_same_offers() {
        OfferGenerator other = new OfferGenerator(7);

        for (int i = 0; i < 100; i++) {
            ObjectNode offer = generator.offer(NOW, i % 2 == 0 ? "1" : "2");
            assertThat(offer).isEqualTo(other.offer(NOW, i % 2 == 0 ? "1" : "2"));
            assertThat(generator.change(offer)).isEqualTo(other.change(offer));
        }
    }

    @Test
    void offers_have_the_sizes_that_the_contract_describes() {
        generator.fill(base, 5000, NOW, Duration.ofDays(60), "2");

        int[] sizes = base.snapshot().values().stream()
                .mapToInt(bytes -> bytes.length)
                .sorted()
                .toArray();

        assertThat(sizes).hasSize(5000);
        assertThat(Arrays.stream(sizes).average().orElseThrow()).isBetween(3100.0, 3500.0);
        assertThat(sizes[sizes.length * 95 / 100]).isBetween(4600, 5400);
    }

    @Test
    void all_creation_dates_lie_in_the_span_and_recent_ones_are_more_frequent() {
        generator.fill(base, 1000, NOW, Duration.ofDays(60), "2");

        Instant oldest = NOW.minus(Duration.ofDays(60));
        assertThat(countCreated(oldest, NOW)).isEqualTo(1000);
        assertThat(countCreated(NOW.minus(Duration.ofDays(10)), NOW)).isBetween(350, 500);
        assertThat(countCreated(oldest, oldest.plus(Duration.ofDays(10)))).isBetween(10, 70);
    }

    @Test
    void ids_of_partner_offers_have_digits_only_and_ids_of_own_offers_have_letters_too() {
        generator.fill(base, 500, NOW, Duration.ofDays(1), "1");
        assertThat(base.ids()).hasSize(500).allMatch(id -> id.matches("\\d{3}[A-Z]{4}"));
        base.clear();

        generator.fill(base, 500, NOW, Duration.ofDays(1), "2");
        assertThat(base.ids()).hasSize(500).allMatch(id -> id.matches("\\d{7}"));
    }

    @Test
    void some_offers_lack_fields_and_some_have_unusual_or_unknown_fields() {
        List<ObjectNode> offers =
                Stream.generate(() -> generator.offer(NOW, "2")).limit(2000).toList();

        assertThat(offers.stream().filter(offer -> !offer.has("dateActualisation")))
                .hasSizeBetween(20, 60);
        assertThat(offers).anyMatch(offer -> offer.get("entreprise").isEmpty());
        assertThat(offers).anyMatch(offer -> offer.get("lieuTravail").size() == 1);
        assertThat(offers).anyMatch(offer -> offer.path("outilsBureautiques").isArray());
        assertThat(offers).anyMatch(offer -> offer.path("outilsBureautiques").isTextual());
        assertThat(offers).anyMatch(offer -> offer.has("champInconnu"));
        assertThat(offers)
                .anyMatch(offer ->
                        Vocabulary.HOSTILE_TEXTS.contains(offer.get("intitule").asText()));
    }

    @Test
    void links_lead_only_to_the_operators_page_and_to_example_domains() {
        generator.fill(base, 500, NOW, Duration.ofDays(1), "1");
        generator.fill(base, 500, NOW, Duration.ofDays(1), "2");

        assertThat(base.snapshot().entrySet()).allSatisfy(offer -> {
            String page = "https://candidat.francetravail.fr/offres/recherche/detail/" + offer.getKey();
            assertThat(new String(offer.getValue(), UTF_8)
                            .replace(page, "")
                            .replaceAll("(https?|ldap)://[^/\"]*\\.example/?", ""))
                    .doesNotContain("://");
        });
    }

    @Test
    void emoji_and_accents_are_utf8_and_control_characters_are_escaped() throws Exception {
        String text = String.join("", Vocabulary.HOSTILE_TEXTS);
        base.put(generator.offer(NOW, "1").put("id", "HOSTILE").put("intitule", text));

        byte[] served = base.content("HOSTILE");

        assertThat(new ObjectMapper().readTree(served).get("intitule").asText()).isEqualTo(text);
        assertThat(new String(served, UTF_8)).contains("😀", "\u202e", "\\u0000", "\\u001B");
    }

    @Test
    void each_change_changes_a_field_but_not_always_the_update_date() {
        int unchangedDates = 0;
        for (int i = 0; i < 200; i++) {
            ObjectNode offer = generator.offer(NOW, "1");
            ObjectNode changed = generator.change(offer);

            assertThat((Object) changed.deepCopy().without("dateActualisation"))
                    .isNotEqualTo(offer.deepCopy().without("dateActualisation"));
            assertThat(changed.get("id")).isEqualTo(offer.get("id"));
            assertThat(changed.get("dateCreation")).isEqualTo(offer.get("dateCreation"));
            unchangedDates += changed.path("dateActualisation").equals(offer.path("dateActualisation")) ? 1 : 0;
        }
        assertThat(unchangedDates).isBetween(25, 80);
    }

    private int countCreated(Instant from, Instant to) {
        SearchCriteria created =
                SearchCriteria.parse(Call.parameters(ApiClient.between(from, to)), SimulatorOptions.defaults());
        return base.select(created).offers().size();
    }
}
