package fr.relais.routes;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import fr.relais.DatabaseCheck;
import fr.relais.watch.Watch;
import java.net.ConnectException;
import java.util.List;
import java.util.Map;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.spi.Registry;
import org.junit.jupiter.api.Test;

/** {@code 80-watch.camel.yaml} */
class WatchRouteTest extends RouteTest {

    private final Watch watch = mock(Watch.class);
    private final DatabaseCheck databaseCheck = mock(DatabaseCheck.class);

    WatchRouteTest() {
        super("80-watch");
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("relais.alert.uri", "mock:alerts", "relais.watch.heartbeat-uri", "mock:heartbeat");
    }

    @Override
    protected void bind(Registry beans) {
        beans.bind("relaisWatch", watch);
        beans.bind("relaisDatabaseCheck", databaseCheck);
    }

    @Test
    void each_alert_is_a_message() throws Exception {
        when(watch.newAlerts()).thenReturn(List.of("one", "another"));
        MockEndpoint alerts = getMockEndpoint("mock:alerts");
        alerts.expectedBodiesReceived("one", "another");

        template.sendBody("direct:relais-watch", null);

        alerts.assertIsSatisfied();
        verify(watch, never()).repeat(any());
    }

    @Test
    void a_failed_alert_is_sent_again_and_does_not_delay_the_next() throws Exception {
        when(watch.newAlerts()).thenReturn(List.of("one", "another"));
        AdviceWith.adviceWith(context, "relais-send-alert", route -> route.weaveById("relais-to-alert")
                .replace()
                .choice()
                .when(route.body().isEqualTo("one"))
                .throwException(new ConnectException("no route to host"))
                .otherwise()
                .to("mock:alerts"));
        getMockEndpoint("mock:alerts").expectedBodiesReceived("another");

        template.sendBody("direct:relais-watch", null);

        MockEndpoint.assertIsSatisfied(context);
        verify(watch).repeat("one");
    }

    @Test
    void the_heartbeat_is_sent_only_when_all_is_well() throws Exception {
        when(watch.isWell()).thenReturn(true, false);
        getMockEndpoint("mock:heartbeat").expectedBodiesReceived("Relais is well");

        template.sendBody("direct:relais-watch", null);
        template.sendBody("direct:relais-watch", null);

        MockEndpoint.assertIsSatisfied(context);
    }

    @Test
    void a_failed_heartbeat_is_only_logged() throws Exception {
        when(watch.isWell()).thenReturn(true);
        getMockEndpoint("mock:heartbeat").whenAnyExchangeReceived(exchange -> {
            throw new ConnectException("no route to host");
        });

        template.sendBody("direct:relais-watch", null);

        getMockEndpoint("mock:heartbeat").expectedMessageCount(1);
        MockEndpoint.assertIsSatisfied(context);
    }

    @Test
    void a_failed_check_is_logged_and_the_timer_continues() throws Exception {
        when(watch.newAlerts())
                .thenThrow(new IllegalStateException("the database is down"))
                .thenReturn(List.of("one"));
        getMockEndpoint("mock:alerts").expectedBodiesReceived("one");
        String timer = trigger("relais-watch-by-timer");

        template.send(timer, exchange -> {});
        template.sendBody(timer, null);

        MockEndpoint.assertIsSatisfied(context);
    }

    @Test
    void the_database_server_is_checked_again_each_day() throws Exception {
        template.sendBody(trigger("relais-database-check-by-timer"), null);

        verify(databaseCheck).logWarnings();
    }
}
