package fr.relais.licence;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The time without a call of the API. After more than 12 months, the licence ends by itself (article 9).
 *
 * @param lastCall the last call that is known
 */
public record Inactivity(Instant lastCall) {

    private static final int MONTHS = 12;
    private static final List<Integer> REMINDERS = List.of(60, 30, 10);

    /** Returns the last instant at which the licence still exists if no call is made. */
    public Instant licenceEnd() {
        return lastCall.atZone(Deadline.ZONE).plusMonths(MONTHS).toInstant();
    }

    /** Returns whether the licence has ended. */
    public boolean isEnded(Instant at) {
        return at.isAfter(licenceEnd());
    }

    /** Returns the current state: {@code 60-days}, {@code 30-days}, {@code 10-days}, {@code ended}, or empty before. */
    public Optional<String> state(Instant at) {
        return isEnded(at) ? Optional.of("ended") : new Deadline(Deadline.day(licenceEnd()), REMINDERS).reminder(at);
    }
}
