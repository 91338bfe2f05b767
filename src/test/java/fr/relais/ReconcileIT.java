package fr.relais;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import fr.relais.source.SourceDrift;
import fr.relais.sweep.SetAsideRecords;
import fr.relais.sweep.SweepState;
import fr.relais.sweep.SweepSummary;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.camel.builder.AdviceWith;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Integration tests of {@code 30-reconcile.camel.yaml}. */
class ReconcileIT {

    private static final Instant NOW = Instant.now();

    private SourceSimulator source;
    private Mirror mirror;

    @BeforeEach
    void start() throws Exception {
        source = SourceSimulator.start(SimulatorOptions.defaults());
        mirror = Mirror.of(source).start();
    }

    @AfterEach
    void stop() {
        mirror.close();
        source.close();
    }

    @Test
    void different_key_order_white_space_or_escapes_are_not_a_change() {
        plant("A1", "{\"id\":\"A1\",\"intitule\":\"Soudeur\",\"nombrePostes\":1}");
        mirror.sweep();
        plant("A1", "{ \"nombrePostes\" : 1,\n \"intitule\":\"\\u0053oudeur\", \"id\":\"A1\"}");

        SweepSummary second = mirror.sweep();

        assertThat(second.unchanged()).isEqualTo(1);
        assertThat(second.updated()).isZero();
    }

    @Test
    void a_changed_field_is_an_update_even_if_no_date_has_changed() {
        plant("A1", "{\"id\":\"A1\",\"dateActualisation\":\"2026-01-01T00:00:00.000Z\",\"nombrePostes\":1}");
        mirror.sweep();
        plant("A1", "{\"id\":\"A1\",\"dateActualisation\":\"2026-01-01T00:00:00.000Z\",\"nombrePostes\":2}");

        assertThat(mirror.sweep().updated()).isEqualTo(1);
        assertThat(mirror.offers().get("A1")).contains("\"nombrePostes\":2");
    }

    @Test
    void content_is_kept_byte_for_byte_including_unknown_fields() {
        String odd = "{\"id\":\"A1\",  \"inconnu\":{\"é\":[1.50,-0.0,1e3,12345678901234567890123]},"
                + "\"t\":\"a\\u2028\uD83D\uDE80\\ud800 <b>'\"}";
        plant("A1", odd);
        mirror.sweep();

        assertThat(mirror.offers()).containsEntry("A1", odd);
    }

    @Test
    void one_bad_record_is_set_aside_and_the_rest_of_its_page_is_mirrored() {
        new OfferGenerator(1).fill(source.base(), 149, NOW, Duration.ofDays(30), "1");
        mirror.sweep();
        String gone = source.base().ids().iterator().next();
        source.base().remove(gone);
        source.base().putRaw("bad", NOW, "1", "{\"id\":1234567,\"secretword\":true}".getBytes(UTF_8));

        SweepSummary summary = mirror.sweep();

        assertThat(summary.state()).isEqualTo(SweepState.PROVED);
        assertThat(summary.setAside()).isEqualTo(1);
        assertThat(summary.removed()).isEqualTo(1);
        assertThat(mirror.offers()).hasSize(148).doesNotContainKey(gone);
        Map<String, Object> row =
                mirror.jdbc.sql("select reason, hash from set_aside").query().singleRow();
        assertThat(row.get("reason")).isEqualTo("the id is not text");
        assertThat(row.get("hash").toString()).hasSize(64);

        source.base().remove("bad");
        assertThat(mirror.sweep().setAside()).isZero();
    }

    @Test
    void a_record_that_only_one_answer_damaged_is_not_set_aside() {
        new OfferGenerator(1).fill(source.base(), 3, NOW, Duration.ofDays(30), "1");
        plant("good", "{\"id\":\"good\"}");
        AtomicBoolean damaged = new AtomicBoolean();
        source.onCall((exchange, call) -> {
            source.base()
                    .putRaw(
                            "good",
                            NOW.minusSeconds(60),
                            "1",
                            (damaged.compareAndSet(false, true) ? "{\"id\":null}" : "{\"id\":\"good\"}")
                                    .getBytes(UTF_8));
            return false;
        });

        SweepSummary summary = mirror.sweep();

        assertThat(summary.state()).as(summary.toString()).isEqualTo(SweepState.PROVED);
        assertThat(summary.setAside()).isZero();
        assertThat(mirror.offers()).hasSize(4);
    }

    @Test
    void every_kind_of_bad_record_is_set_aside() {
        plant("good", "{\"id\":\"good\"}");
        plant("none", "{\"intitule\":\"no id\"}");
        plant("number", "{\"id\":17}");
        plant("large", "{\"id\":\"large\",\"description\":\"" + "x".repeat(1_048_576) + "\"}");
        plant("null", "null");

        SweepSummary summary = mirror.sweep();

        assertThat(summary.setAside()).isEqualTo(4);
        assertThat(mirror.offers()).containsOnlyKeys("good");
    }

