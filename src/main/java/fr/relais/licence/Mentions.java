package fr.relais.licence;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.ResourceBundle;

/**
 * The legal notices, in French, that every publication of offers or of data derived from offers must carry (licence,
 * article 4).
 *
 * @param source the owner of the content
 * @param updatedAt the date of the last update, which is the start of the last proved sweep; null when no sweep counts
 *     as proved
 * @param licence a sentence which says that the licence governs any reuse
 * @param licenceUrl the address of the licence
 * @param changelogUrl the address of the changelog, which anybody can read free of charge; may be relative to the
 *     publication
 */
public record Mentions(
        String source,
        @JsonProperty("derniereMiseAJour") Instant updatedAt,
        String licence,
        @JsonProperty("urlLicence") String licenceUrl,
        @JsonProperty("urlModifications") String changelogUrl) {

    /** The message bundle with the texts for the public. */
    public static final ResourceBundle TEXTS = ResourceBundle.getBundle("fr.relais.messages", Locale.FRENCH);

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "d MMMM yyyy 'à' HH:mm '(heure de Paris)'", Locale.FRENCH)
            .withZone(ZoneId.of("Europe/Paris"));

    /** Returns the notices for an update, with the texts of the message bundle. */
    public static Mentions of(Instant updatedAt, String licenceUrl, String changelogUrl) {
        return new Mentions(
                TEXTS.getString("mentions.source"),
                updatedAt,
                TEXTS.getString("mentions.licence"),
                licenceUrl,
                changelogUrl);
    }

    /** Returns the date of the last update in words. */
    public String updatedAtText() {
        return updatedAt == null ? TEXTS.getString("mentions.never") : inWords(updatedAt);
    }

    /** Returns an instant as people in France write it, such as {@code 24 novembre 2026 à 05:07 (heure de Paris)}. */
    public static String inWords(Instant moment) {
        return DATE.format(moment);
    }
}
