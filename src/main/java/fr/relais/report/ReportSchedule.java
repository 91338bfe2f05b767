package fr.relais.report;

import java.text.ParseException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Date;
import java.util.TimeZone;
import org.quartz.CronExpression;

/** When a month that is over is frozen. */
final class ReportSchedule {

    private final CronExpression cron;

    /** @param cron as Quartz writes it */
    ReportSchedule(String cron, ZoneId zone) {
        try {
            this.cron = new CronExpression(cron);
        } catch (ParseException e) {
            throw new IllegalArgumentException("relais.report.cron was checked before", e);
        }
        this.cron.setTimeZone(TimeZone.getTimeZone(zone));
    }

    /** Whether the first moment of the schedule after the month, or after it was opened if that was later, has come. */
    boolean isDue(Instant openedAt, Instant end, Instant now) {
        Instant from = end.isAfter(openedAt) ? end : openedAt;
        Date time = cron.getNextValidTimeAfter(Date.from(from.minusMillis(1)));
        return time != null && !time.toInstant().isAfter(now);
    }
}
