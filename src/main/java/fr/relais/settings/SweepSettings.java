package fr.relais.settings;

import java.time.Duration;

/**
 * The settings {@code relais.sweep.*}, except those that only the routes use.
 *
 * @param resumeWithin the age up to which an interrupted sweep is resumed
 * @param keep the retention of the counts of a sweep
 */
public record SweepSettings(Duration resumeWithin, Duration keep) {

    static SweepSettings of(SettingValues values) {
        values.cron("relais.sweep.cron", "0 0 0/4 * * ?");
        values.flag("relais.sweep.on-start");
        return new SweepSettings(values.duration("relais.sweep.resume-within"), values.duration("relais.sweep.keep"));
    }
}
