package fr.relais.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import fr.relais.failure.FailureMessages;
import fr.relais.source.Answers;
import fr.relais.source.OfferAnswer;
import fr.relais.source.ReceivedOffer;
import fr.relais.source.SourceException;
import fr.relais.sweep.KnownOffers;
import fr.relais.sweep.Lease;
import fr.relais.sweep.RemovalGuard;
import fr.relais.sweep.Sweep;
import fr.relais.sweep.Sweeps;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.builder.Builder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.spi.Registry;
import org.apache.camel.spring.spi.SpringTransactionPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** {@code 40-remove.camel.yaml} */
class RemoveRouteTest extends RouteTest {

    private static final OfferAnswer SHOWN = new OfferAnswer(200, new ReceivedOffer("K", null, new byte[0], 0, 0), "1");
    private static final OfferAnswer ABSENT = new OfferAnswer(204, null, null);
    private static final Sweep SWEEP = new Sweep(7, Instant.EPOCH, List.of("1"), 3);

    /** The outcome of each candidate, by id, as in the table {@code removal}. */
    private final Map<String, String> outcomes =
            new ConcurrentSkipListMap<>(Map.of("A1", "pending", "A2", "pending", "P1", "out of scope"));

    /** What the source does when it is asked for an offer, by id. By default, it has only K. */
    private final Map<String, Processor> answers = new ConcurrentHashMap<>();

    private final Set<String> deleted = new ConcurrentSkipListSet<>();
    private final Sweeps sweeps = mock(Sweeps.class);
    private final Lease lease = mock(Lease.class);
    private final RemovalGuard guard = mock(RemovalGuard.class);
    private final PlatformTransactionManager transactions = transactionManager();
    private final ExecutorService readers = Executors.newFixedThreadPool(2);

    RemoveRouteTest() {
        super("40-remove");
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("relais.source.retry-delay", "1");
    }

    @Override
    protected void bind(Registry beans) {
        beans.bind("relaisSweeps", sweeps);
        beans.bind("relaisLease", lease);
        beans.bind("relaisRemovalGuard", guard);
        beans.bind("relaisKnownOffers", new KnownOffers());
        beans.bind("relaisAnswers", new Answers(null, null, null));
        beans.bind("relaisSourceReaders", readers);
        beans.bind("relaisDataSource", mock(DataSource.class));
        beans.bind("relaisTransaction", new SpringTransactionPolicy(new TransactionTemplate(transactions)));
    }

