package fr.relais.watch;

import fr.relais.licence.ApiChange;
import fr.relais.licence.Deadline;
import fr.relais.licence.Inactivity;
import fr.relais.licence.LicenceNotice;
import fr.relais.licence.LicenceRegister;
import fr.relais.licence.LicenceStatus;
import fr.relais.sweep.SweepHistory;
import fr.relais.watch.Alert.Kind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The alerts about the licence: notices of new versions, changes of the API, and the time without a call. Each notice
 * is a problem of its own, and its current reminder is the state of this problem. So each reminder is sent once.
 */
final class LicenceAlerts {

    /** How long an alert says that a version has come into force. */
    private static final Duration NEWS = Duration.ofDays(7);

    private final Alerts alerts;
    private final LicenceRegister register;
    private final SweepHistory sweeps;
    private final Clock clock;

    LicenceAlerts(Alerts alerts, LicenceRegister register, SweepHistory sweeps, Clock clock) {
        this.alerts = alerts;
        this.register = register;
        this.sweeps = sweeps;
        this.clock = clock;
    }

    /** Returns the alerts about the current problems. */
    Stream<Alert> find() {
        return Stream.of(findNotices(), findApiChanges(), findInactivity().stream())
                .flatMap(alerts -> alerts);
    }

    private Stream<Alert> findNotices() {
        LicenceStatus status = register.status();
        return Stream.of(
                        status.refused().stream().map(this::refusal),
                        status.pending().stream().flatMap(notice -> notice.deadline().reminder(status.at()).stream()
                                .map(reminder -> decision(notice, reminder, status.at()))),
                        status
                                .inForce()
                                .filter(notice -> notice.bindsFrom()
                                        .filter(from -> from.plus(NEWS).isAfter(status.at()))
                                        .isPresent())
                                .map(this::inForce)
                                .stream())
                .flatMap(alerts -> alerts);
    }

    private Alert refusal(LicenceNotice notice) {
        return alert(
                notice,
                "refused",
                "was refused by " + notice.decidedBy() + " at " + notice.decidedAt() + ".",
                "Relais goes on as before. France Travail may end the access to the API.",
                "Agree with France Travail on what follows, or run: " + Alerts.RUN + "licence accept --version "
                        + notice.version());
    }

    private Alert decision(LicenceNotice notice, String reminder, Instant now) {
        return alert(
                notice,
                reminder,
                "can be refused until " + notice.deadline().lastDay() + " ("
                        + left(notice.deadline().daysLeft(now)) + ").",
                "Without a refusal, it is in force from "
                        + notice.deadline().lastDay().plusDays(1) + " (licence, article 2).",
                "Read it, then run: " + Alerts.RUN + "licence accept --version " + notice.version()
                        + " (or licence refuse)");
    }

    private Alert inForce(LicenceNotice notice) {
        return alert(
                notice,
                "in-force",
                "is in force since " + notice.bindsFrom().map(Deadline::day).orElseThrow() + ".",
                "It binds whoever reuses the offers. The public pages name it.",
                "Check that relais.licence.profile and relais.display.licence-url are those of this version.");
    }

    private Alert alert(LicenceNotice notice, String state, String event, String meaning, String remedy) {
        return alerts.alert(
                Kind.LICENCE,
                Long.toString(notice.id()),
                notice.version() + "-" + state,
                "Version " + notice.version() + " of the licence " + event,
                meaning,
                remedy);
    }

    private Stream<Alert> findApiChanges() {
        Instant now = clock.instant();
        return register.apiChanges().stream().flatMap(change -> change.deadline().reminder(now).stream()
                .map(reminder -> change(change, reminder, now)));
    }

    private Alert change(ApiChange change, String reminder, Instant now) {
        return alerts.alert(
                Kind.API_CHANGE,
                Long.toString(change.id()),
                change.id() + "-" + reminder,
                "The API changes on " + change.effectiveOn() + " ("
                        + left(change.deadline().daysLeft(now)) + "): "
                        + change.summary().replaceFirst("\\.$", "") + ".",
                "After the change, Relais may be unable to read the offers.",
                "Check whether a newer version of Relais, your routes or your settings must take the change into"
                        + " account.");
    }

    private Optional<Alert> findInactivity() {
        Instant now = clock.instant();
        return sweeps.lastAnswered()
                .map(Inactivity::new)
                .flatMap(inactivity -> inactivity.state(now).map(state -> inactivity(inactivity, state)));
    }

    private Alert inactivity(Inactivity inactivity, String state) {
        boolean isEnded = inactivity.isEnded(clock.instant());
        return alerts.alert(
                Kind.INACTIVITY,
                state,
                "The source has answered no call since " + inactivity.lastCall() + "; the licence "
                        + (isEnded ? "ended at " : "ends at ") + inactivity.licenceEnd() + ".",
                "After 12 months without a call, the licence ends by itself (licence, article 9).",
                isEnded
                        ? "Agree with France Travail on a new licence, then run: " + Alerts.RUN + "unseal"
                        : "Correct what the console or the log names as the reason of the last sweep, then run: "
                                + Alerts.RUN + "sync");
    }

    private static String left(long days) {
        return days == 0 ? "today" : days == 1 ? "tomorrow" : "in " + days + " days";
    }
}
