package fr.relais.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import fr.relais.DatabaseCheck;
import fr.relais.LicenceEnd;
import fr.relais.duty.DutyRecord;
import fr.relais.watch.Alert;
import fr.relais.watch.AlertMail;
import fr.relais.watch.Delivery;
import fr.relais.watch.Delivery.Destination;
import fr.relais.watch.Watch;
import jakarta.mail.internet.MimeMessage;
import java.net.ConnectException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.spi.Registry;
import org.apache.camel.support.SimpleTypeConverter;
import org.junit.jupiter.api.Test;

/** {@code 80-watch.camel.yaml} */
class WatchRouteTest extends RouteTest {

    private static final Instant AT = Instant.parse("2026-11-25T09:00:00Z");

    private final Watch watch = mock(Watch.class);
    private final DatabaseCheck databaseCheck = mock(DatabaseCheck.class);
    private final LicenceEnd licenceEnd = mock(LicenceEnd.class);
    private final DutyRecord dutyRecord = mock(DutyRecord.class);

    WatchRouteTest() {
        super("80-watch");
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of(
                "relais.alert.uri", "mock:alerts",
                "relais.report.uri", "mock:mails",
                "relais.alert.webhook", "https://alerts.example.org/hook?token=secret",
                "relais.watch.heartbeat-uri", "mock:heartbeat");
    }

    @Override
    protected void bind(Registry beans) {
        beans.bind("relaisWatch", watch);
        beans.bind("relaisAlertMail", new AlertMail("relais@example.org", "anna@example.org, bob@example.org"));
        beans.bind("relaisDatabaseCheck", databaseCheck);
        beans.bind("relaisLicenceEnd", licenceEnd);
        beans.bind("relaisDutyRecord", dutyRecord);
        when(watch.claim(any())).thenReturn(true);
    }

    private static Alert alert(String summary) {
        return new Alert(
                Alert.Kind.HELD_SWEEP,
                "",
                "42",
                true,
                Alert.Severity.WARNING,
                AT,
                summary,
                "Nothing is removed.",
                "Decide.",
                "operate.md#held-sweep");
    }

    private static Delivery to(Destination destination, String summary) {
        return new Delivery(destination, alert(summary));
    }

    @Test
    void each_alert_is_a_message_of_one_line_with_headers() throws Exception {
        // In a Spring Boot application, the converter of enums returns the names of the constants.
        context.getTypeConverterRegistry()
                .addTypeConverter(
                        String.class,
                        Enum.class,
                        new SimpleTypeConverter(true, (type, exchange, value) -> ((Enum<?>) value).name()));
        when(watch.dueDeliveries()).thenReturn(List.of(to(Destination.URI, "One."), to(Destination.URI, "Another.")));
        MockEndpoint alerts = getMockEndpoint("mock:alerts");
        alerts.expectedBodiesReceived("One. Decide.", "Another. Decide.");
        alerts.expectedHeaderReceived("relaisAlertKind", "held-sweep");
        alerts.expectedHeaderReceived("relaisAlertSubject", "");
        alerts.expectedHeaderReceived("relaisAlertSeverity", "warning");
        alerts.expectedHeaderReceived("relaisAlertStatus", "firing");
        alerts.expectedHeaderReceived("relaisAlertState", "42");
        alerts.expectedHeaderReceived("relaisAlertTime", "2026-11-25T09:00:00Z");

        template.sendBody("direct:relais-watch", null);

        alerts.assertIsSatisfied();
        verify(watch).markDelivered(to(Destination.URI, "One."));
        verify(watch).markDelivered(to(Destination.URI, "Another."));
        verify(watch, never()).recordFailure(any());
    }

