package fr.relais.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

import fr.relais.events.Outbox;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.builder.Builder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.spi.Registry;
import org.apache.camel.spring.spi.SpringTransactionPolicy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** {@code 45-events.camel.yaml} */
class EventsRouteTest extends RouteTest {

    /** The rows of the table {@code outbox}. */
    private final List<Map<String, Object>> waiting = new ArrayList<>();

    private final Outbox outbox = new Outbox(null, null, true, Duration.ofDays(7));
    private final PlatformTransactionManager transactions = transactionManager();

    EventsRouteTest() {
        super("45-events");
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("relais.events.uri", "mock:events");
    }

    @Override
    protected void bind(Registry beans) {
        beans.bind("relaisOutbox", outbox);
        beans.bind("relaisDataSource", mock(DataSource.class));
        beans.bind("relaisTransaction", new SpringTransactionPolicy(new TransactionTemplate(transactions)));
    }

    /** Sets up an outbox with 23 events, which no other process delivers. */
    @BeforeEach
    void replaceTheDatabase() throws Exception {
        IntStream.range(0, 23)
                .mapToObj(number -> Map.<String, Object>of(
                        "id", number, "offer_id", "A" + number, "file", number + ".json", "json", "{" + number + "}"))
                .forEach(waiting::add);
        AdviceWith.adviceWith(context, "relais-deliver-batch", route -> {
            route.weaveById("relais-to-lock-outbox").replace().setBody(Builder.constant(List.of("events")));
            route.weaveById("relais-to-select-events").replace().process(exchange -> exchange.getMessage()
                    .setBody(List.copyOf(waiting.subList(0, Math.min(10, waiting.size())))));
        });
        AdviceWith.adviceWith(context, "relais-deliver-event", route -> route.weaveById("relais-to-delete-event")
                .replace()
                .process(exchange -> waiting.remove(exchange.getVariable("event"))));
    }

    @Test
    void all_events_are_delivered_in_their_order_and_deleted() throws Exception {
        MockEndpoint events = getMockEndpoint("mock:events");
        events.expectedBodiesReceived(
                IntStream.range(0, 23).mapToObj(number -> "{" + number + "}").toList());
        events.message(0).header("Content-Type").isEqualTo("application/json");
        events.message(0).header("CamelKafkaKey").isEqualTo("A0");
        events.message(0).header("JMSXGroupID").isEqualTo("A0");
        events.message(0).header("CamelFileName").isEqualTo("0.json");

        deliver();

        events.assertIsSatisfied();
        assertThat(waiting).isEmpty();
        verify(transactions, times(3)).commit(any());
    }

    @Test
    void a_failure_keeps_the_event_and_those_after_it_and_commits_those_before_it() {
        getMockEndpoint("mock:events").whenExchangeReceived(13, exchange -> {
            throw new ConnectException("no route to host");
        });

        deliver();

        assertThat(waiting).hasSize(11).first().extracting("id").isEqualTo(12);
        verify(transactions, times(2)).commit(any());
        verify(transactions, never()).rollback(any());
    }

    @Test
    void nothing_is_delivered_while_another_process_delivers() throws Exception {
        AdviceWith.adviceWith(context, "relais-deliver-batch", route -> route.weaveAddFirst()
                .setBody(Builder.constant(List.of()))
                .stop());
        getMockEndpoint("mock:events").expectedMessageCount(0);

        deliver();

        MockEndpoint.assertIsSatisfied(context);
        assertThat(waiting).hasSize(23);
    }

    @Test
    void the_delivery_ends_after_the_current_batch_when_relais_stops() {
        getMockEndpoint("mock:events").whenExchangeReceived(3, exchange -> outbox.stop());

        deliver();

        assertThat(waiting).hasSize(13);
    }

    private void deliver() {
        template.sendBody("direct:relais-deliver-events", null);
    }
}
