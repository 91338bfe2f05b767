package fr.relais.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.doReturn;
import static org.mockito.Mockito.mock;

import fr.relais.licence.ApiChange;
import fr.relais.licence.LicenceNotice;
import fr.relais.licence.LicenceNotice.Decision;
import fr.relais.licence.LicenceRegister;
import fr.relais.licence.LicenceStatus;
import fr.relais.simulator.SettableClock;
import fr.relais.sweep.SweepHistory;
import fr.relais.watch.Alert.Severity;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LicenceAlertsTest {

    private static final Instant NOW = Instant.parse("2026-11-25T09:00:00Z");
    private static final LocalDate TODAY = LocalDate.parse("2026-11-25");

    private final SettableClock clock = new SettableClock(NOW);
    private final LicenceRegister register = mock(LicenceRegister.class);
    private final SweepHistory sweeps = mock(SweepHistory.class);
    private final LicenceAlerts alerts = new LicenceAlerts(new Alerts("operate", clock), register, sweeps, clock);

    @BeforeEach
    void allIsWell() {
        notices();
        doReturn(List.of()).when(register).apiChanges();
        doReturn(Optional.of(NOW)).when(sweeps).lastAnswered();
    }

    @Test
    void an_undecided_version_is_reminded_of_until_its_deadline() {
        notices(notice(1, "2", TODAY, null));
        assertThat(alerts.find()).isEmpty();

        clock.advance(Duration.ofDays(5));
        assertThat(alert().state()).isEqualTo("2-10-days");
        assertThat(alert().severity()).isEqualTo(Severity.WARNING);
        assertThat(alert().line())
                .isEqualTo("Version 2 of the licence can be refused until 2026-12-10 (in 10 days)."
                        + " Read it, then run: java -jar relais-exec.jar licence accept --version 2"
                        + " (or licence refuse)");
        assertThat(alert().meaning()).contains("in force from 2026-12-11");

        clock.advance(Duration.ofDays(5));
        assertThat(alert().state()).isEqualTo("2-5-days");
        clock.advance(Duration.ofDays(4));
        assertThat(alert().state()).isEqualTo("2-1-day");
        assertThat(alert().summary()).contains("(tomorrow)");
        clock.advance(Duration.ofDays(1));
        assertThat(alert().state()).isEqualTo("2-1-day");
        assertThat(alert().summary()).contains("(today)");
    }

    @Test
    void an_accepted_version_needs_nobody() {
        notices(notice(1, "2", TODAY, Decision.ACCEPTED));
        clock.advance(Duration.ofDays(14));

        assertThat(alerts.find()).isEmpty();
    }

    @Test
    void a_refused_version_needs_somebody_also_after_its_deadline() {
        notices(notice(1, "2", TODAY, Decision.REFUSED));
        clock.advance(Duration.ofDays(400));
        doReturn(Optional.of(clock.instant())).when(sweeps).lastAnswered();

        assertThat(alert().state()).isEqualTo("2-refused");
        assertThat(alert().summary()).startsWith("Version 2 of the licence was refused by anna at");
    }

    @Test
    void each_version_has_an_alert_of_its_own() {
        notices(
                notice(1, "2", TODAY, Decision.REFUSED),
                notice(2, "3", TODAY.minusDays(10), null),
                notice(3, "4", TODAY.minusDays(6), null));

        assertThat(alerts.find())
                .extracting(Alert::subject, Alert::state)
                .containsExactly(tuple("1", "2-refused"), tuple("2", "3-5-days"), tuple("3", "4-10-days"));
    }

    @Test
    void a_version_in_force_is_told_for_a_week() {
        notices(notice(1, "2", TODAY, null));
        clock.set(Instant.parse("2026-12-10T22:59:59.999Z"));
        assertThat(alert().state()).isEqualTo("2-1-day");

        clock.advance(Duration.ofMillis(1));
        assertThat(alert().state()).isEqualTo("2-in-force");
        assertThat(alert().severity()).isEqualTo(Severity.INFO);
        assertThat(alert().isNews()).isTrue();
        assertThat(alert().summary()).isEqualTo("Version 2 of the licence is in force since 2026-12-11.");

        clock.advance(Duration.ofDays(7).minusMillis(1));
        assertThat(alert().state()).isEqualTo("2-in-force");
        clock.advance(Duration.ofMillis(1));
        assertThat(alerts.find()).isEmpty();
    }

    @Test
    void a_change_of_the_api_is_announced_until_the_end_of_its_day() {
        doReturn(List.of(new ApiChange(
                        7, TODAY, LocalDate.parse("2027-01-25"), "A field goes.", NOW, "anna", null, null)))
                .when(register)
                .apiChanges();
        assertThat(alerts.find()).isEmpty();

        clock.advance(Duration.ofDays(31));
        assertThat(alert().state()).isEqualTo("7-30-days");
        assertThat(alert().summary()).isEqualTo("The API changes on 2027-01-25 (in 30 days): A field goes.");
        clock.advance(Duration.ofDays(29));
        assertThat(alert().state()).isEqualTo("7-1-day");
        clock.advance(Duration.ofDays(1));
        assertThat(alert().state()).isEqualTo("7-1-day");
        clock.advance(Duration.ofDays(1));
        assertThat(alerts.find()).isEmpty();
    }

    @Test
    void the_end_of_the_licence_without_a_call_is_announced_and_alerted() {
        clock.advance(Duration.ofDays(364));
        assertThat(alert().state()).isEqualTo("10-days");
        assertThat(alert().severity()).isEqualTo(Severity.WARNING);
        assertThat(alert().summary()).endsWith("the licence ends at 2027-11-25T09:00:00Z.");

        clock.advance(Duration.ofDays(1).plusMillis(1));
        assertThat(alert().state()).isEqualTo("ended");
        assertThat(alert().severity()).isEqualTo(Severity.CRITICAL);
        assertThat(alert().summary()).endsWith("the licence ended at 2027-11-25T09:00:00Z.");
        assertThat(alert().remedy()).endsWith("run: java -jar relais-exec.jar unseal");
    }

    @Test
    void without_any_call_the_end_of_the_licence_is_unknown() {
        doReturn(Optional.empty()).when(sweeps).lastAnswered();
        clock.advance(Duration.ofDays(400));

        assertThat(alerts.find()).isEmpty();
    }

    private Alert alert() {
        List<Alert> found = alerts.find().toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private void notices(LicenceNotice... notices) {
        doAnswer(call -> new LicenceStatus(Arrays.asList(notices), clock.instant()))
                .when(register)
                .status();
    }

    private static LicenceNotice notice(long id, String version, LocalDate informedOn, Decision decision) {
        return new LicenceNotice(
                id,
                version,
                informedOn,
                "licence.pdf",
                "00",
                NOW,
                "anna",
                decision,
                decision == null ? null : NOW,
                decision == null ? null : "anna",
                null,
                null);
    }
}
