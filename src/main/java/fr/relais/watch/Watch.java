package fr.relais.watch;

import fr.relais.changelog.Publication;
import fr.relais.events.Outbox;
import fr.relais.report.MonthlyReports;
import fr.relais.source.Account;
import fr.relais.sweep.Freshness;
import fr.relais.sweep.RestoreCheck;
import fr.relais.sweep.SweepHistory;
import fr.relais.sweep.SweepState;
import fr.relais.sweep.SweepSummary;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The decision about alerts. Operators are alerted when a problem begins, when its state changes, and when it is over.
 * A failure of the watch itself is a problem, too. {@link Alerts} has the texts.
 */
public final class Watch {

    /**
     * The number of incomplete sweeps in a row that is a problem. A single one may be due to a short failure of the
     * source.
     */
    private static final int INCOMPLETE_SWEEPS = 3;

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

    /** The state in which each current problem was alerted, by subject. */
    private final Map<String, String> alerted = new HashMap<>();

    /** The alerts that are still to be delivered, by subject. A newer one replaces an older one. */
    private final Map<String, String> undelivered = new LinkedHashMap<>();

    /** The alerts that the last call of {@link #newAlerts} returned, by subject. */
    private Map<String, String> returned = Map.of();

    /** @param bannerAfter how long after the start of the first sweep the lack of a proved sweep is tolerated */
    public Watch(
            Freshness freshness,
            Account account,
            SweepHistory sweeps,
            RestoreCheck restoreCheck,
            MonthlyReports reports,
            Publication publication,
            Outbox outbox,
            Duration bannerAfter,
            Clock clock) {
        this.freshness = freshness;
        this.account = account;
        this.sweeps = sweeps;
        this.restoreCheck = restoreCheck;
        this.reports = reports;
        this.publication = publication;
        this.outbox = outbox;
        this.bannerAfter = bannerAfter;
        this.clock = clock;
        this.startedAt = clock.instant();
    }

    /**
     * Returns the alerts for what has changed since the last call, and those that were not delivered, one text each.
     */
    public synchronized List<String> newAlerts() {
        try {
            checkSource();
            checkSweeps();
            checkPublications();
            checkEvents();
            resolve("watch");
        } catch (RuntimeException e) {
            // After any failure, the watch no longer sees the other problems.
            raise("watch", "failed", Alerts.failedWatch(e));
        }
        returned = new LinkedHashMap<>(undelivered);
        undelivered.clear();
        return List.copyOf(returned.values());
    }

    /**
     * Makes the next call of {@link #newAlerts} return an alert again, because it was not delivered. If there is a
     * newer alert about the same subject by then, only the newer one is returned.
     */
    public synchronized void repeat(String alert) {
        returned.forEach((subject, text) -> {
            if (text.equals(alert)) {
                undelivered.put(subject, text);
            }
        });
    }

    /** Returns whether an alert of the last check was not delivered. */
    public synchronized boolean isUndelivered() {
        return !undelivered.isEmpty();
    }

    /** Returns whether the last check found no problem and all alerts were delivered. */
    public synchronized boolean isWell() {
        return alerted.isEmpty() && undelivered.isEmpty();
    }

    private void checkSource() {
        Account.Status status = account.status();
        if (status.state() == Account.State.ACTIVE) {
            resolve("account");
        } else {
            raise("account", status.state().name(), Alerts.refusedAccount(status));
        }
    }

    private void checkSweeps() {
        // One more, because the newest may still be running.
        List<SweepSummary> last = sweeps.last(INCOMPLETE_SWEEPS + 1);
        Optional<SweepSummary> newest = last.stream().findFirst();
        checkFreshness(newest);
        newest.filter(sweep -> sweep.state() == SweepState.HELD)
                .ifPresentOrElse(
                        sweep -> raise("held", Long.toString(sweep.id()), Alerts.heldSweep(sweep)),
                        () -> resolve("held"));
        List<SweepSummary> incomplete = last.stream()
                .filter(sweep -> sweep.state().isEnded())
                .limit(INCOMPLETE_SWEEPS)
                .filter(sweep -> sweep.state() == SweepState.INCOMPLETE || sweep.state() == SweepState.ABANDONED)
                .toList();
        if (incomplete.size() == INCOMPLETE_SWEEPS) {
            raise("sweeps", "incomplete", Alerts.incompleteSweeps(incomplete));
        } else {
            resolve("sweeps");
        }
        sweeps.undecided()
                .ifPresentOrElse(
                        undecided -> raise("offers", "undecided", Alerts.undecidedOffers(undecided)),
                        () -> resolve("offers"));
    }

    private void checkFreshness(Optional<SweepSummary> newest) {
        Freshness.Reading reading = freshness.read();
        if (reading.state() == Freshness.State.FRESH) {
            resolve("freshness");
        } else if (reading.updatedAt() != null) {
            raise("freshness", reading.state().name(), Alerts.outdatedMirror(reading, newest));
        } else if (sweeps.isRestored()) {
            raise("freshness", "RESTORED", Alerts.restoredDatabase(restoreCheck.apiKeys(), newest));
        } else {
            Instant since = sweeps.firstStart().orElse(startedAt);
            if (since.plus(bannerAfter).isBefore(clock.instant())) {
                raise("freshness", "UNPROVED", Alerts.unprovedMirror(since, newest));
            } else {
                resolve("freshness");
            }
        }
    }

    private void checkPublications() {
        reports.needingOperator()
                .ifPresentOrElse(
                        report -> raise("report", report.month() + " " + report.state(), Alerts.unsentReport(report)),
                        () -> resolve("report"));
        publication
                .unpublished()
                .ifPresentOrElse(
                        changelog -> raise("changelog", "unpublished", Alerts.unpublishedChangelog(changelog)),
                        () -> resolve("changelog"));
    }

    private void checkEvents() {
        Optional<Instant> waitingSince = outbox.overdueSince();
        if (outbox.isReplayNeeded()) {
            raise("events", "lost", Alerts.droppedEvents());
        } else if (waitingSince.isPresent()) {
            raise("events", "waiting", Alerts.waitingEvents(waitingSince.get()));
        } else {
            resolve("events");
        }
    }

    private void raise(String subject, String state, String text) {
        if (!state.equals(alerted.put(subject, state))) {
            undelivered.put(subject, text);
        }
    }

    private void resolve(String subject) {
        String state = alerted.remove(subject);
        if (state != null) {
            undelivered.put(subject, Alerts.resolved(subject, state));
        }
    }
}
