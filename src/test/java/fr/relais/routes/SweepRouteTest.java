package fr.relais.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;
import static org.mockito.Mockito.when;

import fr.relais.seal.Seal;
import fr.relais.slice.Slices;
import fr.relais.source.SourceShape;
import fr.relais.sweep.RestoreCheck;
import fr.relais.sweep.Sweep;
import fr.relais.sweep.SweepState;
import fr.relais.sweep.SweepSummary;
import fr.relais.sweep.Sweeps;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.builder.Builder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.spi.Registry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.InOrder;

/** {@code 10-sweep.camel.yaml} */
class SweepRouteTest extends RouteTest {

    private static final Sweep SWEEP = new Sweep(7, Instant.EPOCH, List.of("1"), 3);
    private static final SweepSummary SUMMARY = new SweepSummary(
            7, Instant.EPOCH, SweepState.PROVED, null, Duration.ofSeconds(1), 0, 0, 0, 0, 0, 0, 0, 0, 1);

    private final Seal seal = mock(Seal.class);
    private final Sweeps sweeps = mock(Sweeps.class);
    private final Slices slices = mock(Slices.class);
    private final SourceShape shape = mock(SourceShape.class);
    private final RestoreCheck restoreCheck = mock(RestoreCheck.class);

    SweepRouteTest() {
        super("10-sweep");
    }

    @Override
    protected void bind(Registry beans) {
        beans.bind("relaisSeal", seal);
        beans.bind("relaisSweeps", sweeps);
        beans.bind("relaisSlices", slices);
        beans.bind("relaisSourceShape", shape);
        beans.bind("relaisRestoreCheck", restoreCheck);
        beans.bind("relaisBackground", context.getExecutorServiceManager().newSingleThreadExecutor(this, "background"));
    }

