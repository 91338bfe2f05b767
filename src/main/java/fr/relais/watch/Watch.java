package fr.relais.watch;

import fr.relais.changelog.Publication;
import fr.relais.report.MonthlyReports;
import fr.relais.source.Account;
import fr.relais.sweep.Freshness;
import fr.relais.sweep.SweepHistory;
import fr.relais.sweep.SweepState;
import fr.relais.sweep.SweepSummary;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The decision about alerts. Operators are alerted when a problem begins, when its state changes, and when it is over.
 * {@link Alerts} has the texts.
 */
public final class Watch {

    private final Freshness freshness;
    private final Account account;
    private final SweepHistory sweeps;
    private final MonthlyReports reports;
    private final Publication publication;

    /** The state in which each current problem was alerted, by subject. */
    private final Map<String, String> alerted = new HashMap<>();

    public Watch(
            Freshness freshness,
            Account account,
            SweepHistory sweeps,
            MonthlyReports reports,
            Publication publication) {
        this.freshness = freshness;
        this.account = account;
        this.sweeps = sweeps;
        this.reports = reports;
        this.publication = publication;
    }

    /** Returns the alerts for what has changed since the last call, one text each. */
    public synchronized List<String> newAlerts() {
        Optional<SweepSummary> last = sweeps.last(1).stream().findFirst();
        List<String> alerts = new ArrayList<>();

        Account.Status status = account.status();
        if (status.state() == Account.State.ACTIVE) {
            resolve(alerts, "account");
        } else {
            raise(alerts, "account", status.state().name(), Alerts.refusedAccount(status));
        }

        Freshness.Reading reading = freshness.read();
        // Before the first sweep is proved, there is no mirror that could be out of date.
        if (reading.state() == Freshness.State.FRESH || reading.updatedAt() == null && !sweeps.isRestored()) {
            resolve(alerts, "freshness");
        } else {
            raise(alerts, "freshness", reading.state().name(), Alerts.outdatedMirror(reading, last));
        }

        last.filter(sweep -> sweep.state() == SweepState.HELD)
                .ifPresentOrElse(
                        sweep -> raise(alerts, "held", Long.toString(sweep.id()), Alerts.heldSweep(sweep)),
                        () -> resolve(alerts, "held"));
        sweeps.undecided()
                .ifPresentOrElse(
                        undecided -> raise(alerts, "offers", "undecided", Alerts.undecidedOffers(undecided)),
                        () -> resolve(alerts, "offers"));
        reports.needingOperator()
                .ifPresentOrElse(
                        report -> raise(
                                alerts, "report", report.month() + " " + report.state(), Alerts.unsentReport(report)),
                        () -> resolve(alerts, "report"));
        publication
                .unpublished()
                .ifPresentOrElse(
                        changelog -> raise(alerts, "changelog", "unpublished", Alerts.unpublishedChangelog(changelog)),
                        () -> resolve(alerts, "changelog"));
        return alerts;
    }

    /** Makes the next {@link #newAlerts} repeat the alerts of all current problems, because one was not delivered. */
    public synchronized void repeatAlerts() {
        alerted.clear();
    }

    private void raise(List<String> alerts, String subject, String state, String text) {
        if (!state.equals(alerted.put(subject, state))) {
            alerts.add(text);
        }
    }

    private void resolve(List<String> alerts, String subject) {
        String state = alerted.remove(subject);
        if (state != null) {
            alerts.add(Alerts.resolved(subject, state));
        }
    }
}
