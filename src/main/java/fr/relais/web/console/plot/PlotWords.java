package fr.relais.web.console.plot;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.springframework.context.MessageSource;

/**
 * The language of a plot, and the words that plots add to those of their caller.
 *
 * @param day the heading of the column of days
 * @param figures the label of the table that has the figures of a plot
 * @param empty what is shown instead of figures when there are none
 */
public record PlotWords(Locale locale, String day, String figures, String empty) {

    /** Returns the words of the console in a language. */
    public static PlotWords of(MessageSource messages, Locale locale) {
        return new PlotWords(
                locale,
                messages.getMessage("plot.day", null, locale),
                messages.getMessage("plot.figures", null, locale),
                messages.getMessage("plot.empty", null, locale));
    }

    /** Returns a name with its value, with the space that French puts before a colon. */
    String pair(String name, String value) {
        return name + (locale.getLanguage().equals("fr") ? "\u00A0: " : ": ") + value;
    }

    /** Returns a date with its year, such as {@code 12 Nov 2026}. */
    String date(LocalDate date) {
        return date.format(DateTimeFormatter.ofPattern("d MMM yyyy", locale));
    }

    /** Returns a time of day with its date, or an empty text. */
    String time(Instant time, ZoneId zone) {
        return time == null ? "" : time.atZone(zone).format(DateTimeFormatter.ofPattern("d MMM yyyy HH:mm:ss", locale));
    }
}
