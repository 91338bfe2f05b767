package fr.relais.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.doReturn;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.withSettings;

import fr.relais.changelog.Publication;
import fr.relais.events.Outbox;
import fr.relais.licence.ApiChange;
import fr.relais.licence.Deadline;
import fr.relais.licence.LicenceNotice;
import fr.relais.licence.LicenceNotice.Decision;
import fr.relais.licence.LicenceRegister;
import fr.relais.licence.LicenceStatus;
import fr.relais.licence.LicenceStatus.State;
import fr.relais.report.MonthlyReports;
import fr.relais.simulator.SettableClock;
import fr.relais.source.Account;
import fr.relais.sweep.Freshness;
import fr.relais.sweep.RestoreCheck;
import fr.relais.sweep.SweepHistory;
import fr.relais.watch.AlertTable.Notice;
import fr.relais.watch.Delivery.Destination;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * The reminders of random registers: notices that overlap, decisions, withdrawals, restarts and checks at random hours,
 * over 70 days.
 */
class RemindersTest {

    private static final Instant START = Instant.parse("2026-09-20T00:00:00Z");
    private static final int DAYS = 70;

    private final SettableClock clock = new SettableClock(START);
    private final LicenceRegister register =
            mock(LicenceRegister.class, withSettings().stubOnly());
    private final AlertTable table = mock(AlertTable.class, withSettings().stubOnly());
    private final List<LicenceNotice> notices = new ArrayList<>();
    private final List<ApiChange> changes = new ArrayList<>();
    private long lastChange;
    private final Map<Delivery.Key, Notice> rows = new HashMap<>();

    @Property(tries = 100)
    void each_reminder_of_each_notice_is_sent_once_whatever_else_is_in_the_register(@ForAll Random random) {
        clock.set(START);
        notices.clear();
        changes.clear();
        rows.clear();
        doAnswer(call -> new LicenceStatus(List.copyOf(notices), clock.instant()))
                .when(register)
                .status();
        doAnswer(call -> List.copyOf(changes)).when(register).apiChanges();
        doAnswer(call -> new HashMap<>(rows)).when(table).notices();
        doReturn(true).when(table).claim(any());
        doAnswer(call -> record(call.getArgument(0))).when(table).markDelivered(any());
        Watch watch = start();
        List<String> sent = new ArrayList<>();
        Set<String> expected = new TreeSet<>();

        for (int day = 0; day < DAYS; day++) {
            for (int check = 0; check < 2; check++) {
                clock.set(
                        START.plus(Duration.ofDays(day)).plus(Duration.ofMinutes(720L * check + random.nextInt(720))));
                change(random);
                watch = random.nextInt(10) == 0 ? start() : watch;
                expected.addAll(due());
                for (Delivery delivery : watch.dueDeliveries()) {
                    if (delivery.alert().isFiring()) {
                        sent.add(
                                delivery.alert().kind() + " " + delivery.alert().state());
                    }
                    watch.markDelivered(delivery);
                }
            }
        }

        assertThat(sent).containsExactlyInAnyOrderElementsOf(expected);
    }

    private Notice record(Delivery delivery) {
        return delivery.alert().isFiring()
                ? rows.put(delivery.key(), new Notice(delivery.alert().state(), clock.instant(), true))
                : rows.remove(delivery.key());
    }

