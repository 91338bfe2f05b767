package fr.relais.watch;

import fr.relais.changelog.UnpublishedChangelog;
import fr.relais.failure.Failures;
import fr.relais.report.MonthlyReport;
import fr.relais.seal.Seal;
import fr.relais.source.Account;
import fr.relais.sweep.Freshness;
import fr.relais.sweep.RestoreCheck;
import fr.relais.sweep.SweepSummary;
import fr.relais.sweep.UndecidedOffers;
import fr.relais.watch.Alert.Kind;
import fr.relais.watch.Alert.Severity;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The texts of the alerts, for operators. They quote nothing of an offer and no secret. */
public final class Alerts {

    static final String RUN = "java -jar relais-exec.jar ";

    private final String runbooks;
    private final Clock clock;

    /** @param runbooks the address of the page that has the runbooks */
    Alerts(String runbooks, Clock clock) {
        this.runbooks = runbooks;
        this.clock = clock;
    }

    Alert alert(Kind kind, String state, String summary, String meaning, String remedy) {
        return alert(kind, "", Alert.lowerCase(state), summary, meaning, remedy);
    }

    /** @param subject see {@link Alert} */
    Alert alert(Kind kind, String subject, String state, String summary, String meaning, String remedy) {
        return alert(kind, subject, state, true, summary, meaning, remedy);
    }

    private Alert alert(
            Kind kind, String subject, String state, boolean isFiring, String summary, String meaning, String remedy) {
        return new Alert(
                kind,
                subject,
                state,
                isFiring,
                severity(kind, state),
                clock.instant(),
                summary,
                meaning,
                remedy,
                runbooks + "#" + kind);
    }

    private static Severity severity(Kind kind, String state) {
        return switch (kind) {
            case WATCH -> Severity.CRITICAL;
            case ACCOUNT -> state.equals("suspended") ? Severity.CRITICAL : Severity.WARNING;
            case MIRROR -> state.equals("stale") ? Severity.WARNING : Severity.CRITICAL;
            case INACTIVITY -> state.equals("ended") ? Severity.CRITICAL : Severity.WARNING;
            case UNDECIDED_OFFERS, CHANGELOG -> Severity.INFO;
            case LICENCE -> Alert.isNews(kind, state) ? Severity.INFO : Severity.WARNING;
            default -> Severity.WARNING;
        };
    }

    /** Returns the alert for an account that the source refuses. */
    Alert refusedAccount(Account.Status status) {
        boolean isSuspended = status.state() == Account.State.SUSPENDED;
        return alert(
                Kind.ACCOUNT,
                status.state().name(),
                "No access to the source: " + status + ".",
                "Nothing is mirrored or removed until the source accepts the account again.",
                isSuspended
                        ? "Ask France Travail to lift the suspension, then run: " + RUN + "probe"
                        : "Wait for the next sweep, which tries again. If it fails too, check relais.source.client-id"
                                + " and relais.source.client-secret.");
    }

    /** Returns the alert for a mirror that is out of date, or that seems to be from the future. */
    Alert outdatedMirror(Freshness.Reading freshness, Optional<SweepSummary> last) {
        boolean isFuture = freshness.age().isNegative();
        boolean isStale = freshness.state() == Freshness.State.STALE;
        long hours = freshness.age().abs().toHours();
        String age = isFuture
                ? "A clock is or was wrong: the last proved sweep started " + hours + " hours in the future ("
                : "The mirror is " + hours + " hours old (";
        return alert(
                Kind.MIRROR,
                freshness.state().name(),
                age
                        + freshness.updatedAt()
                        + (isStale
                                ? "), past relais.display.banner-after."
                                : "), past relais.display.withdraw-after: its offers must not be shown.")
                        + described(last),
                isStale
                        ? "The pages say that they may be out of date. After relais.display.withdraw-after, no offer is"
                                + " shown."
                        : "No offer is shown until a sweep is proved.",
                isFuture ? "Correct the clock of the machine, then run: " + RUN + "sync" : sweepAgain());
    }

    /** Returns the alert for a mirror that is sealed. */
    Alert sealedMirror(Seal.Status seal) {
        return alert(
                Kind.MIRROR,
                "sealed",
                "The mirror is " + seal + ".",
                "Nothing is fetched, and no offer is shown (410)."
                        + (seal.state() == Seal.State.WIPED
                                ? ""
                                : " If relais.licence.wipe-after is set, Relais wipes the mirror when that time is"
                                        + " over."),
                switch (seal.state()) {
                    case SEALED ->
                        "If the licence has ended, run: " + RUN + "wipe; if you have accepted it again, run: " + RUN
                                + "unseal";
                    case WIPING -> "To finish the wipe, run: " + RUN + "wipe";
                    case WIPED -> "Stop the service.";
                });
    }

    /** Returns the alert for a database that was restored. */
    Alert restoredDatabase(List<String> apiKeys, Optional<SweepSummary> last) {
        return alert(
                Kind.MIRROR,
                "restored",
                "The database was restored: its offers must not be shown until a new sweep is proved."
                        + described(last),
                "Offers that the source has removed since the backup may be in the mirror. No offer is shown until a"
                        + " sweep is proved. Relais sweeps again by itself.",
                RestoreCheck.revivedKeys(apiKeys));
    }

