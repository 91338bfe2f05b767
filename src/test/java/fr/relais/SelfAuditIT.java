package fr.relais;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import fr.relais.audit.SelfAudit;
import fr.relais.audit.SelfAudits;
import fr.relais.changelog.Document;
import fr.relais.simulator.Answer;
import fr.relais.simulator.Call;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SettableClock;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Integration tests of {@code 90-audit.camel.yaml}. */
class SelfAuditIT {

    private final SettableClock clock = new SettableClock(Instant.parse("2026-11-30T12:00:00Z"));
    private SourceSimulator source;
    private Mirror mirror;
    private List<String> ids;

    @BeforeEach
    void start() throws Exception {
        source = SourceSimulator.start(SimulatorOptions.defaults().withClock(clock));
        new OfferGenerator(1).fill(source.base(), 60, clock.instant(), Duration.ofDays(5), "1");
        mirror = Mirror.of(source).with("relais.source.retry-delay", "1").start(clock);
        mirror.sweep();
        ids = List.copyOf(mirror.offers().keySet());
    }

    @AfterEach
    void stop() {
        mirror.close();
        source.close();
    }

    @Test
    void an_unaltered_mirror_proves_a_bound() throws Exception {
        mirror.with("relais.audit.offers", "50").start(clock);

        audit();

        SelfAudit audit = last().orElseThrow();
        assertThat(audit).isEqualTo(new SelfAudit(clock.instant(), 50, 0, 0, 0, 0, List.of()));
        assertThat(audit.bound()).isBetween(0.058, 0.059);
        for (Document document : mirror.relais().changelog().documents()) {
            assertThat(new String(document.content(), StandardCharsets.UTF_8))
                    .as(document.name())
                    .contains("50")
                    .containsPattern("5[.,]9|0[.]058");
        }
    }

    @Test
    void an_altered_copy_is_found_and_its_field_named_without_a_value() throws Exception {
        mirror.jdbc
                .sql("update offer set content = json_set(content, '$.intitule', 'canary-zq9w') where id = :id")
                .param("id", ids.get(7))
                .update();

        try (CapturedLog log = CapturedLog.ofApplication(Level.INFO)) {
            audit();
            assertThat(log.all())
                    .anyMatch(line -> line.contains("1 of 60 random offers differ"))
                    .noneMatch(line -> line.contains("zq9w"));
        }

        SelfAudit audit = last().orElseThrow();
        assertThat(audit.different()).isEqualTo(1);
        assertThat(audit.fields()).containsExactly("intitule");
        assertThat(ledger()).doesNotContain("zq9w").doesNotContain(ids.get(7));
    }

    @Test
    void what_the_source_has_changed_since_the_sweep_is_not_a_difference() {
        String updated = ids.get(1);
        clock.advance(Duration.ofMinutes(5));
        source.base().remove(ids.get(0));
        source.base().change(updated, offer -> offer.put("intitule", "Boulangère")
                .put("dateActualisation", "2026-11-30T12:03:00.000Z"));
        source.onCall((exchange, call) -> {
            boolean isUnanswered = call.kind() == Call.Kind.DETAIL
                    && exchange.getRequestURI().getPath().endsWith(ids.get(2));
            if (isUnanswered) {
                Answer.empty(500).sendTo(exchange);
            }
            return isUnanswered;
        });

        audit();

        assertThat(last()).contains(new SelfAudit(clock.instant(), 57, 1, 1, 1, 0, List.of()));
    }

    @Test
    void an_update_without_a_new_date_is_found_at_the_second_look() {
        source.base().change(ids.get(3), offer -> offer.put("intitule", "Fleuriste"));

        audit();

        assertThat(last()).contains(new SelfAudit(clock.instant(), 59, 1, 0, 0, 0, List.of()));
        assertThat(mirror.offers()).isEqualTo(Mirror.offers(source));
    }

    @Test
    void one_of_several_processes_audits() throws Exception {
        try (Mirror twin = mirror.secondProcess().start(clock)) {
            audit();
            twin.camel().createProducerTemplate().sendBody("direct:relais-self-audit", null);

            assertThat(ledger().lines().filter(line -> line.contains("self-audit")))
                    .hasSize(1);

            clock.advance(Duration.ofDays(1));
            twin.camel().createProducerTemplate().sendBody("direct:relais-self-audit", null);
            assertThat(ledger().lines().filter(line -> line.contains("self-audit")))
                    .hasSize(2);
        }
    }

    @Test
    void an_audit_without_any_answer_has_no_result() {
        source.onCall((exchange, call) -> {
            Answer.empty(500).sendTo(exchange);
            return true;
        });

        audit();

        assertThat(last()).isEmpty();
    }

    private void audit() {
        mirror.camel().createProducerTemplate().sendBody("direct:relais-self-audit", null);
    }

    private Optional<SelfAudit> last() {
        return mirror.bean(SelfAudits.class).last();
    }

    private String ledger() {
        StringBuilder texts = new StringBuilder();
        mirror.relais().ledger().read(entry -> texts.append(entry.text()).append('\n'));
        return texts.toString();
    }
}
