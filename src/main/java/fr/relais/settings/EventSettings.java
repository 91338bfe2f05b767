package fr.relais.settings;

import java.time.Duration;

/**
 * The settings {@code relais.events.*}, except those that only the routes use.
 *
 * @param hasEndpoint whether events are sent anywhere
 * @param keep how long an event waits before it is dropped
 */
public record EventSettings(boolean hasEndpoint, Duration keep) {

    static EventSettings of(SettingValues values) {
        values.flag("relais.events.initial");
        values.duration("relais.events.period");
        return new EventSettings(!values.text("relais.events.uri").isEmpty(), values.duration("relais.events.keep"));
    }
}
