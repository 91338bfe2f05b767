package fr.relais.watch;

import fr.relais.changelog.Publication;
import fr.relais.events.Outbox;
import fr.relais.licence.LicenceRegister;
import fr.relais.report.MonthlyReports;
import fr.relais.source.Account;
import fr.relais.sweep.Freshness;
import fr.relais.sweep.RestoreCheck;
import fr.relais.sweep.SweepHistory;
import fr.relais.sweep.SweepState;
import fr.relais.sweep.SweepSummary;
import fr.relais.watch.Alert.Kind;
import fr.relais.watch.AlertTable.Notice;
import fr.relais.watch.Delivery.Destination;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.springframework.dao.DataAccessException;

/**
 * The decision about alerts. Each destination gets an alert when a problem begins, when its state changes, and when it
 * is over. {@link Alerts} has the texts. All processes that use a database share its table {@code alert}, so only one
 * of them sends an alert, also after a restart. A failure of the watch itself is a problem, too. The database may be
 * its cause, so this failure is not in the table, and each process sends its own alert.
 */
public final class Watch {

    /**
     * The number of incomplete sweeps in a row that is a problem. A single one may be due to a short failure of the
     * source.
     */
    private static final int INCOMPLETE_SWEEPS = 3;

    private static final Comparator<Delivery> ORDER = Comparator.comparing(
                    (Delivery delivery) -> delivery.alert().kind())
            .thenComparing(delivery -> delivery.alert().subject())
            .thenComparing(Delivery::destination);

    private final Freshness freshness;
    private final Account account;
    private final SweepHistory sweeps;
    private final RestoreCheck restoreCheck;
    private final MonthlyReports reports;
    private final Publication publication;
    private final Outbox outbox;
    private final Duration bannerAfter;
    private final Clock clock;
    private final Instant startedAt;
    private final List<Destination> destinations;
    private final Alerts alerts;
    private final LicenceAlerts licenceAlerts;
    private final AlertTable table;

    /** The alerts about failures of this watch, which are not in the table. */
    private final Map<Delivery.Key, Notice> ownNotices = new HashMap<>();

    /** The deliveries whose last attempt failed. */
    private final Set<Delivery.Key> failed = ConcurrentHashMap.newKeySet();

    private volatile List<Alert> problems = List.of();

    /**
     * @param bannerAfter how long after the start of the first sweep the lack of a proved sweep is tolerated
     * @param destinations where alerts are sent
     * @param runbooks the address of the page that has the runbooks
     */
    public Watch(
            AlertTable table,
            Freshness freshness,
            Account account,
            SweepHistory sweeps,
            RestoreCheck restoreCheck,
            MonthlyReports reports,
            Publication publication,
            Outbox outbox,
            LicenceRegister register,
            Duration bannerAfter,
            List<Destination> destinations,
            String runbooks,
            Clock clock) {
        this.freshness = freshness;
        this.account = account;
        this.sweeps = sweeps;
        this.restoreCheck = restoreCheck;
        this.reports = reports;
        this.publication = publication;
        this.outbox = outbox;
        this.bannerAfter = bannerAfter;
        this.destinations = List.copyOf(destinations);
        this.clock = clock;
        this.startedAt = clock.instant();
        this.alerts = new Alerts(runbooks, clock);
        this.licenceAlerts = new LicenceAlerts(alerts, register, sweeps, clock);
        this.table = table;
    }

    /** Looks for problems, and returns the alerts that destinations have not received yet. */
    public synchronized List<Delivery> dueDeliveries() {
        List<Delivery> due;
        try {
            problems = findProblems();
            Map<Delivery.Key, Notice> notices = table.notices();
            notices.putAll(ownNotices);
            due = due(problems, notices);
        } catch (RuntimeException e) {
            // After any failure, the watch no longer sees the other problems.
            Alert failure = withTime(alerts.failedWatch(e));
            List<Alert> known = new ArrayList<>(problems);
            known.removeIf(problem -> problem.kind() == Kind.WATCH);
            known.add(failure);
            problems = List.copyOf(known);
            due = due(List.of(failure), ownNotices);
        }
        failed.retainAll(due.stream().map(Delivery::key).toList());
        return due;
    }

    private List<Delivery> due(List<Alert> found, Map<Delivery.Key, Notice> notices) {
        List<Delivery> due = new ArrayList<>();
        Map<Delivery.Key, Notice> over = new HashMap<>(notices);
        for (Alert problem : found) {
            for (Destination destination : destinations) {
                Delivery delivery = new Delivery(destination, problem);
                Notice last = over.remove(delivery.key());
                if (last == null || !last.isDelivered() || !last.state().equals(problem.state())) {
                    due.add(delivery);
                }
            }
        }
        over.forEach((key, last) -> {
            if (destinations.contains(key.destination())) {
                Alert resolved = alerts.resolved(key.kind(), key.subject(), last.state(), last.at());
                due.add(new Delivery(key.destination(), resolved));
            }
        });
        due.sort(ORDER);
        return due;
    }