    /** Changes the register as people do. A version in force is not withdrawn, because then another one would be. */
    private void change(Random random) {
        LocalDate today = Deadline.day(clock.instant());
        if (random.nextInt(8) == 0) {
            notices.add(notice(today.minusDays(random.nextInt(13))));
        }
        if (random.nextInt(10) == 0) {
            LocalDate effectiveOn = today.plusDays(random.nextInt(45));
            changes.add(new ApiChange(++lastChange, today, effectiveOn, "A.", START, "a", null, null));
        }
        LicenceStatus status = register.status();
        for (int i = 0; i < notices.size(); i++) {
            LicenceNotice notice = notices.get(i);
            State state = status.state(notice);
            if (state == State.PENDING && random.nextInt(25) == 0) {
                Decision decision = random.nextBoolean() ? Decision.ACCEPTED : Decision.REFUSED;
                notices.set(i, with(notice, decision, clock.instant(), null));
            } else if (state == State.REFUSED && random.nextInt(25) == 0) {
                notices.set(i, with(notice, Decision.ACCEPTED, clock.instant(), null));
            } else if (state == State.PENDING && random.nextInt(50) == 0) {
                notices.set(i, with(notice, null, null, clock.instant()));
            }
        }
        changes.removeIf(change -> random.nextInt(60) == 0);
    }

    /** Returns the alerts that should exist now. */
    private Set<String> due() {
        Instant now = clock.instant();
        LocalDate today = Deadline.day(now);
        LicenceStatus status = register.status();
        Set<String> due = new TreeSet<>();
        status.refused().forEach(notice -> due.add("licence " + notice.version() + "-refused"));
        for (LicenceNotice notice : notices) {
            if (status.state(notice) == State.PENDING) {
                last(ChronoUnit.DAYS.between(today, notice.informedOn().plusDays(15)), 10, 5, 1)
                        .ifPresent(days -> due.add("licence " + notice.version() + days));
            } else if (status.state(notice) == State.IN_FORCE
                    && now.isBefore(notice.bindsFrom().orElseThrow().plus(Duration.ofDays(7)))) {
                due.add("licence " + notice.version() + "-in-force");
            }
        }
        for (ApiChange change : changes) {
            last(ChronoUnit.DAYS.between(today, change.effectiveOn()), 30, 10, 1)
                    .ifPresent(days -> due.add("api-change " + change.id() + days));
        }
        return due;
    }

    /** Returns the latest of the reminders that begin these numbers of days before a day. */
    private static Optional<String> last(long left, int first, int second, int third) {
        if (left < 0 || left > first) {
            return Optional.empty();
        }
        return Optional.of(left <= third ? "-1-day" : "-" + (left <= second ? second : first) + "-days");
    }

    private LicenceNotice notice(LocalDate informedOn) {
        long id = notices.size() + 1;
        return new LicenceNotice(
                id, "v" + id, informedOn, "licence.pdf", "00", START, "anna", null, null, null, null, null);
    }

    private static LicenceNotice with(LicenceNotice notice, Decision decision, Instant decidedAt, Instant withdrawnAt) {
        return new LicenceNotice(
                notice.id(),
                notice.version(),
                notice.informedOn(),
                notice.file(),
                notice.sha256(),
                notice.recordedAt(),
                notice.recordedBy(),
                decision,
                decidedAt,
                decision == null ? null : "bob",
                withdrawnAt,
                withdrawnAt == null ? null : "bob");
    }

    /** Starts a process that sees no other problem. */
    private Watch start() {
        Freshness freshness = mock(Freshness.class);
        doReturn(new Freshness.Reading(Freshness.State.FRESH, START, Duration.ZERO))
                .when(freshness)
                .read();
        Account account = mock(Account.class);
        doReturn(new Account.Status(Account.State.ACTIVE, null, null, null))
                .when(account)
                .status();
        SweepHistory sweeps = mock(SweepHistory.class);
        doReturn(List.of()).when(sweeps).last(anyInt());
        doReturn(Optional.empty()).when(sweeps).undecided();
        doReturn(Optional.empty()).when(sweeps).lastAnswered();
        MonthlyReports reports = mock(MonthlyReports.class);
        doReturn(Optional.empty()).when(reports).needingOperator();
        Publication publication = mock(Publication.class);
        doReturn(Optional.empty()).when(publication).unpublished();
        Outbox outbox = mock(Outbox.class);
        doReturn(Optional.empty()).when(outbox).overdueSince();
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
                List.of(Destination.URI),
                "operate",
                clock);
    }
}
