package fr.relais.licence;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.ResourceBundle;

/**
 * The mentions that every publication of offers, or of anything made from them, must carry (licence, article 4), in
 * French.
 *
 * @param source the owner of the content
 * @param updatedAt the date of the last update, which is the start of the last proved sweep; null when no sweep counts
 *     as proved
 * @param licence a sentence that says that the licence governs any reuse
 * @param licenceUrl where the licence can be read
 * @param changelogUrl where the changelog is, free for all; may be relative to the publication
 */
public record Mentions(
        String source,
        @JsonProperty("derniereMiseAJour") Instant updatedAt,
        String licence,
        @JsonProperty("urlLicence") String licenceUrl,
        @JsonProperty("urlModifications") String changelogUrl) {

    /** The texts for the public. */
    public static final ResourceBundle TEXTS = ResourceBundle.getBundle("fr.relais.messages", Locale.FRENCH);

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "d MMMM yyyy 'à' HH:mm '(heure de Paris)'", Locale.FRENCH)
            .withZone(ZoneId.of("Europe/Paris"));

    public static Mentions of(Instant updatedAt, String licenceUrl, String changelogUrl) {
        return new Mentions(
                TEXTS.getString("mentions.source"),
                updatedAt,
                TEXTS.getString("mentions.licence"),
                licenceUrl,
                changelogUrl);
    }

    /** The date of the last update in words. */
    public String updatedAtText() {
        return updatedAt == null ? TEXTS.getString("mentions.never") : inWords(updatedAt);
    }

    /** A moment as people in France would write it, such as {@code 24 novembre 2026 à 05:07 (heure de Paris)}. */
    public static String inWords(Instant moment) {
        return DATE.format(moment);
    }
}
