package fr.relais.watch;

import fr.relais.changelog.Changelog;
import fr.relais.changelog.Trouble;
import fr.relais.report.MonthlyReport;
import fr.relais.report.MonthlyReports;
import fr.relais.source.Account;
import fr.relais.sweep.Freshness;
import fr.relais.sweep.SweepState;
import fr.relais.sweep.SweepSummary;
import fr.relais.sweep.Sweeps;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Knows what somebody must be told about, and tells each thing once: when it begins, and when it is over. */
public final class Watch {

    private final Freshness freshness;
    private final Account account;
    private final Sweeps sweeps;
    private final MonthlyReports reports;
    private final Changelog changelog;
    private final Map<String, String> told = new HashMap<>();

    public Watch(Freshness freshness, Account account, Sweeps sweeps, MonthlyReports reports, Changelog changelog) {
        this.freshness = freshness;
        this.account = account;
        this.sweeps = sweeps;
        this.reports = reports;
        this.changelog = changelog;
    }

    /** What has changed since the last call, in words for a person; nothing of an offer is among them. */
    public synchronized List<String> alerts() {
        List<String> alerts = new ArrayList<>();
        Account.Status status = account.status();
        tell(
                alerts,
                "account",
                status.state() == Account.State.ACTIVE ? null : status.state() + "",
                "For the source, " + status
                        + ". Nothing is mirrored and nothing removed until it accepts the account again.");
        Freshness.Reading reading = freshness.read();
        List<SweepSummary> last = sweeps.last(1);
        // Before the first sweep has ended there is nothing to be out of date.
        boolean stale =
                reading.state() != Freshness.State.FRESH && (reading.updatedAt() != null || sweeps.isRestored());
        tell(alerts, "freshness", stale ? reading.state() + "" : null, text(reading, last));
        boolean held = !last.isEmpty() && last.get(0).state() == SweepState.HELD;
        tell(
                alerts,
                "held",
                held ? last.get(0).id() + "" : null,
                last.isEmpty() ? "" : last.get(0).toString());
        MonthlyReport report = reports.troubled().orElse(null);
        tell(
                alerts,
                "report",
                report == null ? null : report.month() + " " + report.state(),
                report == null ? "" : report.trouble());
        Trouble trouble = changelog.trouble().orElse(null);
        tell(alerts, "changelog", trouble == null ? null : "unpublished", trouble + "");
        return alerts;
    }

    /** What was told did not arrive: it is told again. */
    public synchronized void forget() {
        told.clear();
    }

    private static String text(Freshness.Reading reading, List<SweepSummary> last) {
        String age = reading.updatedAt() == null
                ? "The database was restored: no sweep counts as proved until the next one is."
                : "The mirror is " + reading.age().toHours() + " hours old (" + reading.updatedAt() + ")";
        String limit = reading.state() == Freshness.State.STALE
                ? ", past relais.display.banner-after."
                : ", past relais.display.withdraw-after: its offers must not be shown.";
        return (reading.updatedAt() == null ? age : age + limit) + (last.isEmpty() ? "" : " Last: " + last.get(0));
    }

    private void tell(List<String> alerts, String subject, String state, String text) {
        String before = state == null ? told.remove(subject) : told.put(subject, state);
        if (state == null && before != null) {
            alerts.add("Over: " + subject + " " + before.toLowerCase());
        } else if (state != null && !state.equals(before)) {
            alerts.add(text);
        }
    }
}
