package fr.relais.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import fr.relais.failure.Failures;
import fr.relais.offer.Changes;
import fr.relais.offer.Comparison;
import fr.relais.slice.Slice;
import fr.relais.slice.SliceReading;
import fr.relais.slice.Slices;
import fr.relais.source.OfferAnswer;
import fr.relais.source.Page;
import fr.relais.source.ReceivedOffer;
import fr.relais.source.SetAside;
import fr.relais.sweep.Lease;
import fr.relais.sweep.Sweep;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.apache.camel.Exchange;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.builder.Builder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.spi.Registry;
import org.apache.camel.spring.spi.SpringTransactionPolicy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** {@code 30-reconcile.camel.yaml} */
class ReconcileRouteTest extends RouteTest {

    private static final Slice SLICE =
            new Slice(1, 7, "1", Instant.EPOCH, Instant.EPOCH.plusSeconds(60), "", null, null, null, List.of());

    private final Slices slices = mock(Slices.class);
    private final Lease lease = mock(Lease.class);
    private final PlatformTransactionManager transactions = transactionManager();
    private final SliceReading reading = mock(SliceReading.class);

    ReconcileRouteTest() {
        super("30-reconcile");
    }

    @Override
    protected void bind(Registry beans) {
        beans.bind("relaisSlices", slices);
        beans.bind("relaisLease", lease);
        beans.bind("relaisComparison", new Comparison());
        beans.bind("relaisDataSource", mock(DataSource.class));
        beans.bind("relaisTransaction", new SpringTransactionPolicy(new TransactionTemplate(transactions)));
    }