    /**
     * Sets up a sweep that has read everything. It has the candidates A1, A2 and P1, of which P1 is out of scope, and
     * it has seen the offer K. The source has only K.
     */
    @BeforeEach
    void replaceTheDatabaseAndTheSource() throws Exception {
        when(sweeps.needsCandidates(SWEEP)).thenReturn(true);
        when(sweeps.isRemoving(SWEEP)).thenReturn(true);
        AdviceWith.adviceWith(context, "relais-find-candidates", route -> route.weaveById("relais-to-candidates")
                .replace()
                .to("mock:candidates"));
        AdviceWith.adviceWith(
                context, "relais-select-candidates", route -> route.weaveById("relais-to-select-candidates")
                        .replace()
                        .process(exchange -> exchange.getMessage().setBody(select("pending"))));
        AdviceWith.adviceWith(context, "relais-select-gone", route -> route.weaveById("relais-to-select-gone")
                .replace()
                .process(exchange -> exchange.getMessage().setBody(select("gone", "out of scope"))));
        AdviceWith.adviceWith(
                context, "relais-prepare-confirmation", route -> route.weaveById("relais-to-select-known-offers")
                        .replace()
                        .setBody(Builder.constant(List.of(Map.of("id", "K")))));
        AdviceWith.adviceWith(context, "relais-record-outcome", route -> route.weaveById("relais-to-record-outcome")
                .replace()
                .process(exchange -> outcomes.put(
                        exchange.getVariable("offerId", String.class), exchange.getVariable("outcome", String.class))));
        AdviceWith.adviceWith(context, "relais-record-remaining-outcomes", route -> route.weaveById(
                        "relais-to-record-remaining-outcomes")
                .replace()
                .process(exchange ->
                        outcomes.replaceAll((id, outcome) -> outcome.equals("pending") ? "gone" : outcome)));
        AdviceWith.adviceWith(context, "relais-delete-offer", route -> {
            route.weaveById("relais-to-delete-offer")
                    .replace()
                    .process(exchange -> deleted.add(exchange.getVariable("offerId", String.class)));
            route.weaveById("relais-to-record-removal").replace().to("mock:record");
        });
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:relais-record-removal-event")
                        .routeConfigurationId("relais-rethrow")
                        .to("mock:event");
                from("direct:relais-ask-for-offer")
                        .routeConfigurationId("relais-rethrow")
                        .to("mock:ask")
                        .process(exchange -> {
                            String id = exchange.getVariable("offerId", String.class);
                            exchange.getMessage().setBody(id.equals("K") ? SHOWN : ABSENT);
                            answers.getOrDefault(id, answered -> {}).process(exchange);
                        });
                from("direct:relais-reconcile-candidate")
                        .routeConfigurationId("relais-rethrow")
                        .setVariable("outcome", Builder.constant("kept"))
                        .to("mock:reconcile")
                        .to("direct:relais-record-outcome");
                from("direct:relais-offer-removed")
                        .routeConfigurationId("relais-rethrow")
                        .to("mock:removed");
            }
        });
    }

    private List<Map<String, String>> select(String... wanted) {
        return outcomes.entrySet().stream()
                .filter(candidate -> List.of(wanted).contains(candidate.getValue()))
                .filter(candidate -> !deleted.contains(candidate.getKey()))
                .map(candidate -> Map.of("offer_id", candidate.getKey()))
                .toList();
    }

    @AfterEach
    void stopReaders() {
        readers.shutdownNow();
    }

    @Test
    void candidates_that_are_gone_or_out_of_scope_are_deleted_and_passed_to_the_hook() throws Exception {
        getMockEndpoint("mock:record").expectedMessageCount(3);
        getMockEndpoint("mock:event").expectedMessageCount(3);
        getMockEndpoint("mock:removed").expectedBodiesReceivedInAnyOrder("P1", "A1", "A2");

        assertThat(remove().getException()).isNull();

        MockEndpoint.assertIsSatisfied(context);
        assertThat(deleted).containsExactly("A1", "A2", "P1");
        assertThat(asked("K"))
                .as("before the candidates and before the deletion")
                .isEqualTo(10);
        assertThat(asked("0000000")).isEqualTo(1);
        assertThat(asked("A1")).isEqualTo(1);
        assertThat(asked("P1")).isZero();
        verify(sweeps).markRemoving(SWEEP);
        verify(lease, times(6)).require(3);
    }

    @Test
    void a_sweep_that_has_not_read_everything_removes_nothing() throws Exception {
        when(sweeps.needsCandidates(SWEEP)).thenReturn(false);
        when(sweeps.isRemoving(SWEEP)).thenReturn(false);
        getMockEndpoint("mock:candidates").expectedMessageCount(0);
        getMockEndpoint("mock:ask").expectedMessageCount(0);

        remove();

        MockEndpoint.assertIsSatisfied(context);
        assertThat(deleted).isEmpty();
    }

    @Test
    void a_sweep_with_more_candidates_than_the_guard_allows_is_held() throws Exception {
        when(guard.isExceeded(7)).thenReturn(true);
        when(guard.reason(7)).thenReturn("too many");
        when(sweeps.isRemoving(SWEEP)).thenReturn(false);

        remove();

        assertThat(deleted).isEmpty();
        verify(sweeps).markHeld(SWEEP, "too many");
        verify(sweeps, never()).markRemoving(any());
    }

    @Test
    void a_candidate_that_the_source_still_has_is_reconciled() throws Exception {
        answer("A1", SHOWN);
        getMockEndpoint("mock:reconcile").expectedBodiesReceived(SHOWN);

        remove();

        MockEndpoint.assertIsSatisfied(context);
        assertThat(outcomes).containsEntry("A1", "kept");
        assertThat(deleted).containsExactly("A2", "P1");
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 410})
    void a_candidate_is_gone_when_the_source_answers_as_for_an_id_that_cannot_exist(int status) {
        answer("0000000", new OfferAnswer(status, null, null));
        answer("A1", new OfferAnswer(status, null, null));

        remove();

        assertThat(deleted).as("A2 gets 204").containsExactly("A1", "P1");
        assertThat(outcomes).containsEntry("A2", "undecided");
    }

    @Test
    void a_candidate_without_a_usable_answer_is_undecided_while_the_source_shows_known_offers() {
        for (Exception failure : List.of(
                new SourceException.Rejected("400"),
                new SourceException.Unavailable("500"),
                new IOException("reset"))) {
            outcomes.put("A1", "pending");
            fail("A1", failure);

            assertThat(remove().getException()).isNull();

            assertThat(outcomes).containsEntry("A1", "undecided");
        }
        assertThat(deleted).containsExactly("A2", "P1");
    }

    @Test
    void every_candidate_is_undecided_when_the_source_gives_no_usable_answer_for_an_id_that_cannot_exist() {
        fail("0000000", new SourceException.Unavailable("500"));

        assertThat(remove().getException()).isNull();

        assertThat(outcomes).containsEntry("A1", "undecided").containsEntry("A2", "undecided");
        assertThat(deleted).containsExactly("P1");
    }

    @Test
    void a_source_that_fails_for_known_offers_too_ends_the_sweep() {
        fail("A1", new SourceException.Unavailable("500"));
        AtomicInteger known = new AtomicInteger();
        answers.put("K", exchange -> {
            if (known.incrementAndGet() > 5) {
                throw new SourceException.Unavailable("503");
            }
        });

        assertThat(remove().getException()).hasStackTraceContaining("does not show");

        assertThat(deleted).containsExactly("P1");
    }

    @Test
    void only_offers_out_of_scope_are_removed_when_the_source_denies_an_offer_that_it_has_just_shown()
            throws Exception {
        AdviceWith.adviceWith(
                context, "relais-check-known-offers", route -> route.weaveByToUri("direct:relais-ask-for-known-offer")
                        .replace()
                        .setBody(Builder.constant(ABSENT)));
        getMockEndpoint("mock:removed").expectedBodiesReceived("P1");

        assertThat(remove().getException()).isInstanceOf(SourceException.Unavailable.class);

        MockEndpoint.assertIsSatisfied(context);
    }

    @ParameterizedTest
    @ValueSource(strings = {"A1", "P1"})
    void a_hook_that_fails_for_one_offer_keeps_only_that_offer(String id) throws Exception {
        getMockEndpoint("mock:removed").whenAnyExchangeReceived(exchange -> {
            exchange.setVariable("sweep", "changed");
            exchange.setVariable("offerId", "changed");
            if (id.equals(exchange.getMessage().getBody())) {
                throw new IllegalStateException("secret");
            }
        });

        assertThat(remove().getException()).isNull();

        verify(transactions).rollback(any());
        assertThat(outcomes).containsEntry(id, "failed");
    }

    @Test
    void a_hook_that_fails_for_a_candidate_that_the_source_still_has_is_recorded() {
        answer("A1", SHOWN);
        getMockEndpoint("mock:reconcile").whenAnyExchangeReceived(exchange -> new FailureMessages()
                .throwHookFailed("relais-transform-offer", new IllegalStateException("secret")));

        assertThat(remove().getException()).isNull();

        assertThat(outcomes).containsEntry("A1", "failed");
    }

    @Test
    void the_hook_gets_the_id_and_no_headers() throws Exception {
        answers.put("A1", exchange -> exchange.getMessage().setHeader("Authorization", "Bearer secret"));

        remove();

        assertThat(getMockEndpoint("mock:removed").getExchanges()).hasSize(3).allSatisfy(exchange -> assertThat(
                        exchange.getMessage().getHeaders())
                .isEmpty());
    }

    @Test
    void a_process_that_has_lost_the_lease_removes_nothing() throws Exception {
        doThrow(new IllegalStateException("another process has taken over"))
                .when(lease)
                .require(3);
        getMockEndpoint("mock:candidates").expectedMessageCount(0);

        assertThat(remove().getException()).hasRootCauseMessage("another process has taken over");

        MockEndpoint.assertIsSatisfied(context);
        assertThat(deleted).isEmpty();
    }

    private void answer(String id, OfferAnswer answer) {
        answers.put(id, exchange -> exchange.getMessage().setBody(answer));
    }

    private void fail(String id, Exception failure) {
        answers.put(id, exchange -> {
            throw failure;
        });
    }

    private long asked(String id) {
        return getMockEndpoint("mock:ask").getExchanges().stream()
                .filter(exchange -> id.equals(exchange.getVariable("offerId")))
                .count();
    }

    private Exchange remove() {
        return template.request("direct:relais-remove", exchange -> exchange.setVariable("sweep", SWEEP));
    }
}
