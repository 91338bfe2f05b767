package fr.relais;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import fr.relais.ledger.Ledger;
import fr.relais.ledger.LedgerEntry.Kind;
import fr.relais.simulator.Answer;
import fr.relais.simulator.Call;
import fr.relais.simulator.Fault;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import fr.relais.sweep.MirrorCheck;
import fr.relais.sweep.MirrorCheck.Outcome;
import fr.relais.sweep.RestoreCheck;
import fr.relais.sweep.SweepState;
import fr.relais.sweep.SweepSummary;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What sweeps leave in the ledger, and the certificates of the proved ones. */
@Execution(ExecutionMode.CONCURRENT)
@Tag("long")
class CertificateIT {

    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

    private SourceSimulator source;
    private Mirror mirror;

    @BeforeEach
    void start() throws Exception {
        source = SourceSimulator.start(SimulatorOptions.defaults());
        new OfferGenerator(1).fill(source.base(), 203, Instant.now(), Duration.ofDays(60), "1");
        mirror = Mirror.of(source)
                .with("relais.source.window", "150")
                .with("relais.source.page-size", "50")
                .with("relais.source.retry-delay", "10")
                .start();
    }

    @AfterEach
    void stop() {
        assertThat(mirror.relais().ledger().verify(Optional.empty()).isIntact()).isTrue();
        mirror.close();
        source.close();
    }

    @Test
    void a_proved_sweep_has_a_certificate_with_a_root_that_anybody_can_compute() throws Exception {
        SweepSummary sweep = mirror.sweep();

        String text = certificate(sweep.id());
        JsonNode certificate = JSON.readTree(text);
        assertThat(certificate.path("root").asText()).isEqualTo(root(Mirror.offers(source)));
        assertThat(certificate.path("offers").asInt()).isEqualTo(203);
        assertThat(certificate.path("sweep").asLong()).isEqualTo(sweep.id());
        assertThat(certificate.path("startedAt").asText())
                .isEqualTo(sweep.startedAt().toString());
        assertThat(certificate.path("origines").toString()).isEqualTo("[\"1\"]");
        assertThat(certificate.path("counts").path("created").asInt()).isEqualTo(203);
        assertThat(certificate.path("slices").findValuesAsText("state")).contains("split", "proved");
        int total = 0;
        for (JsonNode slice : certificate.path("slices")) {
            total += slice.path("state").asText().equals("proved")
                    ? slice.path("total").asInt()
                    : 0;
        }
        assertThat(certificate.path("total").asInt()).isEqualTo(total).isGreaterThanOrEqualTo(203);
        assertThat(mirror.offers().keySet()).noneMatch(text::contains);

        JsonNode entry = entries("sweep").get(0);
        assertThat(entry.path("certificate").asText()).isEqualTo(DigestUtils.sha256Hex(text));
        assertThat(entry.path("counts")).isEqualTo(certificate.path("counts"));
        assertThat(entry.path("endedAt")).isEqualTo(certificate.path("endedAt"));
    }

    @Test
    void the_root_changes_with_each_change_of_the_mirror() throws Exception {
        String first = root(mirror.sweep());
        assertThat(root(mirror.sweep())).as("nothing has changed").isEqualTo(first);

        source.base().change(source.base().ids().iterator().next(), new OfferGenerator(2)::change);
        String second = root(mirror.sweep());
        assertThat(second).isNotEqualTo(first).isEqualTo(root(Mirror.offers(source)));

        source.base().remove(source.base().ids().iterator().next());
        assertThat(root(mirror.sweep())).isNotEqualTo(second).isEqualTo(root(Mirror.offers(source)));
    }

