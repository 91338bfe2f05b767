package fr.relais.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import fr.relais.licence.Mentions;
import java.time.Instant;

/** The mentions in an answer of the API. */
record PublishedMentions(
        String source,
        @JsonProperty("derniereMiseAJour") Instant updatedAt,
        String licence,
        @JsonProperty("urlLicence") String licenceUrl,
        @JsonProperty("urlModifications") String changelogUrl) {

    static PublishedMentions of(Mentions mentions) {
        return new PublishedMentions(
                mentions.source(),
                mentions.updatedAt(),
                mentions.licence(),
                mentions.licenceUrl(),
                mentions.changelogUrl());
    }
}