    @Test
    void a_failed_alert_is_sent_again_and_does_not_delay_the_next() throws Exception {
        when(watch.dueDeliveries()).thenReturn(List.of(to(Destination.URI, "One."), to(Destination.URI, "Another.")));
        AdviceWith.adviceWith(context, "relais-send-alert", route -> route.weaveById("relais-to-alert")
                .replace()
                .choice()
                .when(route.body().startsWith("One."))
                .throwException(new ConnectException("no route to host"))
                .otherwise()
                .to("mock:alerts"));
        getMockEndpoint("mock:alerts").expectedBodiesReceived("Another. Decide.");

        template.sendBody("direct:relais-watch", null);

        MockEndpoint.assertIsSatisfied(context);
        verify(watch).recordFailure(to(Destination.URI, "One."));
        verify(watch, never()).markDelivered(to(Destination.URI, "One."));
    }

    @Test
    void a_delivery_that_another_process_has_claimed_is_skipped() throws Exception {
        when(watch.dueDeliveries()).thenReturn(List.of(to(Destination.URI, "One.")));
        when(watch.claim(any())).thenReturn(false);
        getMockEndpoint("mock:alerts").expectedMessageCount(0);

        template.sendBody("direct:relais-watch", null);

        MockEndpoint.assertIsSatisfied(context);
        verify(watch, never()).markDelivered(any());
        verify(watch, never()).recordFailure(any());
    }

    @Test
    void an_alert_by_mail_has_its_summary_as_subject_and_the_whole_text() throws Exception {
        when(watch.dueDeliveries()).thenReturn(List.of(to(Destination.MAIL, "Sweep 42 held.")));
        MockEndpoint mails = getMockEndpoint("mock:mails");
        mails.expectedMessageCount(1);

        template.sendBody("direct:relais-watch", null);

        mails.assertIsSatisfied();
        MimeMessage mail = mails.getExchanges().get(0).getMessage().getBody(MimeMessage.class);
        assertEquals("[Relais] warning: Sweep 42 held.", mail.getSubject());
        assertEquals("relais@example.org", mail.getFrom()[0].toString());
        assertEquals("[anna@example.org, bob@example.org]", Arrays.toString(mail.getAllRecipients()));
        assertEquals(alert("Sweep 42 held.").text(), mail.getContent());
        verify(watch).markDelivered(to(Destination.MAIL, "Sweep 42 held."));
    }

    @Test
    void an_alert_to_a_webhook_is_json_and_no_endpoint_has_its_address() throws Exception {
        when(watch.dueDeliveries()).thenReturn(List.of(to(Destination.WEBHOOK, "Sweep 42 held.")));
        AdviceWith.adviceWith(context, "relais-post-alert", route -> route.weaveById("relais-to-alert-webhook")
                .replace()
                .to("mock:webhook"));
        MockEndpoint webhook = getMockEndpoint("mock:webhook");
        webhook.expectedBodiesReceived(alert("Sweep 42 held.").json());
        webhook.expectedHeaderReceived("Content-Type", "application/json");
        webhook.expectedHeaderReceived("CamelHttpUri", "https://alerts.example.org/hook?token=secret");

        template.sendBody("direct:relais-watch", null);

        webhook.assertIsSatisfied();
        assertFalse(context.getEndpoints().toString().contains("secret"));
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
        when(watch.dueDeliveries())
                .thenThrow(new IllegalStateException("the database is down"))
                .thenReturn(List.of(to(Destination.URI, "One.")));
        getMockEndpoint("mock:alerts").expectedBodiesReceived("One. Decide.");
        String timer = trigger("relais-watch-by-timer");

        template.send(timer, exchange -> {});
        template.sendBody(timer, null);

        MockEndpoint.assertIsSatisfied(context);
        verify(licenceEnd).check();
        verify(dutyRecord).addChanges();
    }

    @Test
    void a_sealed_mirror_is_wiped_when_that_is_due() throws Exception {
        template.sendBody(trigger("relais-wipe-by-timer"), null);

        verify(licenceEnd).wipe();
    }

    @Test
    void the_database_server_is_checked_again_each_day() throws Exception {
        template.sendBody(trigger("relais-database-check-by-timer"), null);

        verify(databaseCheck).logWarnings();
    }
}