    @Test
    void a_change_of_the_mirror_by_hand_is_noticed() {
        assertThat(verify()).isEqualTo(new MirrorCheck(Outcome.NO_CERTIFICATE, null));
        mirror.sweep();
        assertThat(verify()).isEqualTo(new MirrorCheck(Outcome.EQUAL, 1L));

        String flip = "update offer set fingerprint = concat(left(fingerprint, 31),"
                + " char(ord(right(fingerprint, 1)) ^ 1)) order by id desc limit 1";
        mirror.jdbc.sql(flip).update();
        assertThat(verify()).isEqualTo(new MirrorCheck(Outcome.DIFFERENT, 1L));
        mirror.jdbc.sql(flip).update();
        assertThat(verify().outcome()).isEqualTo(Outcome.EQUAL);

        mirror.jdbc
                .sql("update offer set content = concat(content, ' ') limit 1")
                .update();
        assertThat(verify().outcome()).isEqualTo(Outcome.DIFFERENT);
        mirror.jdbc.sql("update offer set content = trim(content)").update();
        assertThat(verify().outcome()).isEqualTo(Outcome.EQUAL);

        mirror.jdbc.sql("delete from offer limit 1").update();
        assertThat(verify().outcome()).isEqualTo(Outcome.DIFFERENT);

        new TransactionTemplate(new JdbcTransactionManager(mirror.dataSource))
                .executeWithoutResult(status -> mirror.bean(Ledger.class).append(Kind.WIPE, Map.of()));
        assertThat(verify()).isEqualTo(new MirrorCheck(Outcome.WIPED, 1L));

        mirror.jdbc
                .sql("update certificate set text = replace(text, '\"offers\":203', '\"offers\":202')")
                .update();
        assertThat(verify()).isEqualTo(new MirrorCheck(Outcome.FORGED, 1L));
    }

    @Test
    void the_mirror_is_compared_again_when_a_later_sweep_is_proved() {
        mirror.sweep();
        source.onCall(answering(Call.Kind.SEARCH, 400));
        assertThat(mirror.sweep().state()).isEqualTo(SweepState.INCOMPLETE);
        assertThat(verify()).isEqualTo(new MirrorCheck(Outcome.LATER_SWEEP, 1L));

        source.onCall(Fault.NONE);
        mirror.sweep();

        assertThat(verify()).isEqualTo(new MirrorCheck(Outcome.EQUAL, 3L));
        assertThat(entries("sweep")).hasSize(3);
        assertThat(entries("sweep").get(1).path("state").asText()).isEqualTo("incomplete");
        assertThat(entries("sweep").get(1).path("reason").asText()).isNotEmpty();
        assertThat(entries("sweep").get(1).path("certificate").isNull()).isTrue();
    }

    @Test
    void decisions_about_held_removals_are_recorded() throws Exception {
        mirror.with("relais.removal.guard", "0.01,3").start();
        mirror.sweep();
        source.base().ids().stream().sorted().limit(8).toList().forEach(source.base()::remove);
        SweepSummary first = mirror.sweep();
        mirror.relais().refuseRemovals(first.id(), "Anna");
        SweepSummary second = mirror.sweep();
        mirror.approve(second.id());

        assertThat(kinds()).containsExactly("sweep 1", "sweep 2", "removals 2", "sweep 3", "removals 3", "sweep 3");
        assertThat(entries("sweep"))
                .extracting(data -> data.path("state").asText())
                .containsExactly("proved", "held", "held", "proved");
        assertThat(entries("removals"))
                .extracting(JsonNode::toString)
                .containsExactly(
                        "{\"sweep\":2,\"decision\":\"refused\",\"person\":\"Anna\",\"candidates\":8}",
                        "{\"sweep\":3,\"decision\":\"approved\",\"person\":null,\"candidates\":8}");
        assertThat(root(second)).isEqualTo(root(Mirror.offers(source)));
    }

    @Test
    void a_sweep_that_is_abandoned_and_a_restore_are_recorded() {
        mirror.sweep();
        mirror.jdbc
                .sql("insert into sweep (origines, started_at, state, fence) select '1,2', utc_timestamp(3),"
                        + " 'removing', fence from lease where name = 'sweep'")
                .update();
        mirror.jdbc
                .sql("update offer set created_sweep = 2, changed_sweep = 2 limit 5")
                .update();
        mirror.jdbc
                .sql("insert into removal (sweep_id, offer_id, outcome) values (2, 'gone', 'removed')")
                .update();
        mirror.sweep();
        mirror.jdbc.sql("update lease set fence = 0 where name = 'sweep'").update();
        assertThat(mirror.bean(RestoreCheck.class).check()).isTrue();

        assertThat(kinds()).containsExactly("sweep 1", "sweep 2", "sweep 3", "restore");
        JsonNode abandoned = entries("sweep").get(1);
        assertThat(abandoned.path("state").asText()).isEqualTo("abandoned");
        assertThat(abandoned.at("/counts/created").asInt()).isEqualTo(5);
        assertThat(abandoned.at("/counts/removed").asInt()).isEqualTo(1);
        assertThat(abandoned.at("/counts/calls").isNull())
                .as("unknown, because the process that counted them has died")
                .isTrue();
        assertThat(entries("restore")).extracting(JsonNode::toString).containsExactly("{\"lastSweep\":3}");
    }