    /** Claims a delivery before it is sent. Returns false when another process has claimed or delivered it. */
    public synchronized boolean claim(Delivery delivery) {
        Alert alert = delivery.alert();
        if (alert.kind() == Kind.WATCH) {
            ownNotices.put(delivery.key(), new Notice(alert.state(), alert.at(), false));
            return true;
        }
        return table.claim(delivery);
    }

    /** Records that a claimed delivery has arrived, so that it is not repeated. */
    public synchronized void markDelivered(Delivery delivery) {
        failed.remove(delivery.key());
        Alert alert = delivery.alert();
        if (alert.kind() != Kind.WATCH) {
            try {
                table.markDelivered(delivery);
            } catch (DataAccessException e) {
                // The next check reports the failure. The alert is sent again when the claim has expired.
            }
        } else if (alert.isFiring()) {
            ownNotices.put(delivery.key(), new Notice(alert.state(), alert.at(), true));
        } else {
            ownNotices.remove(delivery.key());
        }
    }

    /**
     * Records that a delivery has failed, so that the next check repeats it. If there is a newer alert about the same
     * problem by then, only the newer one is sent.
     *
     * @param delivery the delivery; null when the message was not one
     */
    public synchronized void recordFailure(Delivery delivery) {
        if (delivery == null) {
            return;
        }
        failed.add(delivery.key());
        if (delivery.alert().kind() != Kind.WATCH) {
            try {
                table.release(delivery);
            } catch (DataAccessException e) {
                // The next check reports the failure. The claim expires.
            }
        }
    }

    /** Returns whether an alert was not delivered by the last attempt of this process. */
    public boolean isUndelivered() {
        return !failed.isEmpty();
    }

    /** Returns whether the last check found no problem, except news, and all alerts were delivered. */
    public boolean isWell() {
        return problems.stream().allMatch(Alert::isNews) && failed.isEmpty();
    }

    /**
     * Returns the problems that the last check found, without another check. After a check that has failed, these are
     * that failure and the problems that were known before.
     */
    public List<Alert> problems() {
        return problems;
    }

    private List<Alert> findProblems() {
        return Stream.of(
                        findRefusal(),
                        findSweepProblems(),
                        findPublicationProblems(),
                        findEventProblem(),
                        licenceAlerts.find())
                .flatMap(alerts -> alerts)
                .map(this::withTime)
                .sorted(Comparator.comparing(Alert::kind))
                .toList();
    }

    /** Returns the alert with the time at which this process first found the same state. */
    private Alert withTime(Alert alert) {
        return problems.stream()
                .filter(alert::isSameState)
                .findFirst()
                .map(known -> alert.withTime(known.at()))
                .orElse(alert);
    }

    private Stream<Alert> findRefusal() {
        Account.Status status = account.status();
        return status.state() == Account.State.ACTIVE ? Stream.empty() : Stream.of(alerts.refusedAccount(status));
    }

    private Stream<Alert> findSweepProblems() {
        // One more, because the newest may still be running.
        List<SweepSummary> last = sweeps.last(INCOMPLETE_SWEEPS + 1);
        Optional<SweepSummary> newest = last.stream().findFirst();
        List<SweepSummary> incomplete = last.stream()
                .filter(sweep -> sweep.state().isEnded())
                .limit(INCOMPLETE_SWEEPS)
                .filter(sweep -> sweep.state() == SweepState.INCOMPLETE || sweep.state() == SweepState.ABANDONED)
                .toList();
        return Stream.of(
                        findAge(newest),
                        newest.filter(sweep -> sweep.state() == SweepState.HELD).map(alerts::heldSweep),
                        Optional.of(incomplete)
                                .filter(sweeps -> sweeps.size() == INCOMPLETE_SWEEPS)
                                .map(alerts::incompleteSweeps),
                        sweeps.undecided().map(alerts::undecidedOffers))
                .flatMap(Optional::stream);
    }

    private Optional<Alert> findAge(Optional<SweepSummary> newest) {
        Freshness.Reading reading = freshness.read();
        if (reading.state() == Freshness.State.FRESH) {
            return Optional.empty();
        } else if (reading.seal() != null) {
            return Optional.of(alerts.sealedMirror(reading.seal()));
        } else if (reading.updatedAt() != null) {
            return Optional.of(alerts.outdatedMirror(reading, newest));
        } else if (sweeps.isRestored()) {
            return Optional.of(alerts.restoredDatabase(restoreCheck.apiKeys(), newest));
        }
        Instant since = sweeps.firstStart().orElse(startedAt);
        return since.plus(bannerAfter).isBefore(clock.instant())
                ? Optional.of(alerts.unprovedMirror(since, newest))
                : Optional.empty();
    }

    private Stream<Alert> findPublicationProblems() {
        return Stream.of(
                        reports.needingOperator().map(alerts::report),
                        publication.unpublished().map(alerts::unpublishedChangelog))
                .flatMap(Optional::stream);
    }

    private Stream<Alert> findEventProblem() {
        Optional<Instant> waitingSince = outbox.overdueSince();
        return outbox.isReplayNeeded()
                ? Stream.of(alerts.droppedEvents())
                : waitingSince.map(alerts::waitingEvents).stream();
    }
}