    @BeforeEach
    void replaceTheOtherFiles() throws Exception {
        when(sweeps.open()).thenReturn(SWEEP);
        when(sweeps.close(SWEEP)).thenReturn(SUMMARY);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                for (String route : List.of(
                        "relais-read-slices", "relais-remove", "relais-sweep-ended", "relais-publish-changelog")) {
                    from("direct:" + route)
                            .routeId(route)
                            .routeConfigurationId("relais-rethrow")
                            .to("mock:" + route);
                }
            }
        });
    }

    @Test
    void a_sweep_reads_slices_removes_offers_closes_and_calls_the_hook() throws Exception {
        getMockEndpoint("mock:relais-read-slices").expectedMessageCount(1);
        getMockEndpoint("mock:relais-remove").expectedMessageCount(1);
        getMockEndpoint("mock:relais-sweep-ended").expectedBodiesReceived(SUMMARY);
        getMockEndpoint("mock:relais-publish-changelog").expectedMessageCount(1);

        assertThat(template.requestBody("direct:relais-sweep", null, SweepSummary.class))
                .isEqualTo(SUMMARY);

        MockEndpoint.assertIsSatisfied(context);
        InOrder order = inOrder(restoreCheck, sweeps, slices, shape);
        order.verify(restoreCheck).check();
        order.verify(sweeps).open();
        order.verify(slices).plan(SWEEP);
        order.verify(sweeps).close(SWEEP);
        order.verify(sweeps).releaseLease(SWEEP);
        order.verify(shape).save();
    }

    @Test
    void a_restored_database_is_swept_at_once_but_only_once() throws Exception {
        when(restoreCheck.isSweepDue()).thenReturn(true, false);
        getMockEndpoint("mock:relais-read-slices").expectedMessageCount(1);
        String timer = trigger("relais-restore-by-timer");

        template.sendBody(timer, null);
        template.sendBody(timer, null);

        MockEndpoint.assertIsSatisfied(context);
    }

    @Test
    void a_failure_ends_the_sweep_as_incomplete_and_releases_the_lease() throws Exception {
        getMockEndpoint("mock:relais-read-slices").whenAnyExchangeReceived(exchange -> {
            throw new IllegalStateException("broken");
        });
        getMockEndpoint("mock:relais-remove").expectedMessageCount(0);

        assertThat(template.requestBody("direct:relais-sweep", null, SweepSummary.class))
                .isEqualTo(SUMMARY);

        MockEndpoint.assertIsSatisfied(context);
        verify(sweeps).recordFailure(eq(SWEEP), any(IllegalStateException.class));
        verify(sweeps).releaseLease(SWEEP);
    }

    @Test
    void the_lease_is_released_when_the_sweep_cannot_be_closed() {
        when(sweeps.close(SWEEP)).thenThrow(new IllegalStateException("the database is down"));

        assertThatThrownBy(() -> template.requestBody("direct:relais-sweep", (Object) null))
                .isInstanceOf(CamelExecutionException.class)
                .hasRootCauseMessage("the database is down");

        verify(sweeps).releaseLease(SWEEP);
    }

    @Test
    void a_sweep_succeeds_although_the_fields_of_the_records_cannot_be_saved() {
        doThrow(new IllegalStateException("the database is down")).when(shape).save();

        assertThat(template.requestBody("direct:relais-sweep", (Object) null)).isEqualTo(SUMMARY);

        verify(shape).save();
    }

    @Test
    void nothing_is_done_while_another_process_sweeps() throws Exception {
        when(sweeps.open()).thenReturn(null);
        getMockEndpoint("mock:relais-read-slices").expectedMessageCount(0);
        getMockEndpoint("mock:relais-publish-changelog").expectedMessageCount(0);

        assertThat(template.requestBody("direct:relais-sweep", "anything")).isNull();

        MockEndpoint.assertIsSatisfied(context);
        verifyNoInteractions(slices);
    }

    @Test
    void a_held_sweep_continues_when_it_is_approved() throws Exception {
        when(sweeps.approve(7, null)).thenReturn(SWEEP);
        getMockEndpoint("mock:relais-remove").expectedMessageCount(1);

        assertThat(template.requestBody("direct:relais-approve-removals", 7L)).isEqualTo(SUMMARY);

        MockEndpoint.assertIsSatisfied(context);
    }

    @Test
    void a_held_sweep_continues_in_the_background() throws Exception {
        when(sweeps.approve(7, "anna")).thenReturn(SWEEP);
        CountDownLatch answered = new CountDownLatch(1);
        getMockEndpoint("mock:relais-remove").expectedMessageCount(1);
        getMockEndpoint("mock:relais-remove").whenAnyExchangeReceived(exchange -> answered.await());
        getMockEndpoint("mock:relais-publish-changelog").expectedMessageCount(1);

        assertThat(ask("direct:relais-start-removals", "anna")).isEqualTo(true);
        answered.countDown();

        MockEndpoint.assertIsSatisfied(context);
    }

    @Test
    void nothing_continues_in_the_background_while_another_process_sweeps() throws Exception {
        getMockEndpoint("mock:relais-remove").expectedMessageCount(0);

        assertThat(ask("direct:relais-start-removals", "anna")).isEqualTo(false);

        MockEndpoint.assertIsSatisfied(context);
    }

    @Test
    void refused_removals_end_the_sweep() {
        when(sweeps.refuse(7, "anna")).thenReturn(SUMMARY);

        assertThat(ask("direct:relais-refuse-removals", "anna")).isEqualTo(SUMMARY);
    }

    private Object ask(String endpoint, String person) {
        return context.createFluentProducerTemplate()
                .withBody(7L)
                .withVariable("person", person)
                .to(endpoint)
                .request();
    }

    @Test
    void a_hook_that_fails_does_not_affect_the_sweep() throws Exception {
        getMockEndpoint("mock:relais-sweep-ended").whenAnyExchangeReceived(exchange -> {
            throw new IllegalStateException("broken");
        });
        getMockEndpoint("mock:relais-publish-changelog").expectedMessageCount(1);

        assertThat(template.requestBody("direct:relais-sweep", (Object) null)).isEqualTo(SUMMARY);

        MockEndpoint.assertIsSatisfied(context);
    }

    @Test
    void a_hook_that_changes_the_message_and_stops_does_not_affect_the_sweep() throws Exception {
        AdviceWith.adviceWith(context, "relais-sweep-ended", route -> route.weaveAddLast()
                .setBody(Builder.constant("mine"))
                .setVariable("sweep", Builder.constant("mine"))
                .stop());
        getMockEndpoint("mock:relais-publish-changelog").expectedBodiesReceived(SUMMARY);

        Exchange swept = template.request("direct:relais-sweep", exchange -> {});

        assertThat(swept.getMessage().getBody()).isEqualTo(SUMMARY);
        assertThat(swept.getVariable("sweep")).isEqualTo(SWEEP);
        MockEndpoint.assertIsSatisfied(context);
    }
}
