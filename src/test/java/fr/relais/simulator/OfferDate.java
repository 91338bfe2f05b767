package fr.relais.simulator;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;

/** The two ways the API writes an instant; both always say {@code Z}, whether or not the time is UTC. */
final class OfferDate {

    private static final DateTimeFormatter IN_OFFER = formatter("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'");
    private static final DateTimeFormatter IN_FILTER = formatter("uuuu-MM-dd'T'HH:mm:ss'Z'");

    private OfferDate() {}

    /** As in an offer: {@code 2025-08-21T17:48:27.000Z}. */
    static String inOffer(Instant instant) {
        return IN_OFFER.format(instant);
    }

    /** As a bound of a search: {@code 2025-08-21T17:48:27Z}. */
    static String inFilter(Instant instant) {
        return IN_FILTER.format(instant);
    }

    /** Reads {@link #inOffer}; throws DateTimeParseException for anything else. */
    static Instant fromOffer(String text) {
        return IN_OFFER.parse(text, Instant::from);
    }

    /** Reads {@link #inFilter}; throws DateTimeParseException for anything else, milliseconds included. */
    static Instant fromFilter(String text) {
        return IN_FILTER.parse(text, Instant::from);
    }

    private static DateTimeFormatter formatter(String pattern) {
        return DateTimeFormatter.ofPattern(pattern)
                .withResolverStyle(ResolverStyle.STRICT)
                .withZone(ZoneOffset.UTC);
    }
}
