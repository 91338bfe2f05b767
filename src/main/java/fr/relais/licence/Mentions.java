package fr.relais.licence;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.ResourceBundle;

/**
 * The legal notices, in French, that every publication of offers or of data derived from offers must carry (licence,
 * article 4).
 *
 * @param source the owner of the content
 * @param updatedAt the date of the last update, which is the start of the last proved sweep; null when no sweep counts
 *     as proved
 * @param licence a sentence which says that the licence governs any reuse
 * @param licenceVersion the name of the version of the licence that is in force; null when no name is known
 * @param licenceUrl the address of the licence
 * @param changelogUrl the address of the changelog, which anybody can read free of charge; may be relative to the
 *     publication
 */
public record Mentions(
        String source,
        @JsonProperty("derniereMiseAJour") Instant updatedAt,
        String licence,
        @JsonProperty("versionLicence") String licenceVersion,
        @JsonProperty("urlLicence") String licenceUrl,
        @JsonProperty("urlModifications") String changelogUrl) {

    /** The message bundle with the texts for the public. */
    public static final ResourceBundle TEXTS = ResourceBundle.getBundle("fr.relais.messages", Locale.FRENCH);

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "d MMMM yyyy 'à' HH:mm '(heure de Paris)'", Locale.FRENCH)
            .withZone(ZoneId.of("Europe/Paris"));

    /** Returns the notices for an update, with the texts of the message bundle. */
    public static Mentions of(
            Instant updatedAt, Optional<String> licenceVersion, String licenceUrl, String changelogUrl) {
        return new Mentions(
                TEXTS.getString("mentions.source"),
                updatedAt,
                licenceVersion
                        .map(version -> String.format(TEXTS.getString("mentions.licence.version"), version))
                        .orElse(TEXTS.getString("mentions.licence")),
                licenceVersion.orElse(null),
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
