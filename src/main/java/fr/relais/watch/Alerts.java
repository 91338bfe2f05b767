package fr.relais.watch;

import fr.relais.changelog.UnpublishedChangelog;
import fr.relais.failure.Failures;
import fr.relais.report.MonthlyReport;
import fr.relais.source.Account;
import fr.relais.sweep.Freshness;
import fr.relais.sweep.RestoreCheck;
import fr.relais.sweep.SweepSummary;
import fr.relais.sweep.UndecidedOffers;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The texts of the alerts, one line each, for operators. They quote nothing of an offer and no secret. */
public final class Alerts {

    private Alerts() {}

    /** Returns the text for an account that the source refuses. */
    static String refusedAccount(Account.Status status) {
        return "No access to the source: " + status
                + ". Nothing is mirrored or removed until the source accepts the account again.";
    }

    /** Returns the text for a mirror that is out of date, or that seems to be from the future. */
    static String outdatedMirror(Freshness.Reading freshness, Optional<SweepSummary> last) {
        long hours = freshness.age().abs().toHours();
        String age = freshness.age().isNegative()
                ? "A clock is or was wrong: the last proved sweep started " + hours + " hours in the future ("
                : "The mirror is " + hours + " hours old (";
        String limit = freshness.state() == Freshness.State.STALE
                ? "), past relais.display.banner-after."
                : "), past relais.display.withdraw-after: its offers must not be shown.";
        return age + freshness.updatedAt() + limit + described(last);
    }

    /** Returns the text for a database that was restored, with what a person must do about API keys. */
    static String restoredDatabase(List<String> apiKeys, Optional<SweepSummary> last) {
        return "The database was restored: its offers must not be shown until a new sweep is proved. "
                + RestoreCheck.revivedKeys(apiKeys) + described(last);
    }

    /** Returns the text for a mirror without any proved sweep. */
    static String unprovedMirror(Instant since, Optional<SweepSummary> last) {
        return "No sweep has been proved since the first one began (" + since + "): no offer can be shown."
                + described(last);
    }

    /** Returns the text for several incomplete sweeps in a row, newest first. */
    static String incompleteSweeps(List<SweepSummary> sweeps) {
        return "The last " + sweeps.size() + " sweeps were incomplete, so nothing was removed."
                + described(Optional.of(sweeps.get(0)));
    }

    /** Returns the text for a failure of the watch itself, such as a database that is away. */
    static String failedWatch(RuntimeException failure) {
        return "The watch has failed and cannot see any other problem: " + Failures.describe(failure);
    }

    private static String described(Optional<SweepSummary> last) {
        return last.map(sweep -> " Last: " + sweep).orElse("");
    }

    /** Returns the text for a sweep that would remove more than {@code relais.removal.guard} allows. */
    static String heldSweep(SweepSummary sweep) {
        return sweep.toString();
    }

    /** Returns the text for offers that are undecided. */
    static String undecidedOffers(UndecidedOffers undecided) {
        return "Undecided offers: " + undecided.count() + ", the oldest since " + undecided.since()
                + ". The last sweep did not see them, and the source gives no usable answer for them. They stay in the"
                + " mirror, and each sweep asks again. After relais.display.withdraw-after, they are no longer shown.";
    }

    /** Returns the text for a report that the mail server has not accepted, with what a person must do about it. */
    public static String unsentReport(MonthlyReport report) {
        String why = report.reason() == null ? "" : " (" + report.reason() + ")";
        String resend = "report " + report.month() + " --resend";
        return switch (report.state()) {
            case FAILED ->
                "The mail server refused the report of " + report.month() + why + ": correct the cause, then run "
                        + resend;
            case SUBMITTING ->
                "It is unknown whether the mail server accepted the report of " + report.month() + why
                        + ": ask the recipient; if the report has not arrived, run " + resend
                        + ", otherwise run report "
                        + report.month() + " --delivered";
            default ->
                "The report of " + report.month() + " could not be sent yet" + why
                        + "; Relais tries again at least every six hours";
        };
    }

    /** Returns the text for a changelog that could not be published. */
    static String unpublishedChangelog(UnpublishedChangelog changelog) {
        return "Publishing the changelog has failed since " + changelog.since()
                + (changelog.reason() == null ? "" : " (" + changelog.reason() + ")")
                + ": check relais.changelog.uri; Relais tries again automatically";
    }

    /** Returns the text for events that wait because their endpoint does not accept them. */
    static String waitingEvents(Instant since) {
        return "Events have waited since " + since + ": check relais.events.uri and its receiver. Relais tries again"
                + " automatically. After relais.events.keep, it drops them.";
    }

    /** Returns the text for events that were dropped or lost, with what a person must do about them. */
    static String droppedEvents() {
        return "Events were dropped, or the database was restored, so the receiver may still show removed offers: check"
                + " relais.events.uri and its receiver, then run replay.";
    }

    /** Returns the text for a problem that is over. */
    static String resolved(String subject, String state) {
        return "Resolved: " + subject + " " + state.toLowerCase(Locale.ROOT);
    }
}
