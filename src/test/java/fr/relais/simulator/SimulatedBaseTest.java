package fr.relais.simulator;

import static fr.relais.simulator.ApiClient.between;
import static fr.relais.simulator.ApiClient.header;
import static fr.relais.simulator.ApiClient.ids;
import static fr.relais.simulator.ApiClient.json;
import static fr.relais.simulator.ApiClient.offers;
import static fr.relais.simulator.ApiClient.total;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests that the simulator serves what is put into the base, over HTTP where the answer matters. */
class SimulatedBaseTest {

    private static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");

    private final SettableClock clock = new SettableClock(NOW);
    private final OfferGenerator generator = new OfferGenerator(7);
    private SourceSimulator simulator;
    private ApiClient client;
    private final SimulatedBase base = new SimulatedBase(clock, Duration.ZERO);

    @AfterEach
    void stop() {
        if (simulator != null) {
            simulator.close();
        }
    }

    @Test
    void an_offer_is_replaced_even_when_its_creation_date_and_origin_changed() throws Exception {
        start();
        ObjectNode offer = generator.offer(NOW, "1");
        simulator.base().put(offer);
        ((ObjectNode) offer.get("origineOffre")).put("origine", "2");
        simulator.base().put(offer.put("dateCreation", "2026-01-01T00:00:00.000Z"));

        assertThat(simulator.base().size()).isEqualTo(1);
        assertThat(client.search("origineOffre=1").statusCode()).isEqualTo(204);
        assertThat(total(client.search("origineOffre=2&" + between(NOW.minus(Duration.ofDays(90)), NOW))))
                .isEqualTo(1);
        assertThat(client.search(between(NOW, NOW)).statusCode()).isEqualTo(204);
    }

    @Test
    void a_repeated_search_reflects_every_change_of_the_base() throws Exception {
        start();
        String query = between(NOW, NOW.plusSeconds(10));
        ObjectNode offer = generator.offer(NOW, "1");
        simulator.base().put(offer);
        assertThat(total(client.search(query))).isEqualTo(1);

        simulator.base().put(generator.offer(NOW.plusSeconds(10), "2"));
        assertThat(total(client.search(query))).isEqualTo(2);

        simulator.base().changeCreationDate(offer.get("id").asText(), NOW.minusSeconds(1));
        assertThat(total(client.search(query))).isEqualTo(1);

        simulator.base().clear();
        assertThat(client.search(query).statusCode()).isEqualTo(204);
    }

    @Test
    void raw_bytes_are_served_as_they_are() throws Exception {
        start();
        Map<String, byte[]> planted = new LinkedHashMap<>();
        planted.put("NOID", "{ \"intitule\" :\t\"sans id\" }".getBytes(UTF_8));
        planted.put("NUMERIC", "{\"id\":1234567}".getBytes(UTF_8));
        planted.put("LARGE", ("{\"description\":\"" + "é".repeat(750_000) + "\"}").getBytes(UTF_8));
        planted.put("SURROGATE", "{\"intitule\":\"\\ud800\"}".getBytes(UTF_8));
        planted.forEach((id, bytes) -> simulator.base().putRaw(id, NOW, "1", bytes));

        assertThat(offers(client.search(between(NOW, NOW)))).hasSize(4);
        for (String id : planted.keySet()) {
            assertThat(client.detail(id).body()).isEqualTo(planted.get(id));
        }
    }

    @Test
    void a_record_that_is_not_json_counts_as_an_offer() throws Exception {
        start();
        plant("BROKEN", "{\"id\":");

        assertThat(header(client.search(""), "Content-Range")).isEqualTo("offres 0-0/1");
    }

    @Test
    void every_call_gets_the_same_bytes() throws Exception {
        start(options -> options.withDateShift(Duration.ofHours(1)));
        fill(50, "2");

        assertThat(client.search("sort=1").body())
                .isEqualTo(client.search("sort=1").body());
    }

