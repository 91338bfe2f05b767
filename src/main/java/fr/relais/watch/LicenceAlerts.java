package fr.relais.watch;

import fr.relais.licence.ApiChange;
import fr.relais.licence.Inactivity;
import fr.relais.licence.LicenceNotice;
import fr.relais.licence.LicenceRegister;
import fr.relais.licence.LicenceStatus;
import fr.relais.sweep.SweepHistory;
import fr.relais.watch.Alert.Kind;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The alerts about the licence: notices of new versions, changes of the API, and the time without a call. The state of
 * an alert lists all current reminders of its kind, so that each reminder is sent once.
 */
final class LicenceAlerts {

    /** The maximum number of reminders in a state, because the table {@code alert} limits its length. */
    private static final int MAX_REMINDERS = 5;

    private final Alerts alerts;
    private final LicenceRegister register;
    private final SweepHistory sweeps;
    private final Clock clock;

    /** One of the reminders that an alert is made of. */
    private record Reminder(String state, String summary, String meaning, String remedy) {}

    LicenceAlerts(Alerts alerts, LicenceRegister register, SweepHistory sweeps, Clock clock) {
        this.alerts = alerts;
        this.register = register;
        this.sweeps = sweeps;
        this.clock = clock;
    }

    /** Returns the alerts about the current problems. */
    Stream<Alert> find() {
        return Stream.of(findNotices(), findApiChanges(), findInactivity()).flatMap(Optional::stream);
    }

    private Optional<Alert> findNotices() {
        LicenceStatus status = register.status();
        List<Reminder> reminders = new ArrayList<>();
        for (LicenceNotice notice : status.refused()) {
            reminders.add(refusal(notice));
        }
        for (LicenceNotice notice : status.pending()) {
            notice.deadline().reminder(status.at()).ifPresent(days -> reminders.add(decision(notice, days, status)));
        }
        return alert(Kind.LICENCE, reminders);
    }

    private static Reminder refusal(LicenceNotice notice) {
        return new Reminder(
                notice.version() + "-refused",
                "Version " + notice.version() + " of the licence was refused by " + notice.decidedBy() + " at "
                        + notice.decidedAt() + ".",
                "Relais goes on as before. France Travail may end the access to the API.",
                "Agree with France Travail on what follows, or run: " + Alerts.RUN + "licence accept --version "
                        + notice.version());
    }

    private static Reminder decision(LicenceNotice notice, String days, LicenceStatus status) {
        return new Reminder(
                notice.version() + "-" + days,
                "Version " + notice.version() + " of the licence can be refused until "
                        + notice.deadline().lastDay() + " ("
                        + left(notice.deadline().daysLeft(status.at())) + ").",
                "Without a refusal, it is in force from "
                        + notice.deadline().lastDay().plusDays(1) + " (licence, article 2).",
                "Read it, then run: " + Alerts.RUN + "licence accept --version " + notice.version()
                        + " (or licence refuse)");
    }

    private Optional<Alert> findApiChanges() {
        Instant now = clock.instant();
        List<Reminder> reminders = new ArrayList<>();
        for (ApiChange change : register.apiChanges()) {
            change.deadline().reminder(now).ifPresent(days -> reminders.add(change(change, days, now)));
        }
        return alert(Kind.API_CHANGE, reminders);
    }

    private static Reminder change(ApiChange change, String days, Instant now) {
        return new Reminder(
                change.id() + "-" + days,
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
                        ? "Agree with France Travail on a new licence before you use the offers again."
                        : "Correct what the console or the log names as the reason of the last sweep, then run: "
                                + Alerts.RUN + "sync");
    }

    private Optional<Alert> alert(Kind kind, List<Reminder> reminders) {
        if (reminders.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(alerts.alert(
                kind,
                reminders.stream().limit(MAX_REMINDERS).map(Reminder::state).collect(Collectors.joining(",")),
                joined(reminders.stream().map(Reminder::summary)),
                joined(reminders.stream().map(Reminder::meaning)),
                joined(reminders.stream().map(Reminder::remedy))));
    }

    private static String joined(Stream<String> sentences) {
        return sentences.distinct().collect(Collectors.joining(" "));
    }

    private static String left(long days) {
        return days == 0 ? "today" : days == 1 ? "tomorrow" : "in " + days + " days";
    }
}
