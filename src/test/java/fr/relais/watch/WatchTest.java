package fr.relais.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.doReturn;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import fr.relais.changelog.Publication;
import fr.relais.events.Outbox;
import fr.relais.licence.LicenceRegister;
import fr.relais.licence.LicenceStatus;
import fr.relais.report.MonthlyReports;
import fr.relais.simulator.SettableClock;
import fr.relais.source.Account;
import fr.relais.sweep.Freshness;
import fr.relais.sweep.RestoreCheck;
import fr.relais.sweep.SweepHistory;
import fr.relais.sweep.SweepState;
import fr.relais.sweep.SweepSummary;
import fr.relais.watch.Alert.Kind;
import fr.relais.watch.AlertTable.Notice;
import fr.relais.watch.Delivery.Destination;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
    private final LicenceRegister register = mock(LicenceRegister.class);

    /** The rows of the table, which survive a restart. */
    private final Map<Delivery.Key, Notice> rows = new HashMap<>();

    private final AlertTable table = mock(AlertTable.class);
    private Watch watch = start(Destination.URI);

    /** Starts a process, with alerts to these destinations. */
    private Watch start(Destination... destinations) {
        return new Watch(
                table,
                freshness,
                account,
                sweeps,
                mock(RestoreCheck.class),
                reports,
                publication,
                outbox,
                register,
                Duration.ofHours(24),
                List.of(destinations),
                "https://docs.example.org/operate",
                clock);
    }

    @BeforeEach
    void keepNotices() {
        doAnswer(call -> new HashMap<>(rows)).when(table).notices();
        doAnswer(call -> put(call.getArgument(0), false)).when(table).claim(any());
        doAnswer(call -> {
                    Delivery delivery = call.getArgument(0);
                    return delivery.alert().isFiring() ? put(delivery, true) : rows.remove(delivery.key());
                })
                .when(table)
                .markDelivered(any());
    }

    private boolean put(Delivery delivery, boolean isDelivered) {
        rows.put(
                delivery.key(),
                new Notice(delivery.alert().state(), delivery.alert().at(), isDelivered));
        return true;
    }

    @BeforeEach
    void allIsWell() {
        doReturn(new Account.Status(Account.State.ACTIVE, null, null, null))
                .when(account)
                .status();
        age(Freshness.State.FRESH, NOW.minusSeconds(60));
        sweepsEnded();
        doReturn(Optional.empty()).when(sweeps).undecided();
        doReturn(Optional.empty()).when(sweeps).firstStart();
        doReturn(Optional.empty()).when(sweeps).lastAnswered();
        doReturn(new LicenceStatus(List.of(), NOW)).when(register).status();
        doReturn(Optional.empty()).when(reports).needingOperator();
        doReturn(Optional.empty()).when(publication).unpublished();
        doReturn(Optional.empty()).when(outbox).overdueSince();
        doReturn(false).when(outbox).isReplayNeeded();
    }

    @Test
    void waiting_events_cause_an_alert_and_dropped_events_another() {
        doReturn(Optional.of(NOW)).when(outbox).overdueSince();
        assertThat(alerts()).singleElement().asString().startsWith("Events have waited since 2026-11-25T09:00:00Z");

        doReturn(true).when(outbox).isReplayNeeded();
        assertThat(alerts()).singleElement().asString().startsWith("Events were dropped");
        assertThat(alerts()).isEmpty();

        allIsWell();
        assertThat(alerts()).containsExactly("Resolved: events lost");
    }

    @Test
    void all_is_well_without_a_problem() {
        assertThat(alerts()).isEmpty();
        assertThat(watch.isWell()).isTrue();
    }

    @Test
    void a_database_that_is_away_is_alerted_and_then_resolved() {
        doThrow(new DataAccessResourceFailureException("away", new SQLException("away", "08000", 1_234)))
                .when(account)
                .status();

        assertThat(alerts())
                .singleElement()
                .asString()
                .startsWith("The watch has failed and cannot see any other problem:"
                        + " the database reports error 1234, state 08000. Check the database");
        assertThat(watch.isWell()).isFalse();
        assertThat(alerts()).isEmpty();

        allIsWell();
        assertThat(alerts()).containsExactly("Resolved: watch failed");
        assertThat(watch.isWell()).isTrue();
    }

    @Test
    void a_first_sweep_that_is_never_proved_is_alerted_after_the_age_of_the_banner() {
        age(Freshness.State.WITHDRAWN, null);
        doReturn(Optional.of(NOW)).when(sweeps).firstStart();
        sweepsEnded(SweepState.INCOMPLETE);

        assertThat(alerts()).isEmpty();
        clock.advance(Duration.ofHours(24).plusSeconds(1));
        assertThat(alerts())
                .singleElement()
                .asString()
                .startsWith("No sweep has been proved since the first one began (2026-11-25T09:00:00Z)")
                .contains("Last: Sweep 1 incomplete");
    }

    @Test
    void a_sweep_that_never_begins_is_alerted_too() {
        age(Freshness.State.WITHDRAWN, null);

        assertThat(alerts()).isEmpty();
        clock.advance(Duration.ofHours(24).plusSeconds(1));
        assertThat(alerts()).singleElement().asString().startsWith("No sweep has been proved");
    }

    @Test
    void three_incomplete_sweeps_in_a_row_are_alerted_also_while_the_next_one_runs() {
        sweepsEnded(SweepState.INCOMPLETE, SweepState.INCOMPLETE, SweepState.PROVED, SweepState.INCOMPLETE);
        assertThat(alerts()).isEmpty();

        sweepsEnded(SweepState.INCOMPLETE, SweepState.ABANDONED, SweepState.INCOMPLETE, SweepState.PROVED);
        assertThat(alerts()).singleElement().asString().startsWith("The last 3 sweeps were incomplete");

        sweepsEnded(SweepState.READING, SweepState.INCOMPLETE, SweepState.ABANDONED, SweepState.INCOMPLETE);
        assertThat(alerts()).isEmpty();

        sweepsEnded(SweepState.PROVED, SweepState.INCOMPLETE, SweepState.ABANDONED, SweepState.INCOMPLETE);
        assertThat(alerts()).containsExactly("Resolved: incomplete-sweeps incomplete");
    }

    @Test
    void a_failed_delivery_is_repeated_and_only_that_one() {
        watch = start(Destination.URI, Destination.MAIL, Destination.WEBHOOK);
        age(Freshness.State.STALE, NOW.minus(Duration.ofHours(25)));
        sweepsEnded(SweepState.HELD);

        assertThat(deliver(Destination.MAIL))
                .containsExactly(
                        "uri mirror stale firing",
                        "mail mirror stale firing",
                        "webhook mirror stale firing",
                        "uri held-sweep 1 firing",
                        "mail held-sweep 1 firing",
                        "webhook held-sweep 1 firing");
        assertThat(watch.isUndelivered()).isTrue();

        assertThat(deliver()).containsExactly("mail mirror stale firing", "mail held-sweep 1 firing");
        assertThat(watch.isUndelivered()).isFalse();
        assertThat(deliver()).isEmpty();
    }

    @Test
    void the_end_of_a_problem_that_was_not_delivered_is_repeated() {
        age(Freshness.State.STALE, NOW.minus(Duration.ofHours(25)));
        deliver();
        allIsWell();

        assertThat(deliver(Destination.URI)).containsExactly("uri mirror stale resolved");
        assertThat(watch.isWell()).isFalse();
        assertThat(deliver()).containsExactly("uri mirror stale resolved");
        assertThat(watch.isWell()).isTrue();
        assertThat(deliver()).isEmpty();
    }

    @Test
    void a_newer_alert_replaces_one_that_was_not_delivered() {
        watch = start(Destination.URI, Destination.MAIL);
        age(Freshness.State.STALE, NOW.minus(Duration.ofHours(25)));
        deliver(Destination.MAIL);
        age(Freshness.State.WITHDRAWN, NOW.minus(Duration.ofHours(49)));

        assertThat(deliver()).containsExactly("uri mirror withdrawn firing", "mail mirror withdrawn firing");
    }

    @Test
    void a_problem_that_begins_again_before_its_end_was_delivered_is_alerted_again() {
        age(Freshness.State.STALE, NOW.minus(Duration.ofHours(25)));
        deliver();
        allIsWell();
        deliver(Destination.URI);
        age(Freshness.State.STALE, NOW.minus(Duration.ofHours(25)));

        assertThat(deliver()).as("the failed notice may have arrived").containsExactly("uri mirror stale firing");
    }

    @Test
    void an_alert_that_may_have_arrived_is_followed_by_the_notice_of_its_end() {
        sweepsEnded(SweepState.HELD);
        deliver(Destination.URI);
        allIsWell();

        assertThat(deliver()).containsExactly("uri held-sweep 1 resolved");
    }

    @Test
    void a_restarted_process_alerts_what_is_new_and_the_end_of_what_is_over() {
        age(Freshness.State.STALE, NOW.minus(Duration.ofHours(25)));
        sweepsEnded(SweepState.HELD);
        deliver();
        sweepsEnded(SweepState.PROVED);
        doReturn(true).when(outbox).isReplayNeeded();

        watch = start(Destination.URI);

        assertThat(deliver()).containsExactly("uri held-sweep 1 resolved", "uri events lost firing");
        assertThat(deliver()).isEmpty();
    }

    @Test
    void a_new_destination_gets_the_problems_that_last() {
        sweepsEnded(SweepState.HELD);
        deliver();

        watch = start(Destination.URI, Destination.WEBHOOK);

        assertThat(deliver()).containsExactly("webhook held-sweep 1 firing");
    }

    @Test
    void a_delivery_that_another_process_has_claimed_is_skipped() {
        sweepsEnded(SweepState.HELD);
        doReturn(false).when(table).claim(any());

        assertThat(deliver()).isEmpty();
        assertThat(watch.isUndelivered()).isFalse();
    }

    @Test
    void each_destination_gets_one_alert_about_an_unavailable_database_although_nothing_can_be_stored() {
        watch = start(Destination.URI, Destination.MAIL);
        sweepsEnded(SweepState.HELD);
        deliver();
        DataAccessResourceFailureException failure = new DataAccessResourceFailureException("away");
        doThrow(failure).when(table).notices();
        doThrow(failure).when(table).release(any());

        assertThat(deliver(Destination.MAIL)).containsExactly("uri watch failed firing", "mail watch failed firing");
        assertThat(deliver()).containsExactly("mail watch failed firing");
        assertThat(deliver()).isEmpty();
        assertThat(watch.problems()).extracting(Alert::kind).containsExactly(Kind.HELD_SWEEP, Kind.WATCH);

        keepNotices();

        assertThat(deliver()).containsExactly("uri watch failed resolved", "mail watch failed resolved");
        assertThat(deliver()).isEmpty();
        assertThat(watch.problems()).extracting(Alert::kind).containsExactly(Kind.HELD_SWEEP);
    }

    @Test
    void an_alert_whose_delivery_cannot_be_recorded_does_not_fail() {
        sweepsEnded(SweepState.HELD);
        doThrow(new DataAccessResourceFailureException("away")).when(table).markDelivered(any());

        assertThat(deliver()).containsExactly("uri held-sweep 1 firing");
        assertThat(watch.isUndelivered()).isFalse();
    }

    @Test
    void the_current_problems_keep_the_time_at_which_their_state_began() {
        assertThat(watch.problems()).isEmpty();
        age(Freshness.State.STALE, NOW.minus(Duration.ofHours(25)));
        deliver();
        clock.advance(Duration.ofHours(1));
        age(Freshness.State.STALE, NOW.minus(Duration.ofHours(26)));
        deliver();

        assertThat(watch.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.at()).isEqualTo(NOW);
            assertThat(problem.summary()).startsWith("The mirror is 26 hours old");
        });
    }

    @Test
    void an_alert_says_what_it_means_and_what_to_do() throws Exception {
        sweepsEnded(SweepState.HELD);
        watch.dueDeliveries();
        Alert alert = watch.problems().get(0);

        assertThat(alert.text().lines().toList())
                .startsWith(alert.summary(), "")
                .contains(
                        "What it means: " + alert.meaning(),
                        "What to do: " + alert.remedy(),
                        "Runbook: https://docs.example.org/operate#held-sweep",
                        "Severity: warning",
                        "State: 1 (firing)",
                        "Time: 2026-11-25T09:00:00Z");
        assertThat(alert.remedy()).endsWith("run: java -jar relais-exec.jar approve-removals 1");
        assertThat(alert.line()).isEqualTo(alert.summary() + " " + alert.remedy());
        Map<String, String> json = new ObjectMapper().readValue(alert.json(), new TypeReference<>() {});
        assertThat(json)
                .hasSize(10)
                .containsEntry("kind", "held-sweep")
                .containsEntry("subject", "")
                .containsEntry("severity", "warning")
                .containsEntry("status", "firing")
                .containsEntry("state", "1")
                .containsEntry("at", "2026-11-25T09:00:00Z")
                .containsEntry("summary", alert.summary())
                .containsEntry("meaning", alert.meaning())
                .containsEntry("remedy", alert.remedy())
                .containsEntry("runbook", "https://docs.example.org/operate#held-sweep");
    }

    @ParameterizedTest
    @CsvSource({"STALE, warning", "WITHDRAWN, critical"})
    void the_end_of_a_problem_has_its_severity(Freshness.State state, String severity) {
        age(state, NOW.minus(Duration.ofHours(25)));
        deliver();
        allIsWell();

        assertThat(watch.dueDeliveries())
                .singleElement()
                .satisfies(delivery -> assertThat(delivery.alert().severity()).hasToString(severity));
    }

    @Test
    void a_mirror_from_the_future_is_not_said_to_have_a_negative_age() {
        age(Freshness.State.STALE, NOW.plus(Duration.ofHours(25)));

        assertThat(alerts())
                .singleElement()
                .asString()
                .startsWith("A clock is or was wrong: the last proved sweep started 25 hours in the future"
                        + " (2026-11-26T10:00:00Z), past relais.display.banner-after.")
                .contains("Correct the clock");
    }

    /** Delivers what is due as the route does. Returns the one-line texts. */
    private List<String> alerts() {
        List<Delivery> due = watch.dueDeliveries();
        due.forEach(this::deliver);
        return due.stream().map(delivery -> delivery.alert().line()).toList();
    }

    /** Delivers what is due as the route does, except to a destination that fails. Returns the attempts. */
    private List<String> deliver(Destination... failing) {
        return watch.dueDeliveries().stream()
                .filter(delivery -> deliver(delivery, failing))
                .map(delivery -> delivery.destination() + " " + delivery.alert().kind() + " "
                        + delivery.alert().state() + " " + delivery.alert().status())
                .toList();
    }

    private boolean deliver(Delivery delivery, Destination... failing) {
        if (!watch.claim(delivery)) {
            return false;
        }
        if (List.of(failing).contains(delivery.destination())) {
            watch.recordFailure(delivery);
        } else {
            watch.markDelivered(delivery);
        }
        return true;
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
