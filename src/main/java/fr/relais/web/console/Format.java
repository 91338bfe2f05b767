package fr.relais.web.console;

import java.text.NumberFormat;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The format of numbers, dates and durations in the language of the page. Dates are in the time zone of France. */
final class Format {

    static final ZoneId ZONE = ZoneId.of("Europe/Paris");

    private static final String NONE = "–";

    private final Locale locale;

    Format(Locale locale) {
        this.locale = locale;
    }

    /** Returns a whole number with separators, or a dash for null. */
    public String number(Long number) {
        return number == null ? NONE : NumberFormat.getIntegerInstance(locale).format(number);
    }

    /** Returns a share of 1 as a percentage with one digit after the separator. */
    public String percent(double share) {
        NumberFormat format = NumberFormat.getPercentInstance(locale);
        format.setMaximumFractionDigits(1);
        return format.format(share);
    }

    /** Returns date and time to the minute with the zone, or a dash for null. */
    public String time(Instant time) {
        return format("d MMM yyyy, HH:mm z", time);
    }

    /** Returns date and time to the second with the zone, or a dash for null. */
    public String exactTime(Instant time) {
        return format("d MMM yyyy, HH:mm:ss z", time);
    }

    private String format(String pattern, Instant time) {
        return time == null
                ? NONE
                : DateTimeFormatter.ofPattern(pattern, locale).withZone(ZONE).format(time);
    }

    /** Returns the day with its month in words. */
    public String day(LocalDate day) {
        return DateTimeFormatter.ofPattern("d MMM yyyy", locale).format(day);
    }

    /** Returns the month in words. */
    public String month(YearMonth month) {
        return DateTimeFormatter.ofPattern("LLLL yyyy", locale).format(month);
    }

    /** Returns a duration in milliseconds, or a dash for null. */
    public String milliseconds(Duration duration) {
        return duration == null ? NONE : number(duration.toMillis()) + "\u00A0ms";
    }

    /**
     * Returns the two largest units of a duration without those that are zero, or a dash for null. There are hours up
     * to two days, and tenths of a second below ten seconds. The spaces are non-breaking.
     */
    public String duration(Duration duration) {
        if (duration == null) {
            return NONE;
        }
        Duration positive = duration.abs();
        String days = locale.getLanguage().equals("fr") ? "\u00A0jours" : "\u00A0days";
        String text;
        if (positive.compareTo(Duration.ofDays(2)) > 0) {
            text = positive.toDays() + days + rest(positive.toHoursPart(), "\u00A0h");
        } else if (positive.toHours() > 0) {
            text = positive.toHours() + "\u00A0h" + rest(positive.toMinutesPart(), "\u00A0min");
        } else if (positive.toMinutes() > 0) {
            text = positive.toMinutes() + "\u00A0min" + rest(positive.toSecondsPart(), "\u00A0s");
        } else if (positive.toSeconds() >= 10) {
            text = positive.toSeconds() + "\u00A0s";
        } else {
            NumberFormat tenths = NumberFormat.getInstance(locale);
            tenths.setMinimumFractionDigits(1);
            tenths.setMaximumFractionDigits(1);
            text = tenths.format(positive.toMillis() / 1000.0) + "\u00A0s";
        }
        return duration.isNegative() ? "−" + text : text;
    }

    private static String rest(int number, String unit) {
        return number == 0 ? "" : "\u00A0" + number + unit;
    }
}