    @Test
    void changing_the_creation_date_changes_nothing_else() throws Exception {
        start(options -> options.withDateShift(Duration.ofHours(2)));
        ObjectNode offer = generator.offer(NOW, "1");
        String id = offer.get("id").asText();
        simulator.base().put(offer);
        JsonNode before = new ObjectMapper().readTree(simulator.base().content(id));

        simulator.base().changeCreationDate(id, NOW.plusSeconds(60));

        JsonNode after = offers(client.search(between(NOW.plusSeconds(60), NOW.plusSeconds(60))))
                .get(0);
        assertThat(after.get("dateCreation").asText()).isEqualTo("2026-03-10T14:01:00.000Z");
        assertThat(((ObjectNode) after).without("dateCreation").toString())
                .isEqualTo(((ObjectNode) before).without("dateCreation").toString());
    }

    @Test
    void changing_the_creation_date_of_a_raw_offer_keeps_its_bytes() throws Exception {
        start();
        plant("RAW", "{\"id\":\"RAW\"}");

        simulator.base().changeCreationDate("RAW", NOW.plusSeconds(60));

        assertThat(ids(client.search(between(NOW.plusSeconds(60), NOW.plusSeconds(60)))))
                .containsExactly("RAW");
        assertThat(simulator.base().content("RAW")).asString(UTF_8).isEqualTo("{\"id\":\"RAW\"}");
    }

    @Test
    void a_change_sees_the_true_dates_of_an_offer() {
        SimulatedBase shifted = new SimulatedBase(clock, Duration.ofHours(2));
        ObjectNode offer = generator.offer(NOW, "1");
        shifted.put(offer);
        String id = offer.get("id").asText();
        byte[] before = shifted.content(id);

        boolean changed = shifted.change(id, same -> {
            assertThat(same.get("dateCreation")).isEqualTo(offer.get("dateCreation"));
            return same;
        });

        assertThat(changed).isTrue();
        assertThat(shifted.content(id)).isEqualTo(before);
        assertThat(shifted.change("ABSENT", same -> same)).isFalse();
    }

    @Test
    void a_snapshot_can_be_limited_to_an_origin() {
        generator.fill(base, 3, NOW, Duration.ofDays(1), "1");
        generator.fill(base, 4, NOW, Duration.ofDays(1), "2");

        assertThat(base.snapshot("1")).hasSize(3);
        assertThat(base.snapshot().keySet()).isEqualTo(base.ids()).hasSize(7);
        assertThat(base.snapshot()).allSatisfy((id, bytes) -> assertThat(bytes).isEqualTo(base.content(id)));
    }

    @Test
    void nothing_remains_of_removed_offers() {
        generator.fill(base, 2, NOW, Duration.ofDays(1), "1");
        String id = base.ids().iterator().next();

        assertThat(base.remove(id)).isTrue();
        assertThat(base.remove(id)).isFalse();
        assertThat(base.contains(id)).isFalse();
        assertThatThrownBy(() -> base.content(id)).hasMessageContaining(id);
        base.clear();
        assertThat(base.size()).isZero();
    }

    @Test
    void an_offer_without_an_id_is_refused() {
        ObjectNode offer = generator.offer(NOW, "1");
        offer.remove("id");

        assertThatThrownBy(() -> base.put(offer)).isInstanceOf(IllegalArgumentException.class);
    }

    private void start() throws Exception {
        start(options -> options);
    }

    private void start(UnaryOperator<SimulatorOptions> change) throws Exception {
        simulator =
                SourceSimulator.start(change.apply(SimulatorOptions.defaults().withClock(clock)));
        client = new ApiClient(simulator);
    }

    private void fill(int count, String origine) {
        generator.fill(simulator.base(), count, NOW, Duration.ofDays(30), origine);
    }

    private void plant(String id, String json) {
        simulator.base().putRaw(id, NOW, "1", json.getBytes(UTF_8));
    }
}
