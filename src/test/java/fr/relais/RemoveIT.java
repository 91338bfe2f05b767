package fr.relais;

import static org.assertj.core.api.Assertions.assertThat;

import fr.relais.simulator.Answer;
import fr.relais.simulator.Call;
import fr.relais.simulator.Fault;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import fr.relais.sweep.SweepSummary;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code 40-remove.camel.yaml} */
class RemoveIT {

    private SourceSimulator source;
    private Mirror mirror;

    @BeforeEach
    void start() throws Exception {
        source = SourceSimulator.start(SimulatorOptions.defaults());
        new OfferGenerator(1).fill(source.base(), 200, Instant.now(), Duration.ofDays(60), "1");
        new OfferGenerator(2).fill(source.base(), 100, Instant.now(), Duration.ofDays(60), "2");
        mirror = Mirror.of(source).start();
        mirror.sweep();
    }

    @AfterEach
    void stop() {
        mirror.close();
        source.close();
    }

    @Test
    void an_offer_is_removed_when_the_sweep_did_not_see_it_and_the_source_confirms() {
        List<String> gone = mirror.offers().keySet().stream().limit(20).toList();
        gone.forEach(source.base()::remove);
        source.resetCounters();

        SweepSummary summary = mirror.sweep();

        assertThat(summary.removed()).isEqualTo(20);
        assertThat(source.details()).isEqualTo(20);
        assertThat(mirror.offers()).hasSize(180).doesNotContainKeys(gone.toArray(String[]::new));
    }

    @Test
    void an_offer_that_was_not_seen_but_still_exists_is_kept_and_reported() {
        String hidden = mirror.offers().keySet().iterator().next();
        byte[] content = source.base().content(hidden);
        source.base().remove(hidden);
        source.onCall(detail(hidden, Answer.of(200, "application/json", new String(content))));

        SweepSummary summary = mirror.sweep();

        assertThat(summary.state()).isEqualTo("proved");
        assertThat(summary.kept()).isEqualTo(1);
        assertThat(summary.removed()).isZero();
        assertThat(mirror.offers()).containsKey(hidden);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 410})
    void an_undocumented_answer_is_no_proof_that_an_offer_is_gone(int status) {
        String unknown = mirror.offers().keySet().iterator().next();
        source.base().remove(unknown);
        source.onCall(detail(unknown, Answer.empty(status)));

        SweepSummary summary = mirror.sweep();

        assertThat(summary.state()).isEqualTo("incomplete");
        assertThat(summary.reason()).contains("did not say");
        assertThat(summary.removed()).isZero();
        assertThat(summary.kept()).isEqualTo(1);
        assertThat(mirror.offers()).containsKey(unknown);
    }

    @Test
    void an_incomplete_sweep_removes_nothing() {
        String gone = mirror.offers().keySet().iterator().next();
        source.base().remove(gone);
        source.onCall((exchange, call) -> {
            if (call.kind() == Call.Kind.SEARCH) {
                Answer.empty(403).sendTo(exchange);
                return true;
            }
            return false;
        });

        SweepSummary summary = mirror.sweep();

        assertThat(summary.state()).isEqualTo("incomplete");
        assertThat(summary.removed()).isZero();
        assertThat(mirror.offers()).hasSize(200).containsKey(gone);
    }

    @Test
    void widening_the_origins_adds_and_narrowing_them_removes_without_asking() throws Exception {
        mirror.with("relais.source.origins", "1,2").start();
        SweepSummary widened = mirror.sweep();
        assertThat(widened.created()).isEqualTo(100);
        assertThat(mirror.offers()).isEqualTo(Mirror.offers(source));

        mirror.with("relais.source.origins", "2").start();
        source.resetCounters();
        SweepSummary narrowed = mirror.sweep();

        assertThat(narrowed.outOfScope()).isEqualTo(200);
        assertThat(narrowed.toString()).contains("200 out of scope removed (relais.source.origins)");
        assertThat(source.details()).isZero();
        assertThat(mirror.offers()).isEqualTo(Mirror.offers(source, "2"));
    }

    @Test
    void more_removals_than_the_guard_allows_are_held_until_it_is_raised() throws Exception {
        new OfferGenerator(5).fill(source.base(), 1_300, Instant.now(), Duration.ofDays(60), "1");
        mirror.sweep();
        mirror.offers().keySet().stream().limit(1_100).toList().forEach(source.base()::remove);

        SweepSummary held = mirror.sweep();
        assertThat(held.state()).isEqualTo("held");
        assertThat(held.reason()).contains("1100 offers").contains("relais.removal.guard=1");
        assertThat(mirror.offers()).hasSize(1_500);

        mirror.with("relais.removal.guard", "1").start();
        assertThat(mirror.sweep().removed()).isEqualTo(1_100);
        assertThat(mirror.offers()).isEqualTo(Mirror.offers(source, "1"));
    }

    private static Fault detail(String id, Answer answer) {
        return (exchange, call) -> {
            boolean mine = call.kind() == Call.Kind.DETAIL && call.id().equals(id);
            if (mine) {
                answer.sendTo(exchange);
            }
            return mine;
        };
    }
}
