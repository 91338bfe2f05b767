package fr.relais.settings;

import java.time.Duration;
import java.time.ZoneId;

/**
 * The settings {@code relais.report.*}, except those that only the routes use.
 *
 * @param from the sender's address; may be empty, as may {@code replyTo}, {@code bcc} and {@code licensee}
 * @param cron when the previous month is frozen (a cron expression of Quartz)
 * @param zone the time zone of the months and of {@code cron}
 * @param countRobots whether views by robots are reported
 * @param zeroViews whether offers without any view are reported
 * @param keep the retention of the counts of each offer after the report was accepted
 */
public record ReportSettings(
        String from,
        String to,
        String replyTo,
        String bcc,
        String licensee,
        String cron,
        ZoneId zone,
        boolean countRobots,
        boolean zeroViews,
        Duration keep) {

    static ReportSettings of(SettingValues values) {
        values.requiredText("relais.report.uri");
        values.duration("relais.report.period");
        return new ReportSettings(
                values.text(
                        "relais.report.from", text -> text.isEmpty() || text.matches("[^@]+@[^@]+"), "a mail address"),
                values.text("relais.report.to", text -> text.matches("[^@]+@.+"), "a mail address"),
                values.text("relais.report.reply-to"),
                values.text("relais.report.bcc"),
                values.text("relais.report.licensee"),
                values.cron("relais.report.cron", "0 0 6 1 * ?"),
                values.zone("relais.report.zone"),
                values.flag("relais.report.count-robots"),
                values.flag("relais.report.zero-views"),
                values.duration("relais.report.keep"));
    }
}
