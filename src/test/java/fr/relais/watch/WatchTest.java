package fr.relais.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.Mockito.doReturn;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;

import fr.relais.changelog.Publication;
import fr.relais.events.Outbox;
import fr.relais.report.MonthlyReports;
import fr.relais.simulator.SettableClock;
import fr.relais.source.Account;
import fr.relais.sweep.Freshness;
import fr.relais.sweep.RestoreCheck;
import fr.relais.sweep.SweepHistory;
import fr.relais.sweep.SweepState;
import fr.relais.sweep.SweepSummary;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;

class WatchTest {

    private static final Instant NOW = Instant.parse("2026-11-25T09:00:00Z");

    private final SettableClock clock = new SettableClock(NOW);
    private final Freshness freshness = mock(Freshness.class);
    private final Account account = mock(Account.class);
    private final SweepHistory sweeps = mock(SweepHistory.class);
    private final MonthlyReports reports = mock(MonthlyReports.class);
    private final Publication publication = mock(Publication.class);
    private final Outbox outbox = mock(Outbox.class);
    private final Watch watch = new Watch(
            freshness,
            account,
            sweeps,
            mock(RestoreCheck.class),
            reports,
            publication,
            outbox,
            Duration.ofHours(24),
            clock);

    @BeforeEach
    void allIsWell() {
        doReturn(new Account.Status(Account.State.ACTIVE, null, null, null))
                .when(account)
                .status();
        age(Freshness.State.FRESH, NOW.minusSeconds(60));
        sweepsEnded();
        doReturn(Optional.empty()).when(sweeps).undecided();
        doReturn(Optional.empty()).when(sweeps).firstStart();
        doReturn(Optional.empty()).when(reports).needingOperator();
        doReturn(Optional.empty()).when(publication).unpublished();
        doReturn(Optional.empty()).when(outbox).overdueSince();
        doReturn(false).when(outbox).isReplayNeeded();
    }

    @Test
    void waiting_events_cause_an_alert_and_dropped_events_another() {
        doReturn(Optional.of(NOW)).when(outbox).overdueSince();
        assertThat(watch.newAlerts())
                .singleElement()
                .asString()
                .startsWith("Events have waited since 2026-11-25T09:00:00Z");

        doReturn(true).when(outbox).isReplayNeeded();
        assertThat(watch.newAlerts()).singleElement().asString().startsWith("Events were dropped");
        assertThat(watch.newAlerts()).isEmpty();

        allIsWell();
        assertThat(watch.newAlerts()).containsExactly("Resolved: events lost");
    }

    @Test
    void all_is_well_without_a_problem() {
        assertThat(watch.newAlerts()).isEmpty();
        assertThat(watch.isWell()).isTrue();
    }

    @Test
    void a_database_that_is_away_is_alerted_and_then_resolved() {
        doThrow(new DataAccessResourceFailureException("away", new SQLException("away", "08000", 1_234)))
                .when(account)
                .status();

        assertThat(watch.newAlerts())
                .containsExactly("The watch has failed and cannot see any other problem:"
                        + " the database reports error 1234, state 08000");
        assertThat(watch.isWell()).isFalse();
        assertThat(watch.newAlerts()).isEmpty();

        allIsWell();
        assertThat(watch.newAlerts()).containsExactly("Resolved: watch failed");
        assertThat(watch.isWell()).isTrue();
    }

    @Test
    void a_first_sweep_that_is_never_proved_is_alerted_after_the_age_of_the_banner() {
        age(Freshness.State.WITHDRAWN, null);
        doReturn(Optional.of(NOW)).when(sweeps).firstStart();
        sweepsEnded(SweepState.INCOMPLETE);

        assertThat(watch.newAlerts()).isEmpty();
        clock.advance(Duration.ofHours(24).plusSeconds(1));
        assertThat(watch.newAlerts())
                .singleElement()
                .asString()
                .startsWith("No sweep has been proved since the first one began (2026-11-25T09:00:00Z)")
                .contains("Last: Sweep 1 incomplete");
    }

