package fr.relais.watch;

import fr.relais.changelog.UnpublishedChangelog;
import fr.relais.report.MonthlyReport;
import fr.relais.source.Account;
import fr.relais.sweep.Freshness;
import fr.relais.sweep.SweepSummary;
import fr.relais.sweep.UndecidedOffers;
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

    /** Returns the text for a mirror that is out of date or was restored. */
    static String outdatedMirror(Freshness.Reading freshness, Optional<SweepSummary> last) {
        String problem;
        if (freshness.updatedAt() == null) {
            problem = "The database was restored: its offers must not be shown until a new sweep is proved.";
        } else {
            problem = "The mirror is " + freshness.age().toHours() + " hours old (" + freshness.updatedAt() + ")"
                    + (freshness.state() == Freshness.State.STALE
                            ? ", past relais.display.banner-after."
                            : ", past relais.display.withdraw-after: its offers must not be shown.");
        }
        return problem + last.map(sweep -> " Last: " + sweep).orElse("");
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

    /** Returns the text for a problem that is over. */
    static String resolved(String subject, String state) {
        return "Resolved: " + subject + " " + state.toLowerCase(Locale.ROOT);
    }
}