    @BeforeEach
    void replaceTheDatabase() throws Exception {
        when(reading.slice()).thenReturn(SLICE);
        AdviceWith.adviceWith(context, "relais-write-page", route -> {
            route.weaveById("relais-select-known-offers")
                    .replace()
                    .to("mock:known")
                    .setBody(Builder.constant(List.of()));
            route.weaveById("relais-to-upsert-offers").replace().to("mock:upsert");
            route.weaveById("relais-to-sightings").replace().to("mock:sightings");
            route.weaveById("relais-to-set-aside").replace().to("mock:set-aside");
        });
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:relais-record-change-events")
                        .routeConfigurationId("relais-rethrow")
                        .to("mock:changes");
                from("direct:relais-transform-offer")
                        .routeId("relais-transform-offer")
                        .routeConfigurationId("relais-rethrow")
                        .to("mock:transform");
                from("direct:relais-record-outcome")
                        .routeConfigurationId("relais-rethrow")
                        .to("mock:outcome");
            }
        });
    }

    @Test
    void a_new_offer_is_written_transformed_and_recorded_as_seen_in_one_transaction() throws Exception {
        getMockEndpoint("mock:upsert").expectedMessageCount(1);
        getMockEndpoint("mock:changes").expectedMessageCount(1);
        getMockEndpoint("mock:transform").expectedMessageCount(1);
        getMockEndpoint("mock:sightings").expectedMessageCount(1);
        getMockEndpoint("mock:set-aside").expectedMessageCount(0);

        Exchange done = reconcile(page(List.of(offer("A1")), List.of()));

        MockEndpoint.assertIsSatisfied(context);
        assertThat(done.getException()).isNull();
        assertThat(getMockEndpoint("mock:transform")
                        .getExchanges()
                        .get(0)
                        .getMessage()
                        .getBody()
                        .toString())
                .isEqualTo("offer A1");
        verify(transactions).commit(any());
    }

    @Test
    void an_empty_page_selects_and_upserts_no_offer() throws Exception {
        getMockEndpoint("mock:known").expectedMessageCount(0);
        getMockEndpoint("mock:upsert").expectedMessageCount(0);
        getMockEndpoint("mock:sightings").expectedMessageCount(1);

        reconcile(page(List.of(), List.of()));

        MockEndpoint.assertIsSatisfied(context);
    }

    @Test
    void each_unusable_record_is_set_aside() throws Exception {
        getMockEndpoint("mock:set-aside")
                .expectedBodiesReceived(new SetAside("no id", "00", Set.of()), new SetAside("no id", "01", Set.of()));

        reconcile(
                page(List.of(), List.of(new SetAside("no id", "00", Set.of()), new SetAside("no id", "01", Set.of()))));

        MockEndpoint.assertIsSatisfied(context);
    }

    @Test
    void a_hook_that_fails_rolls_the_page_back_and_is_named_in_the_failure() throws Exception {
        getMockEndpoint("mock:transform").whenAnyExchangeReceived(exchange -> {
            throw new SQLException("secret", "42S02", 1146);
        });
        getMockEndpoint("mock:sightings").expectedMessageCount(0);

        Exchange failed = reconcile(page(List.of(offer("A1")), List.of()));

        MockEndpoint.assertIsSatisfied(context);
        assertThat(Failures.describe(failed.getException()))
                .startsWith("relais-transform-offer failed: ")
                .doesNotContain("secret");
        verify(transactions).rollback(any());
        verify(transactions, never()).commit(any());
    }

    @Test
    void a_hook_that_changes_the_message_and_stops_does_not_affect_the_page() throws Exception {
        AdviceWith.adviceWith(context, "relais-transform-offer", route -> route.weaveAddLast()
                .setVariable("changes", Builder.constant("mine"))
                .stop());
        getMockEndpoint("mock:transform").expectedMessageCount(2);
        getMockEndpoint("mock:sightings").expectedMessageCount(1);

        Exchange done = reconcile(page(List.of(offer("A1"), offer("A2")), List.of()));

        MockEndpoint.assertIsSatisfied(context);
        assertThat(done.getVariable("changes")).isInstanceOf(Changes.class);
        verify(transactions).commit(any());
    }

    @Test
    void nothing_is_written_when_the_reading_has_already_ended() throws Exception {
        doThrow(new IllegalStateException("the reading of this slice has ended"))
                .when(slices)
                .requireOpen(reading);
        getMockEndpoint("mock:upsert").expectedMessageCount(0);

        assertThat(reconcile(page(List.of(offer("A1")), List.of())).getException())
                .hasRootCauseMessage("the reading of this slice has ended");

        MockEndpoint.assertIsSatisfied(context);
        verify(transactions).rollback(any());
    }

    @Test
    void a_candidate_is_written_with_the_origin_of_the_answer_and_kept() throws Exception {
        getMockEndpoint("mock:upsert").expectedMessageCount(1);
        getMockEndpoint("mock:sightings").expectedMessageCount(1);

        Exchange done = reconcileCandidate(new OfferAnswer(200, offer("A1"), "2"));

        MockEndpoint.assertIsSatisfied(context);
        assertThat(done.getException()).isNull();
        assertThat(done.getVariable("outcome")).isEqualTo("kept");
        assertThat(done.getVariable("origine")).isEqualTo("2");
        verify(lease).require(3);
        verify(transactions).commit(any());
    }

    @Test
    void a_candidate_of_an_origin_out_of_scope_is_not_written() throws Exception {
        getMockEndpoint("mock:sightings").expectedMessageCount(0);

        Exchange done = reconcileCandidate(new OfferAnswer(200, offer("A1"), "1"));

        MockEndpoint.assertIsSatisfied(context);
        assertThat(done.getVariable("outcome")).isEqualTo("out of scope");
    }

    @Test
    void a_candidate_that_cannot_be_mirrored_is_undecided() {
        byte[] json = {'{', '"', 'i', 'd', '"', ':', '"', 'A', '"', ',', '"', 'x', '"', ':', '"', (byte) 0xff, '"', '}'
        };

        Exchange done =
                reconcileCandidate(new OfferAnswer(200, new ReceivedOffer("A", null, json, 0, json.length), null));

        assertThat(done.getVariable("outcome")).isEqualTo("undecided");
    }

    private Exchange reconcileCandidate(OfferAnswer answer) {
        return template.request("direct:relais-reconcile-candidate", exchange -> {
            exchange.setVariable("sweep", new Sweep(7, Instant.EPOCH, List.of("2"), 3));
            exchange.getMessage().setBody(answer);
        });
    }

    private Exchange reconcile(Page page) {
        return template.request("direct:relais-reconcile", exchange -> {
            exchange.setVariable("reading", reading);
            exchange.setVariable("page", page);
        });
    }

    private static Page page(List<ReceivedOffer> offers, List<SetAside> setAside) {
        return new Page(0, offers.size() + setAside.size(), offers, setAside, Map.of());
    }

    private static ReceivedOffer offer(String id) {
        byte[] json = ("{\"id\":\"" + id + "\"}").getBytes(StandardCharsets.UTF_8);
        return new ReceivedOffer(id, null, json, 0, json.length);
    }
}
