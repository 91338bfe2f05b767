package fr.relais.settings;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.quartz.CronExpression;

/**
 * The values of all settings by name. The methods read them by type and throw {@link InvalidSetting} for an unusable
 * value.
 */
final class SettingValues {

    private final Map<String, String> values;

    /** @param values the values of all settings by name; leading and trailing white space is removed */
    SettingValues(Map<String, String> values) {
        Map<String, String> stripped = new TreeMap<>();
        values.forEach((name, value) -> stripped.put(name, value.strip()));
        this.values = Collections.unmodifiableMap(stripped);
    }

    Map<String, String> all() {
        return values;
    }

    /** Returns any text, which may be empty. */
    String text(String name) {
        return values.get(name);
    }

    String requiredText(String name) {
        if (text(name).isEmpty()) {
            throw new InvalidSetting(
                    name, "is missing; set it, for example as the environment variable " + Settings.variable(name));
        }
        return text(name);
    }

    /** @param takes describes the usable texts; follows the word "takes" in the message */
    String text(String name, Predicate<String> usable, String takes) {
        if (!usable.test(text(name))) {
            throw new InvalidSetting(name, "is \"" + text(name) + "\" and takes " + takes);
        }
        return text(name);
    }

    /** Returns a usable text; empty when the setting is empty. */
    Optional<String> optionalText(String name, Predicate<String> usable, String takes) {
        return Optional.of(text(name, text -> text.isEmpty() || usable.test(text), takes))
                .filter(text -> !text.isEmpty());
    }

    /**
     * Returns the distinct texts of a list that is separated by commas; empty when the setting is empty.
     *
     * @param pattern the regular expression for the whole value
     */
    List<String> list(String name, String pattern, String takes) {
        return Arrays.stream(text(name, text -> text.matches(pattern), takes).split(","))
                .filter(text -> !text.isEmpty())
                .distinct()
                .toList();
    }

    boolean flag(String name) {
        return Boolean.parseBoolean(text(name, List.of("true", "false")::contains, "true or false"));
    }

    int integer(String name, int min, int max) {
        return integer(name, min, max, Integer.toString(max));
    }

    /** @param maxName the name of the maximum in messages */
    int integer(String name, int min, int max, String maxName) {
        return Integer.parseInt(text(
                name,
                text -> text.matches("\\d{1,9}") && Integer.parseInt(text) >= min && Integer.parseInt(text) <= max,
                "a whole number from " + min + " to " + maxName));
    }

    double number(String name, int min, int max) {
        return Double.parseDouble(text(
                name,
                text -> text.matches("\\d{1,9}(\\.\\d{1,9})?")
                        && Double.parseDouble(text) >= min
                        && Double.parseDouble(text) <= max,
                "a number from " + min + " to " + max));
    }

    Duration duration(String name) {
        String text = text(name, value -> value.matches("\\d{1,6}[smhd]"), "a time such as 30s, 10m, 4h or 2d");
        long number = Long.parseLong(text.substring(0, text.length() - 1));
        return switch (text.charAt(text.length() - 1)) {
            case 's' -> Duration.ofSeconds(number);
            case 'm' -> Duration.ofMinutes(number);
            case 'h' -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    Optional<Duration> optionalDuration(String name) {
        return text(name).isEmpty() ? Optional.empty() : Optional.of(duration(name));
    }

    String httpAddress(String name) {
        return text(name, SettingValues::isHttp, "an http or https address");
    }

    Optional<String> optionalHttpAddress(String name) {
        return optionalText(name, SettingValues::isHttp, "an http or https address");
    }

    static boolean isHttp(String text) {
        try {
            URI uri = URI.create(text);
            return uri.getHost() != null && List.of("http", "https").contains(uri.getScheme());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** @param pattern the regular expression for the path of the file */
    Optional<Path> readableFile(String name, String pattern, String takes) {
        return optionalText(name, text -> text.matches(pattern) && Files.isReadable(Path.of(text)), takes)
                .map(Path::of);
    }

    String cron(String name, String example) {
        return text(name, CronExpression::isValidExpression, "a Quartz cron expression such as " + example);
    }

    ZoneId zone(String name) {
        return ZoneId.of(text(name, ZoneId.getAvailableZoneIds()::contains, "a time zone such as Europe/Paris"));
    }
}
