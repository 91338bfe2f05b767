package fr.relais.web.console.plot;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Chooses a few round days or times between two others. */
final class TimeTicks {

    private static final int MAX = 6;

    private static final int[] DAYS = {1, 2, 7, 14};
    private static final int[] MONTHS = {1, 2, 3, 6, 12, 24, 60, 120};
    private static final long[] SECONDS = {
        1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400
    };

    private TimeTicks() {}

    /** Returns days with their labels, in order: among a few days each, then Mondays, then firsts of a month. */
    static Map<LocalDate, String> days(LocalDate first, LocalDate last, Locale locale) {
        long days = last.toEpochDay() - first.toEpochDay() + 1;
        for (int step : DAYS) {
            if (days <= (long) MAX * step) {
                // 1970-01-05 was a Monday.
                long start = first.toEpochDay() + Math.floorMod(4 - first.toEpochDay(), (long) step);
                return days(LocalDate.ofEpochDay(start), last, Period.ofDays(step), "d MMM", locale);
            }
        }
        long months = Period.between(first, last).toTotalMonths() + 1;
        int step = MONTHS[MONTHS.length - 1];
        for (int i = MONTHS.length - 1; i >= 0; i--) {
            if (months <= (long) MAX * MONTHS[i]) {
                step = MONTHS[i];
            }
        }
        LocalDate start =
                first.getDayOfMonth() == 1 ? first : first.withDayOfMonth(1).plusMonths(1);
        int monthsSinceZero = start.getYear() * 12 + start.getMonthValue() - 1;
        start = start.plusMonths(Math.floorMod(-monthsSinceZero, step));
        return days(start, last, Period.ofMonths(step), months > 11 ? "MMM yyyy" : "d MMM", locale);
    }

    private static Map<LocalDate, String> days(
            LocalDate start, LocalDate last, Period step, String pattern, Locale locale) {
        DateTimeFormatter format = DateTimeFormatter.ofPattern(pattern, locale);
        Map<LocalDate, String> ticks = new LinkedHashMap<>();
        for (LocalDate day = start; !day.isAfter(last); day = day.plus(step)) {
            ticks.put(day, day.format(format));
        }
        return ticks;
    }

    /** Returns times with their labels, in order, that are round in the time zone. */
    static Map<Instant, String> times(Instant first, Instant last, ZoneId zone, Locale locale) {
        long seconds = Duration.between(first, last).toSeconds();
        long step = SECONDS[SECONDS.length - 1];
        for (int i = SECONDS.length - 1; i >= 0; i--) {
            if (seconds <= MAX * SECONDS[i]) {
                step = SECONDS[i];
            }
        }
        while (seconds > MAX * step) {
            step *= 2;
        }
        DateTimeFormatter format = DateTimeFormatter.ofPattern(
                        step < 60 ? "HH:mm:ss" : step < 86_400 ? "HH:mm" : "d MMM", locale)
                .withZone(zone);
        long offset = zone.getRules().getOffset(first).getTotalSeconds();
        long start = first.getEpochSecond() + (first.getNano() > 0 ? 1 : 0);
        start += Math.floorMod(-(start + offset), step);
        Map<Instant, String> ticks = new LinkedHashMap<>();
        for (long second = start; second <= last.getEpochSecond(); second += step) {
            ticks.put(Instant.ofEpochSecond(second), format.format(Instant.ofEpochSecond(second)));
        }
        return ticks;
    }

    /** Returns the days between two days, both included, in order. */
    static List<LocalDate> all(LocalDate first, LocalDate last) {
        List<LocalDate> days = new ArrayList<>();
        for (LocalDate day = first; !day.isAfter(last); day = day.plusDays(1)) {
            days.add(day);
        }
        return days;
    }
}
