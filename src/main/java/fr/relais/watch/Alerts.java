package fr.relais.watch;

import fr.relais.changelog.UnpublishedChangelog;
import fr.relais.report.MonthlyReport;
import fr.relais.source.Account;
import fr.relais.sweep.Freshness;
import fr.relais.sweep.SweepSummary;
import java.util.Locale;
import java.util.Optional;

/** The texts of the alerts, one line each, for operators. They quote nothing of an offer and no secret. */
public final class Alerts {

    private Alerts() {}

    /** The source refuses the account. */
    static String refusedAccount(Account.Status status) {
        return "For the source, " + status
                + ". Nothing is mirrored and nothing removed until it accepts the account again.";
    }

    /** The mirror is out of date, or was restored. */
    static String outdatedMirror(Freshness.Reading freshness, Optional<SweepSummary> last) {
        String problem;
        if (freshness.updatedAt() == null) {
            problem = "The database was restored: no sweep counts as proved until the next one is.";
        } else {
            problem = "The mirror is " + freshness.age().toHours() + " hours old (" + freshness.updatedAt() + ")"
                    + (freshness.state() == Freshness.State.STALE
                            ? ", past relais.display.banner-after."
                            : ", past relais.display.withdraw-after: its offers must not be shown.");
        }
        return problem + last.map(sweep -> " Last: " + sweep).orElse("");
    }

    /** A sweep would remove more than {@code relais.removal.guard} allows. */
    static String heldSweep(SweepSummary sweep) {
        return sweep.toString();
    }

    /** A monthly report did not reach the mail server, and what a person must do about it. */
    public static String unsentReport(MonthlyReport report) {
        String why = report.reason() == null ? "" : " (" + report.reason() + ")";
        String resend = "report " + report.month() + " --resend";
        return switch (report.state()) {
            case FAILED ->
                "The mail server refuses the report of " + report.month() + why + ": correct what it says, then "
                        + resend;
            case SUBMITTING ->
                "Nobody knows whether the mail server has taken the report of " + report.month() + why
                        + ": ask the recipient, and if it has not come, " + resend;
            default ->
                "The report of " + report.month() + " could not be sent yet" + why
                        + "; it is tried again at least every six hours";
        };
    }

    /** The changelog did not reach {@code relais.changelog.uri}. */
    static String unpublishedChangelog(UnpublishedChangelog changelog) {
        return "The changelog could not be published since " + changelog.since()
                + (changelog.reason() == null ? "" : " (" + changelog.reason() + ")")
                + ": see to relais.changelog.uri; it is tried again by itself";
    }

    /** What was alerted is over. */
    static String resolved(String subject, String state) {
        return "Resolved: " + subject + " " + state.toLowerCase(Locale.ROOT);
    }
}
