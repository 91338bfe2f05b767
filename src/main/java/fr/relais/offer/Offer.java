package fr.relais.offer;

import com.fasterxml.jackson.core.StreamReadConstraints;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.Map;

/**
 * A row of the table {@code offer}. Its dates and texts are derived from {@code json}. A text that is too long for its
 * column is truncated; {@code json} never is.
 *
 * @param id the source's id
 * @param origine the origin for which the offer was read: {@code 1} the operator itself, {@code 2} its partners
 * @param dateCreation as labelled by the source, or null
 * @param dateActualisation as labelled by the source, or null
 * @param json the JSON as received, byte for byte, in UTF-8
 * @param fingerprint SHA-256 of the canonical JSON, 32 bytes
 * @param digest SHA-256 of {@code json}, 32 bytes
 * @param isNew whether the mirror did not have the offer
 * @param sweepId the sweep that read the offer
 */
public record Offer(
        String id,
        String origine,
        LocalDateTime dateCreation,
        LocalDateTime dateActualisation,
        String intitule,
        String romeCode,
        String commune,
        String codePostal,
        String typeContrat,
        byte[] json,
        byte[] fingerprint,
        byte[] digest,
        boolean isNew,
        long sweepId) {

    /** The limits for the JSON of an offer. Code that shows offers must read JSON with the same limits. */
    public static final StreamReadConstraints LIMITS =
            StreamReadConstraints.builder().maxNumberLength(10_000).build();

    /** Returns the JSON as text. */
    public String content() {
        return new String(json, StandardCharsets.UTF_8);
    }

    Map<String, Object> row() {
        Map<String, Object> row = new HashMap<>();
        row.put("id", id);
        row.put("origine", origine);
        row.put("dateCreation", dateCreation);
        row.put("dateActualisation", dateActualisation);
        row.put("intitule", intitule);
        row.put("romeCode", romeCode);
        row.put("commune", commune);
        row.put("codePostal", codePostal);
        row.put("typeContrat", typeContrat);
        row.put("content", json);
        row.put("fingerprint", fingerprint);
        row.put("digest", digest);
        row.put("sweepId", sweepId);
        return row;
    }

    /** Returns the id only, because no part of an offer's content may be in a log. */
    @Override
    public String toString() {
        return "offer " + id;
    }
}
