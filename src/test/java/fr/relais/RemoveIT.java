package fr.relais;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fr.relais.simulator.Answer;
import fr.relais.simulator.Call;
import fr.relais.simulator.Fault;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SimulatedBase;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import fr.relais.sweep.SweepState;
import fr.relais.sweep.SweepSummary;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Integration tests of {@code 40-remove.camel.yaml}. */
class RemoveIT {

    private SourceSimulator source;
    private Mirror mirror;

    @BeforeEach
    void start() throws Exception {
        source = SourceSimulator.start(SimulatorOptions.defaults());
        new OfferGenerator(1).fill(source.base(), 200, Instant.now(), Duration.ofDays(60), "1");
        new OfferGenerator(2).fill(source.base(), 100, Instant.now(), Duration.ofDays(60), "2");
        mirror = Mirror.of(source).with("relais.source.retry-delay", "10").start();
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
        assertThat(source.details()).as("each candidate and one sighting").isEqualTo(21);
        assertThat(mirror.offers()).hasSize(180).doesNotContainKeys(gone.toArray(String[]::new));
    }

    @Test
    void an_offer_that_was_not_seen_but_still_exists_is_kept_and_counted() {
        String hidden = mirror.offers().keySet().iterator().next();
        byte[] content = source.base().content(hidden);
        source.base().remove(hidden);
        source.onCall(detail(hidden, Answer.of(200, "application/json", new String(content))));

        SweepSummary summary = mirror.sweep();

        assertThat(summary.state()).isEqualTo(SweepState.PROVED);
        assertThat(summary.kept()).isEqualTo(1);
        assertThat(summary.removed()).isZero();
        assertThat(mirror.offers()).containsKey(hidden);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 410})
    void an_undocumented_answer_does_not_prove_that_an_offer_is_gone(int status) {
        String unknown = mirror.offers().keySet().iterator().next();
        source.base().remove(unknown);
        source.onCall(detail(unknown, Answer.empty(status)));

        SweepSummary summary = mirror.sweep();

        assertThat(summary.state()).isEqualTo(SweepState.INCOMPLETE);
        assertThat(summary.reason()).contains("some candidates are undecided");
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

        assertThat(summary.state()).isEqualTo(SweepState.INCOMPLETE);
        assertThat(summary.removed()).isZero();
        assertThat(mirror.offers()).hasSize(200).containsKey(gone);
    }

    @Test
    void more_origins_add_offers_and_fewer_origins_remove_them_without_asking_the_source() throws Exception {
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
    void more_removals_than_the_guard_allows_are_held_until_a_person_approves() {
        List<String> gone = dropMost();

        SweepSummary held = mirror.sweep();
        assertThat(held.state()).isEqualTo(SweepState.HELD);
        assertThat(held.reason()).contains("1100 of 1500 offers").contains("approve-removals " + held.id());
        assertThat(mirror.offers()).hasSize(1_500);

        SweepSummary approved = mirror.approve(held.id());
        assertThat(approved.id()).isEqualTo(held.id());
        assertThat(approved.state()).as(approved.toString()).isEqualTo(SweepState.PROVED);
        assertThat(approved.removed()).isEqualTo(1_100);
        assertThat(approved.unchanged()).isEqualTo(held.unchanged());
        assertThat(approved.startedAt()).isEqualTo(held.startedAt());
        assertThat(mirror.offers()).isEqualTo(Mirror.offers(source, "1")).doesNotContainKeys(gone.get(0));
    }

    @Test
    void an_approval_does_not_remove_an_offer_that_is_back() {
        List<String> gone = dropMost();
        byte[] content = mirror.offers().get(gone.get(0)).getBytes(UTF_8);
        SweepSummary held = mirror.sweep();
        source.base().putRaw(gone.get(0), Instant.now(), "1", content);

        SweepSummary approved = mirror.approve(held.id());

        assertThat(approved.removed()).isEqualTo(1_099);
        assertThat(approved.kept()).isEqualTo(1);
        assertThat(mirror.offers()).containsKey(gone.get(0));
    }

    @Test
    void the_next_sweep_clears_held_removals_when_the_source_has_the_offers_again() {
        SimulatedBase base = source.base();
        Map<String, byte[]> dropped = new TreeMap<>();
        mirrorMany().forEach(id -> {
            dropped.put(id, base.content(id));
            base.remove(id);
        });
        SweepSummary held = mirror.sweep();
        assertThat(held.state()).isEqualTo(SweepState.HELD);
        dropped.forEach((id, content) -> base.putRaw(id, Instant.now().minusSeconds(60), "1", content));

        SweepSummary next = mirror.sweep();

        assertThat(next.state()).as(next.toString()).isEqualTo(SweepState.PROVED);
        assertThat(next.removed()).isZero();
        assertThatThrownBy(() -> mirror.approve(held.id()))
                .hasRootCauseMessage(
                        "Sweep " + held.id() + " holds no removals: it is not held, a later sweep has begun,"
                                + " or relais.source.origins has changed");
        assertThat(mirror.sweep()).as("the lease is free").isNotNull();
    }

    @Test
    void an_empty_source_removes_nothing() {
        List.copyOf(source.base().ids()).forEach(source.base()::remove);

        SweepSummary summary = mirror.sweep();

        assertThat(summary.state()).as(summary.toString()).isIn(SweepState.HELD, SweepState.INCOMPLETE);
        assertThat(mirror.offers()).hasSize(200);
    }

    @Test
    void a_source_that_denies_an_offer_it_has_just_shown_removes_nothing() {
        String hidden = mirror.offers().keySet().iterator().next();
        source.base().remove(hidden);
        source.onCall((exchange, call) -> {
            if (call.kind() == Call.Kind.DETAIL) {
                Answer.empty(204).sendTo(exchange);
            }
            return call.kind() == Call.Kind.DETAIL;
        });

        SweepSummary summary = mirror.sweep();

        assertThat(summary.state()).isEqualTo(SweepState.INCOMPLETE);
        assertThat(summary.reason()).contains("denies");
        assertThat(mirror.offers()).hasSize(200);
    }

    /** Mirrors 1,500 offers, removes 1,100 of them from the source, and returns the ids of these. */
    private List<String> dropMost() {
        List<String> gone = mirrorMany();
        gone.forEach(source.base()::remove);
        return gone;
    }

    /** Mirrors 1,500 offers, and returns the ids of 1,100 of them. */
    private List<String> mirrorMany() {
        new OfferGenerator(5).fill(source.base(), 1_300, Instant.now(), Duration.ofDays(60), "1");
        mirror.sweep();
        return mirror.offers().keySet().stream().limit(1_100).toList();
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