    /** Returns the alert for a mirror without any proved sweep. */
    Alert unprovedMirror(Instant since, Optional<SweepSummary> last) {
        return alert(
                Kind.MIRROR,
                "unproved",
                "No sweep has been proved since the first one began (" + since + "): no offer can be shown."
                        + described(last),
                "The mirror may lack offers, so none is shown.",
                sweepAgain());
    }

    private static String sweepAgain() {
        return "Correct what the console or the log names as the reason of the last sweep, then run: " + RUN + "sync";
    }

    /** Returns the alert for several incomplete sweeps in a row, newest first. */
    Alert incompleteSweeps(List<SweepSummary> sweeps) {
        return alert(
                Kind.INCOMPLETE_SWEEPS,
                "incomplete",
                "The last " + sweeps.size() + " sweeps were incomplete, so nothing was removed."
                        + described(Optional.of(sweeps.get(0))),
                "What the sweeps read is mirrored, but the mirror ages.",
                sweepAgain());
    }

    /** Returns the alert for a failure of the watch itself, such as a database that is away. */
    Alert failedWatch(RuntimeException failure) {
        return alert(
                Kind.WATCH,
                "failed",
                "The watch has failed and cannot see any other problem: " + Failures.describe(failure) + ".",
                "If the database does not answer, no offer is shown either.",
                "Check the database server and spring.datasource.*; Relais tries again every relais.watch.period.");
    }

    private static String described(Optional<SweepSummary> last) {
        return last.map(sweep -> " Last: " + sweep + ".").orElse("");
    }

    /** Returns the alert for a sweep that would remove more than {@code relais.removal.guard} allows. */
    Alert heldSweep(SweepSummary sweep) {
        return alert(
                Kind.HELD_SWEEP,
                Long.toString(sweep.id()),
                sweep + ".",
                "The sweep removes nothing until a person approves the removals, because it would remove more offers"
                        + " than relais.removal.guard allows. A later sweep replaces it.",
                "If the source has not dropped these offers, do nothing. If it has, run: " + RUN + "approve-removals "
                        + sweep.id());
    }

    /** Returns the alert for offers that are undecided. */
    Alert undecidedOffers(UndecidedOffers undecided) {
        return alert(
                Kind.UNDECIDED_OFFERS,
                "undecided",
                "Undecided offers: " + undecided.count() + ", the oldest since " + undecided.since() + ".",
                "The last sweep did not see them, and the source gives no usable answer for them. They stay in the"
                        + " mirror, and each sweep asks again. After relais.display.withdraw-after, they are no longer"
                        + " shown.",
                "If this lasts, report the ids to France Travail. The page Removals of the console has them.");
    }

    /** Returns the alert for a report that the mail server has not accepted, in one line. */
    public static String unsentReport(MonthlyReport report) {
        return new Alerts("", Clock.systemUTC()).report(report).line();
    }

    /** Returns the alert for a report that the mail server has not accepted. */
    Alert report(MonthlyReport report) {
        String month = report.month() + (report.reason() == null ? "" : " (" + report.reason() + ")");
        String run = RUN + "report " + report.month();
        return switch (report.state()) {
            case FAILED ->
                unsent(
                        report,
                        "The mail server refused the report of " + month + ".",
                        "Correct the cause, then run: " + run + " --resend");
            case SUBMITTING ->
                unsent(
                        report,
                        "It is unknown whether the mail server accepted the report of " + month + ".",
                        "Ask the recipient. If the report has arrived, run: " + run + " --delivered; otherwise, run: "
                                + run + " --resend");
            default ->
                unsent(
                        report,
                        "The report of " + month + " could not be sent yet.",
                        "Check the mail server and relais.report.*; Relais tries again at least every six hours.");
        };
    }

    private Alert unsent(MonthlyReport report, String summary, String remedy) {
        return alert(
                Kind.REPORT,
                report.month() + "-" + report.state(),
                summary,
                "The licence (article 5.4) requires this report, and its recipient may not have it.",
                remedy);
    }

    /** Returns the alert for a changelog that could not be published. */
    Alert unpublishedChangelog(UnpublishedChangelog changelog) {
        return alert(
                Kind.CHANGELOG,
                "unpublished",
                "Publishing the changelog has failed since " + changelog.since()
                        + (changelog.reason() == null ? "" : " (" + changelog.reason() + ")") + ".",
                "The public files (licence, article 4) are out of date. What is published stays complete.",
                "Check relais.changelog.uri; Relais tries again automatically.");
    }

    /** Returns the alert for events that wait because their endpoint does not accept them. */
    Alert waitingEvents(Instant since) {
        return alert(
                Kind.EVENTS,
                "waiting",
                "Events have waited since " + since + ".",
                "The receiver still shows offers that were removed. After relais.events.keep, the events are dropped.",
                "Check relais.events.uri and its receiver; Relais tries again automatically.");
    }

    /** Returns the alert for events that were dropped or lost. */
    Alert droppedEvents() {
        return alert(
                Kind.EVENTS,
                "lost",
                "Events were dropped, or the database was restored, so the receiver may still show removed offers.",
                "The receiver no longer matches the mirror.",
                "Check relais.events.uri and its receiver, then run: " + RUN + "replay");
    }

    /**
     * Returns the notice that a problem is resolved.
     *
     * @param state the state that was alerted last, at the given time
     */
    Alert resolved(Kind kind, String subject, String state, Instant at) {
        return alert(
                kind,
                subject,
                state,
                false,
                "Resolved: " + kind + " " + state,
                "The problem that Relais noticed at " + at + " is over.",
                "Nothing.");
    }
}