    @Test
    void a_sweep_that_never_begins_is_alerted_too() {
        age(Freshness.State.WITHDRAWN, null);

        assertThat(watch.newAlerts()).isEmpty();
        clock.advance(Duration.ofHours(24).plusSeconds(1));
        assertThat(watch.newAlerts()).singleElement().asString().startsWith("No sweep has been proved");
    }

    @Test
    void three_incomplete_sweeps_in_a_row_are_alerted_also_while_the_next_one_runs() {
        sweepsEnded(SweepState.INCOMPLETE, SweepState.INCOMPLETE, SweepState.PROVED, SweepState.INCOMPLETE);
        assertThat(watch.newAlerts()).isEmpty();

        sweepsEnded(SweepState.INCOMPLETE, SweepState.ABANDONED, SweepState.INCOMPLETE, SweepState.PROVED);
        assertThat(watch.newAlerts()).singleElement().asString().startsWith("The last 3 sweeps were incomplete");

        sweepsEnded(SweepState.READING, SweepState.INCOMPLETE, SweepState.ABANDONED, SweepState.INCOMPLETE);
        assertThat(watch.newAlerts()).isEmpty();

        sweepsEnded(SweepState.PROVED, SweepState.INCOMPLETE, SweepState.ABANDONED, SweepState.INCOMPLETE);
        assertThat(watch.newAlerts()).containsExactly("Resolved: sweeps incomplete");
    }

    @Test
    void an_alert_that_was_not_delivered_is_returned_again_and_only_that_one() {
        age(Freshness.State.STALE, NOW.minus(Duration.ofHours(25)));
        sweepsEnded(SweepState.HELD);
        List<String> alerts = watch.newAlerts();
        assertThat(alerts).hasSize(2);

        watch.repeat(alerts.get(0));

        assertThat(watch.isUndelivered()).isTrue();
        assertThat(watch.newAlerts()).containsExactly(alerts.get(0));
        assertThat(watch.isUndelivered()).isFalse();
    }

    @Test
    void the_end_of_a_problem_that_was_not_delivered_is_returned_again() {
        age(Freshness.State.STALE, NOW.minus(Duration.ofHours(25)));
        watch.newAlerts();
        allIsWell();
        assertThat(watch.newAlerts()).containsExactly("Resolved: freshness stale");

        watch.repeat("Resolved: freshness stale");

        assertThat(watch.isWell()).isFalse();
        assertThat(watch.newAlerts()).containsExactly("Resolved: freshness stale");
        assertThat(watch.isWell()).isTrue();
    }

    @Test
    void an_alert_that_was_not_delivered_is_replaced_by_news() {
        age(Freshness.State.STALE, NOW.minus(Duration.ofHours(25)));
        watch.repeat(watch.newAlerts().get(0));
        age(Freshness.State.WITHDRAWN, NOW.minus(Duration.ofHours(49)));

        assertThat(watch.newAlerts()).singleElement().asString().startsWith("The mirror is 49 hours old");
    }

    @Test
    void a_mirror_from_the_future_is_not_said_to_have_a_negative_age() {
        age(Freshness.State.STALE, NOW.plus(Duration.ofHours(25)));

        assertThat(watch.newAlerts())
                .containsExactly("A clock is or was wrong: the last proved sweep started 25 hours in the future"
                        + " (2026-11-26T10:00:00Z), past relais.display.banner-after.");
    }

    private void age(Freshness.State state, Instant updatedAt) {
        Duration age = updatedAt == null ? null : Duration.between(updatedAt, NOW);
        doReturn(new Freshness.Reading(state, updatedAt, age)).when(freshness).read();
    }

    /** @param states newest first */
    private void sweepsEnded(SweepState... states) {
        List<SweepSummary> summaries = IntStream.range(0, states.length)
                .mapToObj(i -> new SweepSummary(
                        states.length - i, NOW, states[i], "broken", Duration.ofSeconds(1), 0, 0, 0, 0, 0, 0, 0, 0, 0))
                .toList();
        doReturn(summaries).when(sweeps).last(anyInt());
    }
}
