package fr.relais.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import fr.relais.source.Answers;
import fr.relais.source.SourceException;
import fr.relais.sweep.Lease;
import fr.relais.sweep.RemovalGuard;
import fr.relais.sweep.Sweep;
import fr.relais.sweep.Sweeps;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.apache.camel.Exchange;
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

    private static final Sweep SWEEP = new Sweep(7, Instant.EPOCH, List.of("1"), 3);

    private static final List<Map<String, String>> CANDIDATES = List.of(
            Map.of("offer_id", "A1", "outcome", "pending"),
            Map.of("offer_id", "A2", "outcome", "pending"),
            Map.of("offer_id", "P1", "outcome", "out of scope"));

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
        beans.bind("sweeps", sweeps);
        beans.bind("lease", lease);
        beans.bind("removalGuard", guard);
        beans.bind("answers", new Answers(null, null, null));
        beans.bind("sourceReaders", readers);
        beans.bind("relaisDataSource", mock(DataSource.class));
        beans.bind("relaisTransaction", new SpringTransactionPolicy(new TransactionTemplate(transactions)));
    }

    /**
     * Sets up a sweep that has read everything. It has the candidates A1, A2 and P1, of which P1 is out of scope, and
     * it has seen the offer K.
     */
    @BeforeEach
    void replaceTheDatabaseAndTheSource() throws Exception {
        when(sweeps.needsCandidates(SWEEP)).thenReturn(true);
        when(sweeps.isRemoving(SWEEP)).thenReturn(true);
        AdviceWith.adviceWith(context, "find-candidates", route -> route.weaveById("to-candidates")
                .replace()
                .to("mock:candidates"));
        AdviceWith.adviceWith(context, "decide-candidates", route -> route.weaveById("select-candidates")
                .replace()
                .process(exchange -> exchange.getMessage()
                        .setBody(CANDIDATES.stream()
                                .filter(candidate ->
                                        candidate.get("outcome").equals(exchange.getVariable("candidates")))
                                .toList())));
        AdviceWith.adviceWith(context, "ask-for-known-offer", route -> route.weaveById("select-known-offer")
                .replace()
                .setBody(Builder.constant(List.of(Map.of("id", "K")))));
        AdviceWith.adviceWith(context, "keep-offer", route -> route.weaveById("to-keep-offer")
                .replace()
                .to("mock:keep"));
        AdviceWith.adviceWith(context, "delete-offer", route -> {
            route.weaveById("to-delete-offer").replace().to("mock:delete");
            route.weaveById("to-record-removal").replace().to("mock:record");
        });
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask-for-offer")
                        .routeConfigurationId("rethrow")
                        .to("mock:ask")
                        .process(
                                exchange -> exchange.getMessage().setBody("K".equals(exchange.getVariable("offerId"))));
                from("direct:offer-removed").routeConfigurationId("rethrow").to("mock:removed");
            }
        });
    }

    @AfterEach
    void stopReaders() {
        readers.shutdownNow();
    }

    @Test
    void candidates_that_are_gone_or_out_of_scope_are_deleted_and_passed_to_the_hook() throws Exception {
        getMockEndpoint("mock:ask").expectedMessageCount(3);
        getMockEndpoint("mock:delete").expectedMessageCount(3);
        getMockEndpoint("mock:record").expectedMessageCount(3);
        getMockEndpoint("mock:removed").expectedBodiesReceivedInAnyOrder("P1", "A1", "A2");
        getMockEndpoint("mock:keep").expectedMessageCount(0);

        assertThat(remove().getException()).isNull();

        MockEndpoint.assertIsSatisfied(context);
        verify(sweeps).markRemoving(SWEEP);
        verify(sweeps).endRemoval(SWEEP);
        verify(lease, times(4)).require(3);
    }

    @Test
    void a_sweep_that_has_not_read_everything_removes_nothing() throws Exception {
        when(sweeps.needsCandidates(SWEEP)).thenReturn(false);
        when(sweeps.isRemoving(SWEEP)).thenReturn(false);
        getMockEndpoint("mock:candidates").expectedMessageCount(0);
        getMockEndpoint("mock:ask").expectedMessageCount(0);
        getMockEndpoint("mock:delete").expectedMessageCount(0);

        remove();

        MockEndpoint.assertIsSatisfied(context);
    }

    @Test
    void a_sweep_with_more_candidates_than_the_guard_allows_is_held() throws Exception {
        when(guard.isExceeded(7)).thenReturn(true);
        when(guard.reason(7)).thenReturn("too many");
        when(sweeps.isRemoving(SWEEP)).thenReturn(false);
        getMockEndpoint("mock:delete").expectedMessageCount(0);

        remove();

        MockEndpoint.assertIsSatisfied(context);
        verify(sweeps).markHeld(SWEEP, "too many");
        verify(sweeps, never()).markRemoving(any());
    }

    @Test
    void a_candidate_that_the_source_still_has_or_does_not_judge_is_kept() throws Exception {
        getMockEndpoint("mock:ask").whenAnyExchangeReceived(exchange -> {
            if (exchange.getVariable("offerId").equals("A1")) {
                throw new SourceException.Rejected("404");
            }
            exchange.setVariable("offerId", "K");
        });
        getMockEndpoint("mock:keep").expectedMessageCount(2);
        getMockEndpoint("mock:delete").expectedMessageCount(1);

        remove();

        MockEndpoint.assertIsSatisfied(context);
        assertThat(getMockEndpoint("mock:keep").getExchanges())
                .extracting(exchange -> exchange.getVariable("outcome"))
                .containsExactlyInAnyOrder("unknown", "kept");
    }

    @Test
    void only_offers_out_of_scope_are_removed_when_the_source_denies_an_offer_that_it_has_just_shown()
            throws Exception {
        AdviceWith.adviceWith(context, "ask-for-known-offer", route -> route.weaveByToUri("direct:ask-for-offer")
                .replace()
                .setBody(Builder.constant(false)));
        getMockEndpoint("mock:removed").expectedBodiesReceived("P1");

        assertThat(remove().getException()).hasRootCauseInstanceOf(SourceException.Unavailable.class);

        MockEndpoint.assertIsSatisfied(context);
        verify(sweeps, never()).endRemoval(any());
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
        getMockEndpoint("mock:delete").expectedMessageCount(3);
        getMockEndpoint("mock:keep").expectedMessageCount(1);

        assertThat(remove().getException()).isNull();

        MockEndpoint.assertIsSatisfied(context);
        verify(transactions).rollback(any());
        Exchange kept = getMockEndpoint("mock:keep").getExchanges().get(0);
        assertThat(kept.getVariable("sweep")).isEqualTo(SWEEP);
        assertThat(kept.getVariable("offerId")).isEqualTo(id);
        assertThat(kept.getVariable("outcome")).isEqualTo("unknown");
        verify(sweeps).endRemoval(SWEEP);
    }

    @Test
    void the_hook_gets_the_id_and_no_headers() throws Exception {
        getMockEndpoint("mock:ask")
                .whenAnyExchangeReceived(exchange -> exchange.getMessage().setHeader("Authorization", "Bearer secret"));

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
        getMockEndpoint("mock:delete").expectedMessageCount(0);

        assertThat(remove().getException()).hasRootCauseMessage("another process has taken over");

        MockEndpoint.assertIsSatisfied(context);
    }

    private Exchange remove() {
        return template.request("direct:remove", exchange -> exchange.setVariable("sweep", SWEEP));
    }
}
