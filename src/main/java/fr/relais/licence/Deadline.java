package fr.relais.licence;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * A last day, which ends at midnight in Europe/Paris, and the reminders before it.
 *
 * @param reminders the numbers of days before the last day on which a reminder begins
 */
public record Deadline(LocalDate lastDay, List<Integer> reminders) {

    /** The time zone of the licence. */
    public static final ZoneId ZONE = ZoneId.of("Europe/Paris");

    /** Returns the day at an instant. */
    public static LocalDate day(Instant at) {
        return LocalDate.ofInstant(at, ZONE);
    }

    /** Returns the first instant after the last day. */
    public Instant end() {
        return lastDay.plusDays(1).atStartOfDay(ZONE).toInstant();
    }

    /** Returns the number of calendar days until the last day; negative after it. */
    public long daysLeft(Instant at) {
        return ChronoUnit.DAYS.between(day(at), lastDay);
    }

    /**
     * Returns the current reminder, such as {@code 10-days} or {@code 1-day}. Each lasts until the next one. Empty
     * before the first reminder and after the last day.
     */
    public Optional<String> reminder(Instant at) {
        long left = daysLeft(at);
        return reminders.stream()
                .filter(days -> left >= 0 && left <= days)
                .min(Integer::compare)
                .map(days -> days + (days == 1 ? "-day" : "-days"));
    }
}
