package fr.relais.report;

import java.text.ParseException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Date;
import java.util.Optional;
import java.util.TimeZone;
import org.quartz.CronExpression;

/** The schedule by which months are frozen. */
final class ReportSchedule {

    private final CronExpression cron;

    /** @param cron a cron expression of Quartz */
    ReportSchedule(String cron, ZoneId zone) {
        try {
            this.cron = new CronExpression(cron);
        } catch (ParseException e) {
            throw new IllegalArgumentException("relais.report.cron must be a cron expression of Quartz", e);
        }
        this.cron.setTimeZone(TimeZone.getTimeZone(zone));
    }

    /**
     * Returns whether the schedule has come round since the month ended, or since it was opened if that was later.
     *
     * @param end the first instant after the month
     */
    boolean isDue(Instant openedAt, Instant end, Instant now) {
        return time(openedAt, end).filter(time -> !time.isAfter(now)).isPresent();
    }

    /**
     * Returns when the schedule freezes a month; empty when it never does.
     *
     * @param end the first instant after the month
     */
    Optional<Instant> time(Instant openedAt, Instant end) {
        Instant from = end.isAfter(openedAt) ? end : openedAt;
        return Optional.ofNullable(cron.getNextValidTimeAfter(Date.from(from.minusMillis(1))))
                .map(Date::toInstant);
    }
}
