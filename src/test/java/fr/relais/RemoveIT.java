package fr.relais;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import fr.relais.simulator.Answer;
import fr.relais.simulator.Call;
import fr.relais.simulator.Fault;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SimulatedBase;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import fr.relais.sweep.Candidate;
import fr.relais.sweep.NotHeld;
import fr.relais.sweep.SweepHistory;
import fr.relais.sweep.SweepState;
import fr.relais.sweep.SweepSummary;
import fr.relais.sweep.UndecidedOffer;
import fr.relais.sweep.UndecidedOffers;
import java.io.InterruptedIOException;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Integration tests of {@code 40-remove.camel.yaml}. */
@Tag("long")
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
        assertThat(source.details())
                .as("each candidate, an id that cannot exist, and twice five known offers")
                .isEqualTo(31);
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

    @Test
    void an_offer_that_was_not_seen_but_has_changed_is_updated() {
        String hidden = mirror.offers().keySet().iterator().next();
        source.base().remove(hidden);
        String changed = "{\"id\":\"" + hidden + "\",\"intitule\":\"changed\"}";
        source.onCall(detail(hidden, Answer.of(200, "application/json", changed)));

        SweepSummary summary = mirror.sweep();

        assertThat(summary.state()).isEqualTo(SweepState.PROVED);
        assertThat(summary.updated()).isEqualTo(1);
        assertThat(summary.unchanged()).isEqualTo(199);
        assertThat(summary.kept()).isEqualTo(1);
        assertThat(mirror.offers()).containsEntry(hidden, changed);
        assertThat(mirror.jdbc
                        .sql("select origine from offer where id = ?")
                        .param(hidden)
                        .query(String.class)
                        .single())
                .isEqualTo("1");
    }

    @Test
    void an_offer_that_has_become_a_partners_is_removed_as_out_of_scope() {
        String moved = mirror.offers().keySet().iterator().next();
        source.base().remove(moved);
        source.onCall(detail(
                moved,
                Answer.of(200, "application/json", "{\"id\":\"" + moved + "\",\"origineOffre\":{\"origine\":\"2\"}}")));

        SweepSummary summary = mirror.sweep();

        assertThat(summary.state()).isEqualTo(SweepState.PROVED);
        assertThat(summary.outOfScope()).isEqualTo(1);
        assertThat(summary.removed()).isZero();
        assertThat(summary.kept()).isZero();
        assertThat(mirror.offers()).hasSize(199).doesNotContainKey(moved);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 410, 500})
    void an_answer_unlike_that_for_an_id_that_cannot_exist_leaves_an_offer_undecided(int status) {
        Iterator<String> ids = mirror.offers().keySet().iterator();
        String unknown = ids.next();
        String gone = ids.next();
        source.base().remove(unknown);
        source.base().remove(gone);
        source.onCall(detail(unknown, Answer.empty(status)));

        SweepSummary first = mirror.sweep();
        SweepSummary second = mirror.sweep();

        assertThat(first.state()).as(first.toString()).isEqualTo(SweepState.PROVED);
        assertThat(first.toString()).contains("1 not seen but kept (1 undecided)");
        assertThat(first.removed()).isEqualTo(1);
        assertThat(first.kept()).isEqualTo(1);
        assertThat(second.undecided()).isEqualTo(1);
        assertThat(mirror.offers()).containsKey(unknown).doesNotContainKey(gone);
        assertThat(mirror.relais().sweeps().undecided()).contains(new UndecidedOffers(1, first.startedAt()));
        assertThat(mirror.relais().sweeps().undecided(0, 10))
                .containsExactly(new UndecidedOffer(unknown, first.startedAt()));
        assertThat(mirror.relais().sweeps().undecided(1, 10)).isEmpty();

        assertThat(mirror.alerts())
                .singleElement()
                .asString()
                .startsWith("Undecided offers: 1, the oldest since " + first.startedAt());

        source.onCall(Fault.NONE);
        assertThat(mirror.sweep().removed()).isEqualTo(1);
        assertThat(mirror.relais().sweeps().undecided()).isEmpty();
        assertThat(mirror.alerts()).containsExactly("Resolved: undecided-offers undecided");
    }

    @Test
    void a_source_that_fails_for_all_absent_offers_is_asked_about_a_hundred_of_them() {
        List<String> gone = mirrorMany().stream().limit(300).toList();
        gone.forEach(source.base()::remove);
        source.onCall((exchange, call) -> {
            boolean absent = call.kind() == Call.Kind.DETAIL && !source.base().contains(call.id());
            if (absent) {
                Answer.empty(500).sendTo(exchange);
            }
            return absent;
        });
        source.resetCounters();

        SweepSummary summary = mirror.sweep();

        assertThat(summary.state()).as(summary.toString()).isEqualTo(SweepState.PROVED);
        assertThat(summary.undecided()).isEqualTo(300);
        assertThat(source.details()).isEqualTo(5 + 2 + 2 * 100 + 5);
    }

    @Test
    void a_source_that_rejects_the_id_that_cannot_exist_confirms_removals_with_204() {
        String gone = mirror.offers().keySet().iterator().next();
        source.base().remove(gone);
        source.onCall(detail("0000000", Answer.empty(400)));

        assertThat(mirror.sweep().removed()).isEqualTo(1);
    }

    @Test
    void a_source_that_answers_no_request_for_single_offers_leaves_offers_undecided_after_records_were_set_aside()
            throws Exception {
        mirror.with("relais.removal.confirm", "false").start();
        String gone = mirror.offers().keySet().iterator().next();
        source.base().remove(gone);
        source.base().putRaw("BADID01", Instant.now().minusSeconds(60), "1", "{\"id\":7}".getBytes(UTF_8));
        source.onCall((exchange, call) -> {
            if (call.kind() == Call.Kind.DETAIL) {
                Answer.empty(404).sendTo(exchange);
            }
            return call.kind() == Call.Kind.DETAIL;
        });

        SweepSummary summary = mirror.sweep();

        assertThat(summary.state()).as(summary.toString()).isEqualTo(SweepState.PROVED);
        assertThat(summary.undecided()).isEqualTo(1);
        assertThat(mirror.offers()).containsKey(gone);
    }

    @Test
    void a_known_offer_that_was_removed_meanwhile_does_not_end_the_sweep() throws Exception {
        mirror.stop();
        source.base().clear();
        new OfferGenerator(3).fill(source.base(), 3, Instant.now(), Duration.ofDays(60), "1");
        mirror.jdbc.sql("delete from offer").update();
        mirror.start();
        mirror.sweep();
        Iterator<String> ids = mirror.offers().keySet().iterator();
        String gone = ids.next();
        String goneMeanwhile = ids.next();
        source.base().remove(gone);
        source.onCall((exchange, call) -> {
            if (call.kind() == Call.Kind.DETAIL) {
                source.base().remove(goneMeanwhile);
            }
            return false;
        });

        SweepSummary summary = mirror.sweep();

        assertThat(summary.state()).as(summary.toString()).isEqualTo(SweepState.PROVED);
        assertThat(summary.removed()).isEqualTo(1);
        assertThat(mirror.offers()).hasSize(2).containsKey(goneMeanwhile);
    }

    @Test
    void without_confirmation_the_source_is_asked_only_when_records_were_set_aside() throws Exception {
        mirror.with("relais.removal.confirm", "false").start();
        Iterator<String> ids = mirror.offers().keySet().iterator();
        source.base().remove(ids.next());
        source.resetCounters();
        assertThat(mirror.sweep().removed()).isEqualTo(1);
        assertThat(source.details()).isZero();

        String damaged = ids.next();
        source.base().putRaw(damaged, Instant.now().minusSeconds(60), "1", "{\"id\":7}".getBytes(UTF_8));
        SweepSummary summary = mirror.sweep();

        assertThat(summary.state()).isEqualTo(SweepState.PROVED);
        assertThat(summary.undecided()).isEqualTo(1);
        assertThat(mirror.offers()).containsKey(damaged);
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
    void removals_that_are_usual_for_the_days_since_the_last_sweep_are_not_held() {
        List<String> gone = dropMost();
        mirror.jdbc
                .sql("update sweep set started_at = timestampadd(hour, -36, started_at)")
                .update();
        // On four of the days before, two sweeps removed 146 offers together. On one day, they removed 1,473.
        mirror.jdbc.sql("""
                insert into sweep (origines, started_at, state, fence, removed)
                select '1', timestampadd(hour, 12 * seq, current_date - interval 6 day), 'proved', 0,
                  if(seq = 5, 1400, 73)
                from seq_0_to_9""").update();
        // On the days before, no sweep read the whole base.
        mirror.jdbc.sql("""
                insert into sweep (origines, started_at, state, fence)
                select '1', current_date - interval 7 + seq day, 'incomplete', 0 from seq_0_to_8""").update();

        SweepSummary held = mirror.sweep();
        assertThat(held.state()).as("1,100 > 5 × 1.5 × 146").isEqualTo(SweepState.HELD);

        mirror.jdbc.sql("delete from sweep where state = 'held'").update();
        mirror.jdbc.sql("update sweep set removed = removed + 1").update();
        SweepSummary proved = mirror.sweep();

        assertThat(proved.state()).as("1,100 < 5 × 1.5 × 148").isEqualTo(SweepState.PROVED);
        assertThat(proved.removed()).isEqualTo(gone.size());
    }

    @Test
    void fewer_origins_are_held_when_they_would_remove_many_offers() throws Exception {
        mirrorMany();
        mirror.with("relais.source.origins", "2").start();

        SweepSummary held = mirror.sweep();

        assertThat(held.state()).isEqualTo(SweepState.HELD);
        assertThat(held.reason())
                .startsWith("1500 of 1600 offers would be removed, 1500 of them because relais.source.origins")
                .endsWith("approve-removals " + held.id());
        assertThat(mirror.approve(held.id()).outOfScope()).isEqualTo(1_500);
        assertThat(mirror.offers()).isEqualTo(Mirror.offers(source, "2"));
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
    void a_person_sees_the_candidates_of_a_held_sweep_before_deciding() throws Exception {
        List<String> gone = dropMost();
        SweepHistory history = mirror.relais().sweeps();
        assertThat(history.held()).isEmpty();
        SweepSummary held = mirror.sweep();

        assertThat(history.held()).hasValueSatisfying(removals -> {
            assertThat(removals.sweepId()).isEqualTo(held.id());
            assertThat(removals.since()).isAfter(held.startedAt());
            assertThat(removals.notSeen()).isEqualTo(1_100);
            assertThat(removals.outOfScope()).isZero();
            assertThat(removals.total()).isEqualTo(1_100);
        });
        List<Candidate> candidates = new ArrayList<>();
        for (int first = 0; first < 1_100; first += 500) {
            candidates.addAll(history.candidates(held.id(), first, 500));
        }
        assertThat(candidates)
                .extracting(Candidate::id)
                .containsExactlyElementsOf(gone.stream().sorted().toList());
        Map<String, String> offers = mirror.offers();
        for (Candidate candidate : candidates) {
            JsonNode offer = new ObjectMapper().readTree(offers.get(candidate.id()));
            assertThat(candidate.intitule()).isEqualTo(offer.path("intitule").asText());
            assertThat(candidate.isOutOfScope()).isFalse();
        }
        assertThat(history.candidates(held.id() - 1, 0, 500)).isEmpty();
    }

    @Test
    void candidates_out_of_scope_are_told_apart() throws Exception {
        mirrorMany();
        mirror.with("relais.source.origins", "2").start();
        SweepSummary held = mirror.sweep();

        assertThat(mirror.relais().sweeps().held()).hasValueSatisfying(removals -> assertThat(removals.outOfScope())
                .isEqualTo(1_500));
        assertThat(mirror.relais().sweeps().candidates(held.id(), 1_495, 50))
                .hasSize(5)
                .allMatch(Candidate::isOutOfScope);
    }

    @Test
    void refused_removals_remove_nothing_and_the_next_sweep_finds_its_candidates_anew() {
        dropMost();
        SweepSummary held = mirror.sweep();
        mirror.alerts();

        SweepSummary refused = mirror.relais().refuseRemovals(held.id(), "anna");

        assertThat(refused.state()).isEqualTo(SweepState.REFUSED);
        assertThat(refused.reason()).isEqualTo("the removals were refused by anna");
        assertThat(refused.kept()).isEqualTo(1_100);
        assertThat(mirror.jdbc
                        .sql("select count(*) from removal")
                        .query(Integer.class)
                        .single())
                .isZero();
        assertThat(mirror.relais().sweeps().held()).isEmpty();
        assertThat(mirror.alerts()).singleElement().asString().startsWith("Resolved: held");
        assertNotHeld(() -> mirror.relais().refuseRemovals(held.id(), null));
        assertNotHeld(() -> mirror.approve(held.id()));
        assertThat(mirror.offers()).hasSize(1_500);

        // The guard allows more removals after days without a complete sweep, but a refused sweep was complete.
        mirror.jdbc
                .sql("update sweep set started_at = started_at - interval 10 day where state = 'proved'")
                .update();
        SweepSummary next = mirror.sweep();
        assertThat(next.state()).isEqualTo(SweepState.HELD);
        assertThat(mirror.approve(next.id()).removed()).isEqualTo(1_100);
        assertNotHeld(() -> mirror.relais().refuseRemovals(next.id(), "anna"));
    }

    @Test
    void removals_can_be_approved_in_the_background() {
        dropMost();
        SweepSummary held = mirror.sweep();
        CountDownLatch approved = new CountDownLatch(1);
        source.onCall((exchange, call) -> {
            try {
                approved.await();
            } catch (InterruptedException e) {
                throw new InterruptedIOException();
            }
            return false;
        });

        assertThat(mirror.relais().startRemovals(held.id(), "anna")).isTrue();
        SweepHistory history = mirror.relais().sweeps();
        assertThat(history.last(1).get(0).state()).isEqualTo(SweepState.REMOVING);
        assertThat(mirror.relais().startRemovals(held.id(), "bob"))
                .as("another sweep is running")
                .isFalse();
        assertNotHeld(() -> mirror.relais().refuseRemovals(held.id(), "bob"));
        approved.countDown();

        await().atMost(Duration.ofSeconds(60))
                .until(() -> history.last(1).get(0).isEnded());
        assertThat(history.last(1).get(0).state()).isEqualTo(SweepState.PROVED);
        assertThat(history.last(1).get(0).removed()).isEqualTo(1_100);
        assertThat(history.approvedBy(held.id())).contains("anna");
        assertThat(history.approvedBy(held.id() - 1)).isEmpty();
        assertNotHeld(() -> mirror.relais().startRemovals(held.id(), "anna"));
    }

    @Test
    void of_an_approval_and_a_refusal_at_the_same_time_the_first_wins() throws Exception {
        dropMost();
        SweepSummary held = mirror.sweep();
        ExecutorService people = Executors.newFixedThreadPool(2);
        try (Connection connection = mirror.dataSource.getConnection()) {
            connection.setAutoCommit(false);
            connection.createStatement().execute("select 1 from sweep where id = " + held.id() + " for update");
            Future<SweepSummary> refusal = people.submit(() -> mirror.relais().refuseRemovals(held.id(), "anna"));
            awaitWaitingTransactions(1);
            Future<SweepSummary> approval = people.submit(() -> mirror.approve(held.id()));
            awaitWaitingTransactions(2);
            connection.rollback();
            connection.setAutoCommit(true);

            assertThat(refusal.get().state()).isEqualTo(SweepState.REFUSED);
            assertThatThrownBy(approval::get).hasRootCauseInstanceOf(NotHeld.class);
        } finally {
            people.shutdown();
        }
        assertThat(mirror.offers()).hasSize(1_500);
        assertThat(mirror.sweep()).as("the lease is free").isNotNull();
    }

    private void awaitWaitingTransactions(int number) {
        await().until(() -> mirror.jdbc.sql("""
                        select count(*) from information_schema.innodb_trx
                        join information_schema.processlist on trx_mysql_thread_id = id
                        where trx_state = 'LOCK WAIT' and db = database()""").query(Integer.class).single() == number);
    }

    private static void assertNotHeld(ThrowingCallable decision) {
        assertThatThrownBy(decision).hasRootCauseInstanceOf(NotHeld.class);
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
        assertThat(summary.reason()).contains("does not show offers that it has shown before");
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