    @Test
    void a_sweep_whose_root_cannot_be_computed_is_incomplete() {
        mirror.sweep();
        source.base().remove(source.base().ids().iterator().next());
        AtomicBoolean isRenamed = new AtomicBoolean();
        source.onCall((exchange, call) -> {
            // All pages are written by now.
            if (call.kind() == Call.Kind.DETAIL && isRenamed.compareAndSet(false, true)) {
                mirror.jdbc
                        .sql("alter table offer rename column fingerprint to missing")
                        .update();
            }
            return false;
        });

        SweepSummary summary = mirror.sweep();

        assertThat(summary.state()).isEqualTo(SweepState.INCOMPLETE);
        assertThat(summary.removed()).isEqualTo(1);
        assertThat(summary.reason()).contains("database");
        mirror.jdbc
                .sql("alter table offer rename column missing to fingerprint")
                .update();
        assertThat(mirror.sweep().state()).isEqualTo(SweepState.PROVED);
        assertThat(verify()).isEqualTo(new MirrorCheck(Outcome.EQUAL, 3L));
    }

    private MirrorCheck verify() {
        return mirror.relais().certificates().verifyMirror();
    }

    private String certificate(long sweep) {
        return mirror.jdbc
                .sql("select text from certificate"
                        + " where sweep_id = ? and convert(sha256 using utf8mb4) = sha2(text, 256)")
                .param(sweep)
                .query(String.class)
                .single();
    }

    private String root(SweepSummary sweep) throws IOException {
        return JSON.readTree(certificate(sweep.id())).path("root").asText();
    }

    /** Returns the kind and the sweep of each entry about sweeps and restores. */
    private List<String> kinds() {
        return mirror.jdbc
                .sql("select concat_ws(' ', json_value(text, '$.kind'), json_value(text, '$.data.sweep')) from ledger"
                        + " where json_value(text, '$.kind') in ('sweep', 'removals', 'restore') order by number")
                .query(String.class)
                .list();
    }

    /** Returns the facts of the entries of a kind. */
    private List<JsonNode> entries(String kind) {
        List<JsonNode> entries = new ArrayList<>();
        mirror.relais().ledger().read(entry -> {
            if (entry.text().contains("\"kind\":\"" + kind + "\"")) {
                entries.add(entry.data());
            }
        });
        return entries;
    }

    /** Computes the root of offers level by level. The last node of a level with an odd number of nodes moves up. */
    private static String root(Map<String, String> offers) throws IOException {
        List<byte[]> level = new ArrayList<>();
        for (Map.Entry<String, String> offer : offers.entrySet()) {
            byte[] canonical = JSON.writeValueAsBytes(JSON.readValue(offer.getValue(), Map.class));
            level.add(DigestUtils.sha256("\0" + offer.getKey() + " " + DigestUtils.sha256Hex(canonical)));
        }
        while (level.size() > 1) {
            List<byte[]> above = new ArrayList<>();
            for (int left = 0; left < level.size(); left += 2) {
                above.add(left + 1 < level.size() ? parent(level.get(left), level.get(left + 1)) : level.get(left));
            }
            level = above;
        }
        return Hex.encodeHexString(level.get(0));
    }

    private static byte[] parent(byte[] left, byte[] right) {
        ByteArrayOutputStream node = new ByteArrayOutputStream();
        node.write(1);
        node.writeBytes(left);
        node.writeBytes(right);
        return DigestUtils.sha256(node.toByteArray());
    }

    private static Fault answering(Call.Kind kind, int status) {
        return (exchange, call) -> {
            if (call.kind() == kind) {
                Answer.empty(status).sendTo(exchange);
            }
            return call.kind() == kind;
        };
    }
}
