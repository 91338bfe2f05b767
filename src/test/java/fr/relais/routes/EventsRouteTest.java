package fr.relais.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.atLeastOnce;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;

import fr.relais.events.Outbox;
import java.net.ConnectException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.spi.Registry;
import org.apache.camel.spring.spi.SpringTransactionPolicy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** {@code 45-events.camel.yaml} */
class EventsRouteTest extends RouteTest {

    /** The rows that the lock of the outbox returns; none while another process delivers. */
    private List<String> lock = List.of("events");

    /** The rows of the table {@code outbox}. */
    private final List<Map<String, Object>> waiting = new ArrayList<>();

    private final Outbox outbox = new Outbox(null, null, true, Duration.ofDays(7), Clock.systemUTC());
    private final PlatformTransactionManager transactions = transactionManager();

    EventsRouteTest() {
        super("45-events");
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("relais.events.uri", "direct:receiver");
    }

    @Override
    protected void bind(Registry beans) {
        beans.bind("relaisOutbox", outbox);
        beans.bind("relaisDataSource", mock(DataSource.class));
        beans.bind("relaisTransaction", new SpringTransactionPolicy(new TransactionTemplate(transactions)));
    }

    /** Sets up an outbox with three events, which no other process delivers, and a route that receives them. */
    @BeforeEach
    void replaceTheDatabase() throws Exception {
        IntStream.range(0, 3)
                .mapToObj(number -> Map.<String, Object>of(
                        "id", number,
                        "event", "offer.created",
                        "offer_id", "A" + number,
                        "file", number + ".json",
                        "json", "{" + number + "}"))
                .forEach(waiting::add);
        AdviceWith.adviceWith(context, "relais-deliver-next-event", route -> {
            route.weaveById("relais-to-lock-outbox").replace().process(exchange -> exchange.getMessage()
                    .setBody(lock));
            route.weaveById("relais-to-select-event").replace().process(exchange -> exchange.getMessage()
                    .setBody(waiting.stream().limit(1).toList()));
        });
        AdviceWith.adviceWith(context, "relais-record-delivery", route -> {
            route.weaveById("relais-to-delete-event")
                    .replace()
                    .process(exchange -> waiting.remove(exchange.getVariable("event")));
            route.weaveById("relais-to-keep-event").replace().to("mock:kept");
        });
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:receiver").routeId("receiver").to("mock:events");
            }
        });
    }

    @Test
    void all_events_are_delivered_in_their_order_and_deleted() throws Exception {
        MockEndpoint events = getMockEndpoint("mock:events");
        events.expectedBodiesReceived(
                IntStream.range(0, 3).mapToObj(number -> "{" + number + "}").toList());
        events.message(0).header("Content-Type").isEqualTo("application/json");
        events.message(0).header("CamelKafkaKey").isEqualTo("A0");
        events.message(0).header("JMSXGroupID").isEqualTo("A0");
        events.message(0).header("CamelFileName").isEqualTo("0.json");

        deliver();

        events.assertIsSatisfied();
        assertThat(waiting).isEmpty();
    }

    @Test
    void a_failure_keeps_the_event_and_those_after_it() {
        getMockEndpoint("mock:events").whenExchangeReceived(2, exchange -> {
            throw new ConnectException("no route to host");
        });

        deliver();

        assertThat(waiting).extracting("id").containsExactly(1, 2);
        verify(transactions, atLeastOnce()).rollback(any());
    }

    @Test
    void an_event_is_delivered_whatever_the_receiving_route_does_to_the_message() throws Exception {
        AdviceWith.adviceWith(context, "receiver", route -> route.weaveAddLast()
                .setVariable("event", route.constant("mine"))
                .removeHeaders("*")
                .setBody(route.constant(""))
                .stop());

        deliver();

        assertThat(waiting).isEmpty();
    }

    @Test
    void an_event_is_delivered_when_the_receiving_route_handles_its_failure() throws Exception {
        AdviceWith.adviceWith(context, "receiver", route -> {
            route.onException(IllegalStateException.class).handled(true).to("mock:handled");
            route.weaveAddLast().throwException(new IllegalStateException("unusable"));
        });
        getMockEndpoint("mock:handled").expectedMessageCount(3);

        deliver();

        MockEndpoint.assertIsSatisfied(context);
        assertThat(waiting).isEmpty();
    }

    @Test
    void the_event_replay_needed_is_kept() throws Exception {
        waiting.clear();
        waiting.add(Map.of("id", 7, "event", "replay-needed", "file", "7.json", "json", "{7}"));
        getMockEndpoint("mock:events").expectedMessageCount(1);
        getMockEndpoint("mock:kept").whenAnyExchangeReceived(exchange -> waiting.clear());
        getMockEndpoint("mock:kept").expectedMessageCount(1);

        deliver();

        MockEndpoint.assertIsSatisfied(context);
    }

    @Test
    void nothing_is_delivered_while_another_process_delivers() throws Exception {
        lock = List.of();
        getMockEndpoint("mock:events").expectedMessageCount(0);

        deliver();

        MockEndpoint.assertIsSatisfied(context);
        assertThat(waiting).hasSize(3);
    }

    @Test
    void the_delivery_ends_after_the_current_event_when_relais_stops() {
        getMockEndpoint("mock:events").whenExchangeReceived(2, exchange -> outbox.stop());

        deliver();

        assertThat(waiting).hasSize(1);
    }

    private void deliver() {
        template.sendBody("direct:relais-deliver-events", null);
    }
}
