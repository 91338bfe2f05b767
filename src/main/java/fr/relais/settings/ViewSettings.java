package fr.relais.settings;

import java.time.Duration;

/**
 * The settings {@code relais.views.*}, except those that only the routes use.
 *
 * @param robots the path of a file that replaces the packed list of robots; may be empty
 * @param keyWindow how long the idempotency key of a view is kept
 * @param keepRejected how long a file of rejected lines is kept
 */
public record ViewSettings(String robots, Duration keyWindow, Duration keepRejected) {

    static ViewSettings of(SettingValues values) {
        values.duration("relais.views.folder-period");
        values.duration("relais.views.key-period");
        return new ViewSettings(
                values.readableFile("relais.views.robots", ".*", "a file that can be read")
                        .map(Object::toString)
                        .orElse(""),
                values.duration("relais.views.key-window"),
                values.duration("relais.views.keep-rejected"));
    }
}
