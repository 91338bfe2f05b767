package fr.relais;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SettableClock;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import fr.relais.watch.Watch;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Alerts of {@code 80-watch.camel.yaml} to an endpoint, a mail server and a webhook. */
class AlertIT {

    private static final String SECRET = "canary-webhook-zq7";

    private final SettableClock clock = new SettableClock(Instant.now());
    private final GreenMail mail = new GreenMail(new ServerSetup(0, "127.0.0.1", "smtp"));
    private RecordingServer webhook;
    private SourceSimulator source;
    private Mirror mirror;

    @BeforeEach
    void start() throws Exception {
        mail.start();
        webhook = RecordingServer.http();
        source = SourceSimulator.start(SimulatorOptions.defaults());
        new OfferGenerator(1).fill(source.base(), 3, Instant.now(), Duration.ofDays(60), "1");
        mirror = Mirror.of(source)
                .with("relais.alert.uri", "mock:alerts")
                .with("relais.alert.mail", "anna@example.org, bob@example.org")
                .with("relais.alert.webhook", "http://127.0.0.1:" + webhook.port() + "/" + SECRET)
                .with("relais.report.from", "Relais <relais@example.org>")
                .with("relais.report.uri", "smtp://127.0.0.1:" + mail.getSmtp().getPort())
                .start(clock);
        mirror.sweep();
    }

    @AfterEach
    void stop() {
        mirror.close();
        source.close();
        webhook.close();
        mail.stop();
    }

    @Test
    void each_destination_gets_each_alert_once_from_all_processes_together_also_after_a_restart() throws Exception {
        try (Mirror other = mirror.secondProcess().start(clock)) {
            lastSweep("held");

            mirror.watch();
            other.watch();
            mirror.watch();

            assertThat(lines(mirror)).singleElement().asString().startsWith("Sweep 1 held");
            assertThat(lines(other)).isEmpty();
            assertThat(mail.getReceivedMessages()).hasSize(2);
            assertThat(mail.getReceivedMessages()[0].getSubject())
                    .startsWith("[Relais] warning: Sweep 1 held")
                    .doesNotContain("\n");
            assertThat(mail.getReceivedMessages()[0].getFrom())
                    .extracting(Object::toString)
                    .containsExactly("Relais <relais@example.org>");
            assertThat(mail.getReceivedMessages()[0].getContent().toString())
                    .contains("What to do: ", "approve-removals 1", "Runbook: src/docs/guide/operate.md#held-sweep");
            assertThat(webhook.received)
                    .singleElement()
                    .asString()
                    .startsWith("POST /" + SECRET + " null {\"kind\":\"held-sweep\",\"subject\":\"\",\"severity\":"
                            + "\"warning\"")
                    .contains("\"status\":\"firing\"", "\"state\":\"1\"");
            assertThat(mirror.relais().watch().problems()).hasSize(1);

            mirror.start(clock);
            mirror.watch();
            assertThat(lines(mirror)).isEmpty();
            lastSweep("proved");
            mirror.start(clock);
            mirror.watch();
            other.watch();

            assertThat(lines(mirror)).containsExactly("Resolved: held-sweep 1");
            assertThat(lines(other)).isEmpty();
            assertThat(mail.getReceivedMessages()).hasSize(4);
            assertThat(webhook.received).hasSize(2).last().asString().contains("\"status\":\"resolved\"");
        }
    }

    @Test
    void only_the_destination_that_fails_gets_an_alert_again_and_the_secret_is_not_logged() {
        lastSweep("held");
        webhook.status = 500;
        try (CapturedLog log = CapturedLog.ofApplication(Level.TRACE)) {
            mirror.watch();
            mirror.watch();

            assertThat(log.warnings())
                    .hasSize(2)
                    .allMatch(line -> line.contains("An alert did not reach relais.alert.webhook and is sent again"));
            assertThat(String.join("\n", log.all())).doesNotContain(SECRET);
        }
        assertThat(mirror.relais().watch().isUndelivered()).isTrue();
        assertThat(webhook.received).hasSize(2);

        webhook.status = 201;
        mirror.watch();
        mirror.watch();

        assertThat(mirror.relais().watch().isUndelivered()).isFalse();
        assertThat(webhook.received).hasSize(3);
        assertThat(lines(mirror)).hasSize(1);
        assertThat(mail.getReceivedMessages()).hasSize(2);
    }

    @Test
    void an_alert_whose_process_dies_while_sending_it_is_sent_by_another_when_the_claim_has_expired() throws Exception {
        lastSweep("held");
        Watch dying = mirror.relais().watch();
        assertThat(dying.dueDeliveries()).hasSize(3).allMatch(dying::claim);

        try (Mirror other = mirror.secondProcess().start(clock)) {
            other.watch();
            assertThat(lines(other)).isEmpty();

            clock.advance(Duration.ofMinutes(5));
            other.watch();

            assertThat(lines(other)).hasSize(1);
            assertThat(webhook.received).hasSize(1);
        }
    }

    @Test
    void an_unavailable_database_causes_an_alert() throws Exception {
        mirror.dataSource.close();

        mirror.watch();
        mirror.watch();

        assertThat(lines(mirror)).singleElement().asString().startsWith("The watch has failed");
        assertThat(Arrays.asList(mail.getReceivedMessages())).hasSize(2).allSatisfy(message -> assertThat(
                        message.getSubject())
                .startsWith("[Relais] critical: The watch has failed"));
        assertThat(webhook.received).hasSize(1);
    }

    private void lastSweep(String state) {
        mirror.jdbc.sql("update sweep set state = ?").param(state).update();
    }

    private static List<String> lines(Mirror process) {
        return process.camel().getEndpoint("mock:alerts", MockEndpoint.class).getExchanges().stream()
                .map(exchange -> exchange.getMessage().getBody(String.class))
                .toList();
    }
}
