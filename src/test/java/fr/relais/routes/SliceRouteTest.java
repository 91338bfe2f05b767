package fr.relais.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import fr.relais.offer.Changes;
import fr.relais.slice.Slice;
import fr.relais.slice.SliceReading;
import fr.relais.slice.Slices;
import fr.relais.source.Page;
import fr.relais.source.SourceException;
import fr.relais.source.SourceShape;
import fr.relais.sweep.Sweep;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.spi.Registry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code 20-slice.camel.yaml} */
class SliceRouteTest extends RouteTest {

    private static final Sweep SWEEP = new Sweep(7, Instant.EPOCH, List.of("1"), 3);
    private static final Slice SLICE =
            new Slice(1, 7, "1", Instant.EPOCH, Instant.EPOCH.plusSeconds(60), "", null, null, null, List.of());
    private static final Page PAGE = new Page(0, 2, List.of(), List.of(), Map.of());

    private final Slices slices = mock(Slices.class);
    private final SourceShape shape = mock(SourceShape.class);
    private final SliceReading reading = mock(SliceReading.class);
    private final ExecutorService readers = Executors.newFixedThreadPool(2);

    SliceRouteTest() {
        super("20-slice");
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("relais.slices.uri", "mock:slices", "relais.source.retry-delay", "1");
    }

    @Override
    protected void bind(Registry beans) {
        beans.bind("relaisSlices", slices);
        beans.bind("relaisSourceShape", shape);
        beans.bind("relaisSourceReaders", readers);
    }

    @BeforeEach
    void replaceTheOtherFiles() throws Exception {
        when(slices.open("1 3")).thenReturn(reading);
        when(reading.slice()).thenReturn(SLICE);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:relais-search")
                        .routeConfigurationId("relais-rethrow")
                        .to("mock:search")
                        .setBody(constant(PAGE));
                from("direct:relais-reconcile")
                        .routeConfigurationId("relais-rethrow")
                        .to("mock:reconcile")
                        .setVariable("changes", constant(new Changes(PAGE, List.of(), "[]")));
            }
        });
    }

    @AfterEach
    void stopReaders() {
        readers.shutdownNow();
    }

    @Test
    void two_workers_take_slices_until_none_is_left() throws Exception {
        when(slices.take(SWEEP)).thenReturn("1 3", "2 3", "3 3", null, null);
        getMockEndpoint("mock:slices").expectedBodiesReceivedInAnyOrder("1 3", "2 3", "3 3");

        template.send("direct:relais-read-slices", exchange -> exchange.setVariable("sweep", SWEEP));

        MockEndpoint.assertIsSatisfied(context);
        verify(slices, times(5)).take(SWEEP);
    }

    @Test
    void a_worker_that_fails_abandons_the_remaining_slices() throws Exception {
        when(slices.take(SWEEP)).thenThrow(new IllegalStateException("the lease is lost"));

        template.send("direct:relais-read-slices", exchange -> exchange.setVariable("sweep", SWEEP));

        verify(slices, times(2)).abandon(eq(SWEEP), any(Exception.class));
    }

    @Test
    void a_slice_is_read_until_the_reading_has_ended() throws Exception {
        when(reading.isOpen()).thenReturn(true, true, false);
        when(reading.ranges()).thenReturn(List.of(new fr.relais.source.Range(0, 149)));
        getMockEndpoint("mock:search").expectedMessageCount(1);

        template.sendBody("direct:relais-read-slice", "1 3");

        MockEndpoint.assertIsSatisfied(context);
        verify(slices).recordPage(reading, PAGE);
        verify(shape).observe(PAGE);
        verify(slices).decide(reading);
        verify(slices).close(reading);
    }

    @Test
    void a_page_is_requested_six_times_before_its_failure_is_recorded() throws Exception {
        when(reading.isOpen()).thenReturn(true, true, false);
        when(reading.ranges()).thenReturn(List.of(new fr.relais.source.Range(0, 149)));
        MockEndpoint search = getMockEndpoint("mock:search");
        search.whenAnyExchangeReceived(exchange -> {
            throw new SourceException.Unavailable("no answer");
        });
        search.expectedMessageCount(6);

        template.sendBody("direct:relais-read-slice", "1 3");

        MockEndpoint.assertIsSatisfied(context);
        verify(slices).recordFailure(eq(reading), any(SourceException.Unavailable.class));
        verify(slices).close(reading);
    }

    @Test
    void a_page_that_cannot_be_written_is_not_counted_as_read() throws Exception {
        when(reading.isOpen()).thenReturn(true, true, false);
        when(reading.ranges()).thenReturn(List.of(new fr.relais.source.Range(0, 149)));
        doThrow(new IllegalStateException()).when(slices).recordPage(any(), any());
        getMockEndpoint("mock:reconcile").whenAnyExchangeReceived(exchange -> {
            throw new IllegalStateException("the database refuses");
        });

        template.sendBody("direct:relais-read-slice", "1 3");

        verify(slices).recordFailure(eq(reading), any(IllegalStateException.class));
        verify(slices, times(0)).recordPage(any(), any());
    }

    @Test
    void a_page_is_skipped_when_the_reading_has_already_ended() throws Exception {
        when(reading.isOpen()).thenReturn(false);
        getMockEndpoint("mock:search").expectedMessageCount(0);

        template.send("direct:relais-read-page", exchange -> exchange.setVariable("reading", reading));

        MockEndpoint.assertIsSatisfied(context);
        assertThat(reading.outcome()).isNull();
    }
}
