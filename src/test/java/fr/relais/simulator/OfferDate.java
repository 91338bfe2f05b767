package fr.relais.simulator;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;

/** The two formats in which the API writes an instant. Both end with {@code Z}, even when the time is not UTC. */
final class OfferDate {

    private static final DateTimeFormatter IN_OFFER = formatter("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'");
    private static final DateTimeFormatter IN_FILTER = formatter("uuuu-MM-dd'T'HH:mm:ss'Z'");

    private OfferDate() {}

    /** Formats an instant as in an offer: {@code 2025-08-21T17:48:27.000Z}. */
    static String inOffer(Instant instant) {
        return IN_OFFER.format(instant);
    }

    /** Formats an instant as a bound of a search: {@code 2025-08-21T17:48:27Z}. */
    static String inFilter(Instant instant) {
        return IN_FILTER.format(instant);
    }

    /** Parses the format of {@link #inOffer}. Throws a DateTimeParseException for any other text. */
    static Instant fromOffer(String text) {
        return IN_OFFER.parse(text, Instant::from);
    }

    /** Parses the format of {@link #inFilter}. Throws a DateTimeParseException for any other text. */
    static Instant fromFilter(String text) {
        return IN_FILTER.parse(text, Instant::from);
    }

    private static DateTimeFormatter formatter(String pattern) {
        return DateTimeFormatter.ofPattern(pattern)
                .withResolverStyle(ResolverStyle.STRICT)
                .withZone(ZoneOffset.UTC);
    }
}