    @Test
    void sweeps_learn_which_fields_the_records_have_and_report_changes() {
        plant("A1", "{\"id\":\"A1\",\"postes\":1,\"lieu\":{\"commune\":\"38185\"},\"0612345678\":true}");
        source.base().putRaw("bad", NOW, "1", "{\"identifiant\":[7]}".getBytes(UTF_8));
        mirror.sweep();

        assertThat(mirror.jdbc
                        .sql("select concat(path, ' ', type) from source_field order by 1")
                        .query(String.class)
                        .list())
                .containsExactly(
                        "(other) boolean",
                        "id string",
                        "identifiant array",
                        "identifiant[] number",
                        "lieu object",
                        "lieu.commune string",
                        "postes number");
        assertThat(mirror.relais().sweeps().setAside())
                .containsExactly(new SetAsideRecords(1, "the record has no id", 1));
        assertThat(mirror.relais().sweeps().sourceShape().drifts()).isEmpty();

        source.base().remove("bad");
        plant("A1", "{\"id\":\"A1\",\"postes\":\"un\",\"lieu\":null,\"salaire\":{}}");
        mirror.jdbc
                .sql("update source_field set first_seen_at = first_seen_at - interval 20 day,"
                        + " last_seen_at = last_seen_at - interval 8 day")
                .update();
        mirror.sweep();

        assertThat(mirror.relais().sweeps().setAside()).isEmpty();
        SourceDrift.Overview shape = mirror.relais().sweeps().sourceShape();
        assertThat(shape.paths()).isEqualTo(8);
        assertThat(shape.drifts())
                .extracting(drift -> drift.kind() + " " + drift.path() + " " + drift.type())
                .containsExactlyInAnyOrder(
                        "NEW salaire object",
                        "RETYPED postes string",
                        "MISSING (other) boolean",
                        "MISSING identifiant array",
                        "MISSING identifiant[] number",
                        "MISSING lieu.commune string");
    }

    @Test
    void fields_that_could_not_be_saved_are_saved_by_the_next_sweep() {
        plant("A1", "{\"id\":\"A1\",\"postes\":1}");
        mirror.jdbc.sql("rename table source_field to source_field_away").update();
        try {
            assertThat(mirror.sweep().state()).isEqualTo(SweepState.PROVED);
        } finally {
            mirror.jdbc.sql("rename table source_field_away to source_field").update();
        }
        plant("A1", "{\"id\":\"A1\"}");
        mirror.sweep();

        assertThat(mirror.jdbc
                        .sql("select path from source_field where path = 'postes'")
                        .query(String.class)
                        .list())
                .hasSize(1);
    }

    @Test
    void only_a_limited_number_of_fields_is_learned() {
        StringBuilder offer = new StringBuilder("{\"id\":\"A1\"");
        IntStream.range(0, 600).forEach(i -> offer.append(",\"field").append(i).append("\":1"));
        plant("A1", offer + "}");
        mirror.sweep();
        plant("A1", "{\"id\":\"A1\",\"more\":[]}");
        mirror.sweep();

        assertThat(mirror.jdbc
                        .sql("select count(distinct path) from source_field where path <> '(other)'")
                        .query(Integer.class)
                        .single())
                .isEqualTo(500);
        assertThat(mirror.jdbc
                        .sql("select type from source_field where path = '(other)'")
                        .query(String.class)
                        .list())
                .containsExactly("array");
    }

    @Test
    void an_offer_that_comes_back_is_created_again() {
        ObjectNode offer = new OfferGenerator(1).offer(NOW, "1");
        String id = offer.get("id").asText();
        source.base().put(offer);
        plant("A1", "{\"id\":\"A1\"}");
        mirror.sweep();
        source.base().remove(id);
        mirror.sweep();
        source.base().put(offer);

        assertThat(mirror.sweep().created()).isEqualTo(1);
        assertThat(mirror.offers()).containsOnlyKeys(id, "A1");
    }

    @Test
    void sightings_and_changes_are_committed_together_or_not_at_all() throws Exception {
        plant("A1", "{\"id\":\"A1\"}");
        AdviceWith.adviceWith(mirror.camel(), "relais-write-page", route -> route.weaveById("relais-to-sightings")
                .before()
                .throwException(new IllegalStateException("broken")));

        SweepSummary summary = mirror.sweep();

        assertThat(summary.state()).isEqualTo(SweepState.INCOMPLETE);
        assertThat(mirror.offers()).isEmpty();
    }

    private void plant(String id, String json) {
        source.base().putRaw(id, NOW.minusSeconds(60), "1", json.getBytes(UTF_8));
    }
}
